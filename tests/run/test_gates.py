from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.basis.errors import InputRefused, QualityGate
from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.extracts.intake import Extracts
from analysis.extracts.mapping import Source
from analysis.measures.standing import Measure, quality_table
from analysis.run.gates import (
    check_drift,
    check_observed,
    check_shares,
    incomplete_notices,
    late_notices,
    latest_month,
    missing_period,
    partial_notices,
    percent,
    period_notices,
    silent_period,
    too_many,
)
from analysis.run.params import Params

Q3 = Quarter(2026, 3)
PARAMS = Params(quarter=Q3, source="tiny")


def extracts(*, set_aside: int = 0, orphans: int = 0, unreadable: int = 0, selected: int = 1000) -> Extracts:
    """One table of `selected` rows that came from one file of as many lines."""
    accepted = selected - set_aside
    doors = pd.DataFrame([{"table": "usage", "selected": selected, "accepted": accepted, "set_aside": set_aside,
                           "duplicates": 0, "later": 0}])  # fmt: skip
    raw = pd.DataFrame([{"file": "usage.csv", "lines": selected, "parsed": selected, "unreadable": unreadable}])
    findings = pd.DataFrame(
        [("usage", "relationships:customer_id", orphans), ("usage", "type:month", set_aside - orphans)],
        columns=["table", "rule", "rows"],
    )
    note = pd.DataFrame([("usage", "relationships:subscriptions", 500, "note")], columns=[*findings, "severity"])
    struck = pd.concat([findings[findings["rows"] > 0].assign(severity="set_aside"), note])
    return Extracts({}, {}, {}, {}, doors=doors, columns=pd.DataFrame(), raw=raw, findings=struck, files=[])


def test_a_clean_source_and_one_at_its_limits_pass() -> None:
    check_shares(extracts(), PARAMS)
    check_shares(extracts(set_aside=10, orphans=5, unreadable=10), PARAMS)


def test_an_empty_table_passes() -> None:
    check_shares(extracts(selected=0), PARAMS)


def test_too_many_rows_set_aside_shut_the_gate() -> None:
    with pytest.raises(QualityGate) as caught:
        check_shares(extracts(set_aside=11), PARAMS)
    assert str(caught.value) == (
        "the source's rows: expected at most 1 % of a file or table set aside and 0.5 % orphans, "
        "found usage: 11 of 1,000 rows set aside (1.1 %). See the reasons with `linecard check`, correct the "
        "extracts or the SELECT, or raise quarantine_share_max or orphan_share_max in the params."
    )


def test_rows_of_a_customer_who_was_set_aside_do_not_shut_the_gate_on_orphans() -> None:
    lost = extracts(set_aside=10, orphans=10)
    told = lost.findings.replace("relationships:customer_id", "follows:customer_id")
    check_shares(replace(lost, findings=told), PARAMS)
    with pytest.raises(QualityGate, match="usage: 10 of 1,000 rows orphans"):
        check_shares(lost, PARAMS)


def test_orphans_have_a_gate_of_their_own() -> None:
    with pytest.raises(QualityGate, match=r"usage: 6 of 1,000 rows orphans \(0\.6 %\)"):
        check_shares(extracts(set_aside=6, orphans=6), PARAMS)


def test_lines_that_are_no_rows_count_too() -> None:
    with pytest.raises(QualityGate, match=r"usage\.csv: 20 of 1,000 rows unreadable \(2 %\)"):
        check_shares(extracts(unreadable=20), PARAMS)


def test_all_that_is_too_much_comes_in_one_message() -> None:
    with pytest.raises(QualityGate) as caught:
        check_shares(extracts(set_aside=50, orphans=20, unreadable=20), PARAMS)
    assert caught.value.found.count(";") == 2


DRIFTED = quality_table(
    [
        Measure("invoices", "amount", "distribution", "jump", 2900.0, "bad", 120, 870.0, 29.0),
        Measure("leads", "channel", "distribution", "psi", 0.2, "watch", 500, 0.1),
        Measure("usage", "month", "validity", "valid", 0.5, "bad", 5, 0.999),
    ]
)


