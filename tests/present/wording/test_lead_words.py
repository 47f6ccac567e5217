"""What the sections on leads and on who left say, where much is told and where nothing is."""

from __future__ import annotations

import pandas as pd

from analysis.models.lead_chances import LeadCourse
from analysis.models.returns import Returns
from analysis.models.still_to_come import Half
from analysis.models.win_back_study import NOBODY, WinBackStudy
from analysis.policy.effects import Effect
from analysis.policy.table import Policy
from analysis.present.wording import leads, win_back

NAN = float("nan")
COURSE = LeadCourse(
    pd.DataFrame(), 366.0, Half(12.0, 10.0, 13.0), pd.DataFrame({"days": [0.0, 9.0], "share": [0.1, 0.2]})
)
UNTOLD = LeadCourse(pd.DataFrame(), 0.0, Half(NAN, NAN, NAN), pd.DataFrame(columns=["days", "share", "low", "high"]))
LETTER = Policy("win_back", "letter", "o", "t", "post", 0.03, 9, {"lifecycle": ("churned",)}, cost=2.0, offer_cost=4.0)


def plain(text: str) -> str:
    return " ".join(text.split())


def quarters(*rows: tuple[str, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["quarter", "leads", "converted"])
    share = table["converted"] / table["leads"]
    return table.assign(share=share, low=share - 0.05, high=share + 0.05)


def test_the_bottom_line_of_leads_tells_share_interval_move_and_time() -> None:
    got = plain(leads.bottom_line(quarters(("2026-Q1", 200, 20), ("2026-Q2", 200, 60)), COURSE, smallest=11))
    assert got.startswith(
        "30.0 % of the leads made in Q2 2026 became customers within 90 days (25.0 to 35.0 %), up from 10.0 %"
    )
    assert got.endswith("Half of those who ever do have done so after 11 days (9 to 12).")


def test_few_or_no_leads_are_told_as_such() -> None:
    assert leads.bottom_line(quarters(), UNTOLD, smallest=11) == leads.UNRIPE
    assert leads.bottom_line(quarters(("2026-Q2", 200, 5)), COURSE, smallest=11) == leads.FEW
    assert leads.bottom_line(quarters(("2026-Q2", 200, 195)), COURSE, smallest=11) == leads.FEW
    assert "not told" in leads.curve_words(UNTOLD)["finding"]


def test_channels_are_named_only_where_the_best_is_clearly_better() -> None:
    rows = [["channel", "shop", 0.4, 0.3, 0.5, False], ["channel", "web", 0.1, 0.05, 0.15, False]]
    table = pd.DataFrame(rows, columns=["dimension", "class", "share", "low", "high", "masked"])
    words = leads.share_words(table, quarters(("2026-Q2", 200, 60)))
    assert plain(words["finding"]) == "Leads by shop become customers most often (40 %), by web least (10 %)"
    near = table.assign(low=[0.1, 0.05], high=[0.6, 0.35])
    assert "no channel" in leads.share_words(near, quarters(("2026-Q2", 200, 60)))["finding"]
    assert "not told" in leads.share_words(table.head(1), quarters(("2026-Q2", 200, 60)))["finding"]


def study(**changes: object) -> WinBackStudy:
    told: dict[str, object] = {
        "returns": Returns(100, 20, 0.2, 0.15, 0.25, 7.0), "course": pd.DataFrame({"months": [7.0]}),
        "gone": pd.DataFrame(
            [[0.0, 0.2, 0.15, 0.25, 20, False], [12.0, 0.0, 0.0, 0.02, 0, False]],
            columns=["seen", "chance", "low", "high", "events", "masked"],
        ),
        "kinds": pd.DataFrame({"kind": []}), "kinds_known": 0.0, "multiple": NOBODY, "of_returners": False,
        "counts": pd.DataFrame(), "half": Half(7.0, 6.0, 8.0),
    }  # fmt: skip
    return WinBackStudy(**(told | changes))


def options(*nets: float) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": [str(n) for n in range(len(nets))], "net": nets, "hindered": None})


def test_the_bottom_line_of_who_left_tells_who_returns_how_long_there_is_hope_and_whom_it_pays_to_ask() -> None:
    got = plain(win_back.bottom_line(study(), options(*[1.0] * 12, -1.0), smallest=11))
    assert got == (
        "20.0 % of those who leave are back within 12 months (15.0 to 25.0 %). Of those gone for 12 months nobody has "
        "come back within the next 12 months (at most 2.0 %). To ask them back is expected to bring more than it costs "
        "for 12 former customers."
    )
    few = win_back.bottom_line(study(), options(1.0, 1.0), smallest=11)
    assert "fewer than 11 former customers" in few
    assert "no former customer" in win_back.bottom_line(study(), options(-1.0), smallest=11)
    nobody = study(returns=Returns(0, 0, NAN, NAN, NAN, NAN))
    assert "followed afterwards" in win_back.bottom_line(nobody, options(), smallest=11)


def test_an_assumed_chance_is_called_one_and_a_measured_one_has_its_interval() -> None:
    none = pd.DataFrame(columns=["objective"])
    assumed = " ".join(
        win_back.rests_on(study(), [LETTER], {"win_back": Effect(0.03, 0.015, 0.045)}, none, currency="EUR")
    )
    assert "is an assumption" in assumed
    assert "No campaign to win customers back was drawn by lot" in assumed
    assert "€6.00" in assumed
    measured = Effect(0.07, 0.02, 0.12, measured=True)
    told = plain(" ".join(win_back.rests_on(study(), [LETTER], {"win_back": measured}, none, currency="EUR")))
    assert "won back 7.0 % of those asked who would not have come otherwise (2.0 to 12.0 %)" in told
    assert "assumption" not in told


def test_returns_by_way_of_leaving_say_why_they_are_not_told() -> None:
    assert "the way is not on record" in win_back.kind_words(study())["finding"]
    nobody = study(returns=Returns(50, 0, NAN, NAN, NAN, NAN))
    assert "nobody has" in win_back.kind_words(nobody)["finding"]


def test_where_there_is_nothing_to_tell_every_part_says_so_once() -> None:
    assert leads.counted_how(None) == [leads.SAME]
    nobody = study(returns=Returns(0, 0, NAN, NAN, NAN, NAN))
    assert win_back.rests_on(nobody, [LETTER], {}, pd.DataFrame(), currency="EUR") == [win_back.SAME]


def test_a_campaign_drawn_by_lot_that_no_policy_names_is_told_with_its_interval() -> None:
    columns = ["campaign", "variant", "objective", "outcome", "effect", "low", "high", "masked"]
    rows = [["Back", "letter", "win_back", "converted", 0.07, 0.02, 0.12, False],
            ["Back", "letter", "win_back", "left_3m", 0.5, 0.4, 0.6, False],
            ["Stay", "call", "retention", "converted", 0.3, 0.2, 0.4, False]]  # fmt: skip
    assumed = {"win_back": Effect(0.03, 0.015, 0.045)}
    drawn = pd.DataFrame(rows, columns=columns)
    told = plain(" ".join(win_back.rests_on(study(), [LETTER], assumed, drawn, currency="EUR")))
    assert "“Back: letter” won back 7.0 % of those asked who would not have come otherwise (2.0 to 12.0 %)" in told
    assert "Stay" not in told
    few = plain(" ".join(win_back.rests_on(study(), [LETTER], assumed, drawn.assign(masked=True), currency="EUR")))
    assert "too few came back" in few
    assert "7.0 %" not in few
