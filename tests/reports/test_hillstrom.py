"""What must come out of the Hillstrom sample: the effects of two e-mails, as a hand would compute them."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reports.conftest import Report

FILE = "hillstrom_email/Kevin_Hillstrom_MineThatData_E-MailAnalytics_DataMiningChallenge_2008.03.20.csv"
ARMS = {"control": "No E-Mail", "mens e-mail": "Mens E-Mail", "womens e-mail": "Womens E-Mail"}
Z = 1.959963984540054


@pytest.fixture(scope="session")
def lines(shared_data: Path) -> pd.DataFrame:
    with (shared_data / FILE).open(encoding="utf-8", newline="") as file:
        rows = pd.DataFrame(list(csv.DictReader(file)))
    return rows.astype({"visit": int, "conversion": int, "spend": float})


@pytest.fixture(scope="session")
def effects(hillstrom: Report) -> pd.DataFrame:
    return pd.read_parquet(hillstrom.run / "campaign_effects.parquet").set_index(["variant", "outcome"])


@pytest.fixture(scope="session")
def text(hillstrom: Report) -> str:
    return " ".join(hillstrom.chapter("What worked, and what next?").get_text(" ").split())


def newcombe(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float, float]:
    """The difference of two shares and its interval, by Newcombe's tenth method, written out once more."""
    (p, low_p, high_p), (q, low_q, high_q) = wilson(*one), wilson(*other)
    d = p - q
    return d, d - np.hypot(p - low_p, high_q - q), d + np.hypot(high_p - p, q - low_q)


def wilson(count: int, n: int) -> tuple[float, float, float]:
    p = count / n
    middle, reach = p + Z**2 / (2 * n), Z * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return p, (middle - reach) / (1 + Z**2 / n), (middle + reach) / (1 + Z**2 / n)


def test_no_line_is_lost_nor_taken_for_a_copy(hillstrom: Report) -> None:
    used = {door["table"]: (door["accepted"], door["set_aside"]) for door in hillstrom.manifest["doors"]}
    assert used == {"customers": (64_000, 0), "campaigns": (1, 0), "contacts": (64_000, 0)}


@pytest.mark.parametrize(
    ("outcome", "column", "counts"),
    [("responded", "visit", (3_894, 3_238, 2_262)), ("converted", "conversion", (267, 189, 122))],
)
def test_effects_equal_a_direct_computation(effects, lines, outcome, column, counts) -> None:
    sums = lines.groupby("segment")[column].agg(["sum", "count"])
    assert tuple(sums["sum"][name] for name in ("Mens E-Mail", "Womens E-Mail", "No E-Mail")) == counts
    for variant in ("mens e-mail", "womens e-mail"):
        own, none = sums.loc[ARMS[variant]], sums.loc["No E-Mail"]
        want = newcombe((own["sum"], own["count"]), (none["sum"], none["count"]))
        got = effects.loc[(variant, outcome), ["effect", "low", "high"]].tolist()
        assert got == pytest.approx(want, abs=1e-9)


def test_what_was_spent_more_is_welchs(effects, lines) -> None:
    none = lines.loc[lines["segment"] == "No E-Mail", "spend"]
    for variant in ("mens e-mail", "womens e-mail"):
        own = lines.loc[lines["segment"] == ARMS[variant], "spend"]
        error = np.sqrt(own.var() / len(own) + none.var() / len(none))
        got = effects.loc[(variant, "revenue")]
        assert got["effect"] == pytest.approx(own.mean() - none.mean(), abs=1e-6)
        assert got["high"] - got["effect"] == pytest.approx(Z * error, rel=1e-3)


def test_no_return_is_told_without_costs(hillstrom: Report, text: str) -> None:
    assert "No return can be told: no cost is on record" in text
    assert not any(row["metric"] in ("campaign_roi", "campaign_cost") for row in hillstrom.rows)


def test_the_report_says_that_the_lot_was_kept_and_what_the_model_is_worth(text: str) -> None:
    assert "The sizes of the arms are what a lot gives" in text
    assert "Qini coefficient" in text
    assert "“E-mail: mens e-mail”: choosing by a model is no better than by lot" in text


def test_both_mails_are_seen_to_work(text: str) -> None:
    assert "Of a hundred contacted with “E-mail: mens e-mail”, 0.7 more bought" in text
    assert "Every variant drawn by lot worked" in text