def test_drift_is_only_mentioned_unless_the_params_are_strict() -> None:
    check_drift(DRIFTED, PARAMS)
    with pytest.raises(QualityGate) as caught:
        check_drift(DRIFTED, PARAMS.model_copy(update={"strict_drift": True}))
    assert str(caught.value) == (
        "the source's values: expected columns spread as the quarter before, found invoices.amount: the median went "
        "from 29.00 to 2,900.00, as if written in another unit. Ask what changed in the extracts and correct them or "
        "the SELECT, or set strict_drift: false in the params."
    )
    check_drift(DRIFTED.iloc[1:], PARAMS.model_copy(update={"strict_drift": True}))


def test_a_table_that_ends_before_the_quarter_is_an_old_extract() -> None:
    assert silent_period({}, Q3) is None
    assert silent_period({"invoices": dt.date(2026, 6, 3), "leads": dt.date(2026, 6, 30)}, Q3) == (
        "rows of 2026-Q3 in invoices and leads",
        "an extract of an earlier quarter: invoices ends with 2026-06-03; leads ends with 2026-06-30",
    )


def test_the_params_move_the_gates() -> None:
    check_shares(extracts(set_aside=50), PARAMS.model_copy(update={"quarantine_share_max": 0.05}))
    with pytest.raises(QualityGate, match="at most 0 % of a file"):
        check_shares(extracts(set_aside=1), PARAMS.model_copy(update={"quarantine_share_max": 0.0}))


def test_a_share_is_compared_unrounded() -> None:
    table = pd.DataFrame([{"table": "a", "set_aside": 101, "selected": 10_000}])
    assert too_many(table, row="table", lost="set_aside", of="selected", most=0.01) == [
        "a: 101 of 10,000 rows set aside (1.01 %)"
    ]
    assert too_many(table.assign(set_aside=100), row="table", lost="set_aside", of="selected", most=0.01) == []


def gap(
    *,
    observed: str = "2024-01-01",
    snapshot: str | None = None,
    latest: str | None = None,
    extracted: str | None = None,
) -> tuple[str, str] | None:
    day = dt.date.fromisoformat
    return missing_period(
        Q3,
        observed_from=day(observed),
        snapshot=day(snapshot) if snapshot else None,
        latest_month=day(latest) if latest else None,
        extracted=day(extracted) if extracted else None,
    )


def test_a_quarter_inside_the_data_has_no_gap() -> None:
    assert gap(latest="2026-09-01") is None
    assert gap(latest="2026-12-01") is None
    assert gap(observed="2026-07-01", latest="2026-09-01") is None
    assert gap(snapshot="2026-09-30") is None
    assert gap() is None


def test_a_quarter_that_began_before_observation_is_partial() -> None:
    assert gap(observed="2026-07-02") == (
        "data from the quarter's first day, 2026-07-01",
        "leavers observed only from 2026-07-02 (observed_from in source.yml)",
    )


def test_a_quarter_that_ends_after_the_last_month_is_partial() -> None:
    assert gap(latest="2026-08-01") == ("usage or invoices of 2026-09", "none later than 2026-08")


def test_a_snapshot_before_the_quarters_end_is_partial_but_months_know_better() -> None:
    assert gap(snapshot="2026-09-29") == ("data up to the quarter's last day, 2026-09-30", "a snapshot of 2026-09-29")
    assert gap(snapshot="2026-06-30", latest="2026-09-01") is None


def test_an_extract_taken_before_the_quarters_end_is_partial_whatever_its_months() -> None:
    expected = "data up to the quarter's last day, 2026-09-30"
    found = "an extract that ends on 2026-09-29 (extracted_at in source.yml)"
    assert gap(latest="2026-09-01", extracted="2026-09-29") == (expected, found)
    assert gap(latest="2026-09-01", extracted="2026-09-30") is None
    assert gap(latest="2026-08-01", extracted="2026-10-04") == (
        "usage or invoices of 2026-09",
        "none later than 2026-08",
    )


