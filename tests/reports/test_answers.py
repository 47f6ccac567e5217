"""What customers say in a report: figures agree with the raw extract, and sentences with figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from tests.reports.test_identities import erased, raw

from analysis.present.numbers import decimal

if TYPE_CHECKING:
    from tests.reports.conftest import Report


def words(report: Report) -> str:
    return " ".join(report.chapter("What worked, and what next?").get_text().split())


def quarter_of_answers(report: Report) -> pd.DataFrame:
    """Answers of the quarter in time, of customers on the books, by hand from the raw extract."""
    surveys = raw(report, "surveys")
    sent = surveys[surveys["sent_at"].between("2026-07-01", "2026-10-01", inclusive="left")]
    there = pd.read_parquet(report.run / "spells.parquet")
    known = sent[sent["customer_id"].isin(set(there["customer_id"])) & ~sent["customer_id"].isin(erased(report))]
    told = known[known["answered_at"].notna() & (known["answered_at"] < "2026-10-01")]
    return told.sort_values("answered_at").drop_duplicates("customer_id", keep="last")


def test_the_plain_score_is_that_of_the_raw_answers(demo: Report) -> None:
    scores = quarter_of_answers(demo)["nps_score"].dropna()
    plain = 100 * ((scores >= 9).mean() - (scores <= 6).mean())
    # Raw answers of accounts since replaced, or sent on the first day of a customer, differ by a few.
    assert demo.values["nps",] == pytest.approx(plain, abs=2)
    assert demo.values["promoters",] - demo.values["detractors",] == pytest.approx(demo.values["nps",] / 100)


def test_sentences_tell_the_recorded_figures(demo: Report) -> None:
    said = words(demo)
    assert f"is {decimal(demo.values['nps_weighted',])} for all customers" in said
    assert f"{decimal(demo.values['nps',])} as answered" in said
    assert demo.values["effective_answers",] < len(quarter_of_answers(demo))


def test_no_class_of_few_answers_is_told(demo: Report) -> None:
    told = [row for row in demo.rows if row["metric"] == "nps" and row["class"]]
    assert len(told) > 10
    assert min(row["n"] for row in told) >= 11


def test_a_source_without_surveys_says_so(ibm: Report) -> None:
    assert "The source gives no surveys" in words(ibm)
    assert ("nps",) not in ibm.values
