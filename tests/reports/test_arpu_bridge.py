"""Why ARPU moved: what is published adds up to the cent, and is what is printed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from analysis.present.wording.arpu import NAMES

if TYPE_CHECKING:
    from tests.reports.conftest import Report


def cents(amount: float) -> int:
    return int(Decimal(repr(amount)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) * 100)


def test_the_parts_add_up_to_the_change_of_the_printed_arpu(demo: Report) -> None:
    (arpu,) = [row for row in demo.rows if row["metric"] == "arpu"]
    parts = {row["class"]: cents(row["value"]) for row in demo.rows if row["metric"] == "arpu_change_part"}
    assert len(parts) >= 8
    assert sum(parts.values()) == cents(arpu["value"]) - cents(arpu["previous"])
    assert sum(parts.values()) == cents(demo.values["arpu_change",]) != 0


def test_every_part_is_printed_as_it_is_published(demo: Report) -> None:
    printed = {row[0]: row[1] for table in demo.tables() for row in table if len(row) == 3}
    parts = [row for row in demo.rows if row["metric"] == "arpu_change_part"]
    for row in parts:
        amount = printed[NAMES[row["class"]]].replace("−", "-").replace("€", "")
        assert cents(float(amount)) == cents(row["value"])
    assert f"ARPU Q3 2026 {printed['ARPU Q3 2026']}" in demo.pdf_text.replace("\xa0", " ")


def test_one_observed_quarter_has_no_bridge_and_says_so(ibm: Report) -> None:
    assert not [row for row in ibm.rows if row["metric"].startswith(("arpu_change", "arpu_season"))]
    assert "Why ARPU moved is told from the second quarter on." in ibm.chapter("What are they worth?").get_text()