def test_a_partial_quarter_is_refused_unless_allowed_and_then_marked() -> None:
    found = gap(latest="2026-08-01")
    with pytest.raises(InputRefused) as caught:
        partial_notices(found, Q3, allow_partial=False)
    assert str(caught.value) == (
        "quarter 2026-Q3: expected usage or invoices of 2026-09, found none later than 2026-08. "
        "Choose a quarter the data covers, bring newer extracts, or add --allow-partial for a marked report."
    )
    (notice,) = partial_notices(found, Q3, allow_partial=True)
    assert notice.startswith("Partial quarter: for 2026-Q3 this report needs usage or invoices of 2026-09, ")
    assert notice.endswith("but the data has none later than 2026-08.")
    assert partial_notices(None, Q3, allow_partial=True) == []


def unseen(
    *,
    observed: str = "2024-01-01",
    snapshot: str | None = None,
    latest: str | None = None,
    extracted: str | None = None,
) -> InputRefused | None:
    day = dt.date.fromisoformat
    ends = {"snapshot": snapshot, "latest_month": latest, "extracted": extracted}
    given = {name: day(text) if text else None for name, text in ends.items()}
    try:
        check_observed(Q3, observed_from=day(observed), **given)
    except InputRefused as refusal:
        return refusal
    return None


def test_a_quarter_before_anything_was_observed_is_refused() -> None:
    assert str(unseen(observed="2026-10-01", latest="2026-12-01")) == (
        "quarter 2026-Q3: expected data from 2026-07-01 to 2026-09-30, or a part of it, "
        "found leavers observed only from 2026-10-01 (observed_from in source.yml). "
        "Choose a quarter the data covers, or bring other extracts: nothing of this one was observed."
    )
    assert unseen(observed="2026-09-30") is None


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        ({"latest": "2026-06-01"}, "no usage or invoices later than 2026-06"),
        ({"latest": "2026-06-01", "snapshot": "2026-09-30"}, "no usage or invoices later than 2026-06"),
        ({"snapshot": "2026-06-30"}, "a snapshot of 2026-06-30"),
        ({"extracted": "2026-06-30"}, "an extract that ends on 2026-06-30 (extracted_at in source.yml)"),
    ],
)
def test_a_quarter_after_the_data_ends_is_refused(ends: dict[str, str], found: str) -> None:
    refusal = unseen(**ends)
    assert refusal is not None
    assert (refusal.found, refusal.exit_code) == (found, 3)


def test_a_quarter_observed_in_part_is_not_refused_here() -> None:
    assert unseen(latest="2026-07-01", snapshot="2026-06-30") is None
    assert unseen(snapshot="2026-07-01") is None
    assert unseen() is None


def test_no_option_lets_a_quarter_pass_of_which_nothing_was_observed() -> None:
    source = Source(
        name="Tiny", folder=Path(), format="csv", files=Path(), observed_from=dt.date(2026, 10, 1), currency="EUR",
        timezone="UTC",
    )  # fmt: skip
    for allowed in (False, True):
        with pytest.raises(InputRefused, match="nothing of this one was observed"):
            period_notices(extracts(), source, PARAMS.model_copy(update={"allow_partial": allowed}))


def test_rows_dated_later_are_neither_lost_nor_counted() -> None:
    got = extracts(set_aside=2, selected=1000)
    check_shares(got, PARAMS)
    early = replace(got, doors=got.doors.assign(later=900, accepted=98))
    with pytest.raises(QualityGate, match=r"usage: 2 of 100 rows set aside \(2 %\)"):
        check_shares(early, PARAMS)


def months(*days: str | None) -> pd.DataFrame:
    return pd.DataFrame({"month": pd.to_datetime(pd.Series(days, dtype=object))})


