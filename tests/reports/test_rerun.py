"""Same inputs, params and version: the same report, wherever and however it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.reports.conftest import Report


@pytest.mark.parametrize("name", ["summary.json", "report.html", "report.pdf"])
def test_a_report_made_again_elsewhere_is_the_same_to_the_byte(demo: Report, demo_again: Report, name: str) -> None:
    assert demo_again.root != demo.root
    assert demo_again.bytes(name) == demo.bytes(name)


def test_the_order_of_rows_and_columns_changes_no_figure(demo: Report, demo_shuffled: Report) -> None:
    raw = [report.root / "data/raw/demo/usage.csv" for report in (demo, demo_shuffled)]
    assert raw[0].read_bytes() != raw[1].read_bytes()
    numbers = ("value", "n", "low", "high", "previous")
    assert [without(row, numbers) for row in demo_shuffled.rows] == [without(row, numbers) for row in demo.rows]
    for got, row in zip(demo_shuffled.rows, demo.rows, strict=True):
        assert [got[name] for name in numbers] == pytest.approx([row[name] for name in numbers], abs=1e-9)
    assert demo_shuffled.manifest["doors"] == demo.manifest["doors"]


def without(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
