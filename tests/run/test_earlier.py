"""Values that reports of earlier quarters recorded, and only those of reports that came to their end."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.basis.metric import Kpi
from analysis.basis.quarter import Quarter
from analysis.run.earlier import earlier_values, with_earlier

ASKED = ["clv_per_cac"]


@pytest.fixture
def run(tmp_path: Path) -> SimpleNamespace:
    return SimpleNamespace(report="acme-2026-Q3", quarter=Quarter(2026, 3), folder=tmp_path / "acme-2026-Q3")


def leave(folder: Path, status: str, *kpis: dict[str, object]) -> None:
    """The run folder of an earlier report, as far as it is read."""
    (folder / "kpis").mkdir(parents=True)
    (folder / "kpis/50_value.json").write_text(json.dumps(kpis))
    (folder / "manifest.json").write_text(json.dumps({"status": status}))


def test_the_reports_of_the_quarter_before_and_of_a_year_ago_tell_what_they_recorded(run, tmp_path: Path) -> None:
    of_class = {"metric": "clv_per_cac", "value": 1.0, "dimension": "channel", "klass": "web"}
    leave(tmp_path / "acme-2026-Q2", "succeeded", {"metric": "clv_per_cac", "value": 9.0}, of_class)
    leave(tmp_path / "acme-2025-Q3", "succeeded", {"metric": "clv_per_cac", "value": 8.0})
    now = [Kpi("clv_per_cac", 10.0), Kpi("clv_per_cac", 2.0, dimension="channel", klass="web"), Kpi("arpu", 60.0)]
    got = with_earlier(run, now, ASKED)
    assert [(one.value, one.previous, one.year_before) for one in got] == [
        (10.0, 9.0, 8.0), (2.0, None, None), (60.0, None, None),
    ]  # fmt: skip
    own = with_earlier(run, [Kpi("clv_per_cac", 10.0, previous=7.0)], ASKED)
    assert (own[0].previous, own[0].year_before) == (7.0, 8.0)


def test_a_report_that_failed_or_is_not_named_like_this_one_tells_nothing(run, tmp_path: Path) -> None:
    leave(tmp_path / "acme-2026-Q2", "failed", {"metric": "clv_per_cac", "value": 9.0})
    assert with_earlier(run, [Kpi("clv_per_cac", 10.0)], ASKED) == [Kpi("clv_per_cac", 10.0)]
    assert earlier_values(run, Quarter(2026, 1)) == {}
    leave(tmp_path / "trial", "succeeded", {"metric": "clv_per_cac", "value": 9.0})
    trial = SimpleNamespace(report="trial", quarter=run.quarter, folder=tmp_path / "trial")
    assert earlier_values(trial, Quarter(2026, 2)) == {}