def test_the_latest_month_is_that_of_usage_or_invoices() -> None:
    with Engine() as engine:
        tables = {
            "usage": engine.table(months("2026-07-01", "2026-08-01")),
            "invoices": engine.table(months("2026-09-01", None)),
            "network": engine.table(months("2026-12-01")),
        }
        assert latest_month(tables) == dt.date(2026, 9, 1)
        assert latest_month({"usage": tables["usage"]}) == dt.date(2026, 8, 1)
        assert latest_month({"usage": engine.table(months(None))}) is None
        assert latest_month({"network": tables["network"]}) is None


def test_the_notice_comes_from_source_and_tables_together() -> None:
    source = Source(
        name="Tiny", folder=Path(), format="csv", files=Path(), observed_from=dt.date(2026, 8, 1), currency="EUR",
        timezone="UTC",
    )  # fmt: skip
    with pytest.raises(InputRefused, match="leavers observed only from 2026-08-01"):
        period_notices(extracts(), source, PARAMS)
    (notice,) = period_notices(extracts(), source, PARAMS.model_copy(update={"allow_partial": True}))
    assert notice.startswith("Partial quarter: for 2026-Q3")


def bills(issued: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Bill lines: month → days on which a tenth of its lines each was issued."""
    rows = [(month, day) for month, days in issued.items() for day in days for _ in range(10)]
    return pd.DataFrame(
        {"month": pd.to_datetime([r[0] for r in rows]), "issued_on": pd.to_datetime([r[1] for r in rows])}
    )


def test_a_month_whose_bills_may_still_come_in_is_provisional() -> None:
    source = Source(
        name="Tiny", folder=Path(), format="csv", files=Path(), observed_from=dt.date(2024, 1, 1), currency="EUR",
        timezone="UTC",
    )  # fmt: skip
    late = {"2026-05-01": ("2026-06-03", "2026-06-06"), "2026-06-01": ("2026-07-06",)}
    with Engine() as engine:
        seen = replace(extracts(), tables={"invoices": engine.table(bills(late))}, supplied={"invoices": ["issued_on"]})
        (notice,) = late_notices(seen, source, as_of=Q3.last_day)
        assert notice == (
            "Provisional: bills of 2026-09 may still be coming in, so revenue and ARPU are not complete there. "
            "The data sees until 2026-09-30, and 19 of 20 bills are issued up to 6 days after their month ends."
        )
        early = replace(source, extracted_at=dt.date(2026, 9, 3))
        (notice,) = late_notices(seen, early, as_of=Q3.last_day)
        assert "bills of 2026-08 and 2026-09 may" in notice
        assert "The data sees until 2026-09-03," in notice
        assert late_notices(replace(seen, supplied={}), source, as_of=Q3.last_day) == []


def test_a_share_prints_without_idle_zeros() -> None:
    assert [percent(share) for share in (0.01, 0.005, 1, 0.12345)] == ["1 %", "0.5 %", "100 %", "12.35 %"]


def test_lines_recognised_as_no_rows_shut_no_gate() -> None:
    some = extracts(unreadable=20)
    found = pd.DataFrame([("usage.csv", "total", 15, "set_aside")], columns=["table", "rule", "rows", "severity"])
    with pytest.raises(QualityGate):
        check_shares(some, PARAMS)
    check_shares(replace(some, findings=pd.concat([some.findings, found])), PARAMS)


def test_a_quarter_with_a_month_that_lacks_rows_says_so_in_its_head() -> None:
    def of(month: str, status: str = "bad") -> Measure:
        return Measure("invoices", "", "volume", "month_rows", 0, status, 0, 50.0, 100.0, month)  # type: ignore[arg-type]

    quality = quality_table([of("2026-08"), of("2026-09", "watch"), of("2026-05"), of("2025-11")])
    told = "so what is told of revenue and ARPU in"
    assert incomplete_notices(quality, Q3) == [
        f"Incomplete: rows are missing from invoices of 2026-08, {told} 2026-Q3 is not whole.",
        f"Incomplete: rows are missing from invoices of 2026-05, {told} 2026-Q2 is not whole.",
    ]
    assert incomplete_notices(quality_table([]), Q3) == []
