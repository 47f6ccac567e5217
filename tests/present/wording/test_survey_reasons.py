"""What goes with being a promoter or a detractor, in words."""

from __future__ import annotations

import pandas as pd

from analysis.models.drivers.shares import SHARES
from analysis.present.wording.survey_reasons import share_reasons


def shares(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(SHARES))


def test_clear_reasons_are_named_the_largest_first_and_others_are_not():
    got = share_reasons(
        shares(
            ("outage_hours", -0.03, -0.05, -0.01, 0.02, 0.01, 0.03),
            ("attr_bills", -0.04, -0.06, -0.02, 0.05, 0.03, 0.07),
            ("attr_luck", 0.10, -0.10, 0.30, -0.10, -0.30, 0.10),
        ),
        currency="EUR",
    )
    detractors, promoters = (one.replace("\xa0", " ") for one in got)
    assert detractors.startswith("More detractors go with attr bills (5.0 percentage points; 3.0 to 7.0); ")
    assert "luck" not in " ".join(got)
    assert promoters.startswith("Fewer promoters go with attr bills (4.0 percentage points; 2.0 to 6.0); ")


def test_nothing_clear_and_too_few_are_said():
    assert share_reasons(shares(), currency="EUR") == [
        "What goes with being a promoter or a detractor is not told: too few answers."
    ]
    got = share_reasons(shares(("attr_luck", 0.1, -0.1, 0.3, -0.1, -0.3, 0.1)), currency="EUR")
    assert [one.split(" clearly")[0] for one in got] == ["Nothing that customers met"] * 2
