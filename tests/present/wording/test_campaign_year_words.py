"""What the campaigns of a year returned, and how many contacts that rests on."""

from __future__ import annotations

from analysis.basis.kpi import Kpi
from analysis.policy.campaign_pooled import Yearly
from analysis.present.wording.campaigns_year import year_told


def told(followed: int, made: int, previous: float | None = None) -> str:
    kpi = Kpi("campaigns_roi", -0.64, 614, -1.29, 0.01, previous)
    return year_told(Yearly([kpi], followed, made)).replace("\u00a0", " ")


def test_the_return_is_told_in_per_cent_with_the_contacts_behind_it():
    assert told(500, 1_620) == (
        "All campaigns drawn by lot that began in the last four quarters returned −64 % of their cost together (−129 "
        "to 1 %) within three months: nothing came back at −100 %, the cost at 0 %. So far 500 of 1,620 contacts stand "
        "behind it; the others' three months are not billed yet."
    )
    assert told(500, 500).endswith("All 500 contacts are followed for three months.")


def test_what_was_known_a_quarter_ago_is_told_where_it_was():
    assert told(500, 500, -0.5).endswith("At the end of the quarter before −50 % was known.")
    assert "quarter before" not in told(500, 500)
    assert year_told(Yearly([], 0, 0)).startswith("No campaign drawn by lot began")
