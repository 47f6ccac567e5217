"""The key `value_tiers`: what it may hold, how a quarterly file changes it, and how it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.basis.errors import ParamsError
from analysis.measures.value_tiers import TierEdges
from analysis.run.params import Params, frozen_text, read_params

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "quarter: 2026-Q3\nsource: demo\n"


def read(root: Path, keys: str) -> Params:
    path = root / "q.yml"
    path.write_text(HEAD + keys, encoding="utf-8")
    return read_params(path, base=root)


def test_shares_of_customers_are_shipped_and_one_can_be_changed(tmp_path: Path) -> None:
    assert read(tmp_path, "").value_tiers.edges("EUR") == TierEdges("customers", 0.2, 0.3)
    assert read(tmp_path, "value_tiers: {high: 0.1}\n").value_tiers.edges("EUR") == TierEdges("customers", 0.1, 0.3)


def test_shares_of_value_replace_those_of_customers(tmp_path: Path) -> None:
    got = read(tmp_path, "value_tiers: {by: value, high: 0.6, medium: 0.3}\n")
    assert got.value_tiers.edges("CNY") == TierEdges("value", 0.6, 0.3)


AMOUNTS = """value_tiers:
  by: amount
  high: {EUR: 1200, customers: 0.2}
  medium: {EUR: 600, customers: 0.3}
"""


def test_an_amount_counts_in_its_currency_and_a_share_of_customers_in_any_other(tmp_path: Path) -> None:
    got = read(tmp_path, AMOUNTS).value_tiers
    assert got.edges("EUR") == TierEdges("amount", 1200, 600)
    assert got.edges("CNY") == TierEdges("customers", 0.2, 0.3)


def test_a_frozen_copy_holds_the_edges(tmp_path: Path) -> None:
    params = read(tmp_path, AMOUNTS)
    frozen = tmp_path / "frozen" / "params.yml"
    frozen.parent.mkdir()
    frozen.write_text(frozen_text(params, source=tmp_path), encoding="utf-8")
    assert read_params(frozen, base=tmp_path).value_tiers == params.value_tiers


@pytest.mark.parametrize(
    ("keys", "place", "message"),
    [
        ("{by: fees}", "3:15", "expected 'customers', 'value' or 'amount', found 'fees'"),
        ("{high: 20}", "3:15", "expected a share between 0 and 1, or amounts by currency, found 20. Write 20 % as 0.2"),
        ("{higher: 0.2}", "3:15", "Did you mean `high`?"),
        ("{high: 0.6, medium: 0.4}", "3:1", "shares of high and medium that leave some for low, found 0.6 and 0.4"),
        ("{by: amount}", "3:1", "`high` as amounts by currency, for `by: amount`, found 0.2. Change `by`"),
        ("{high: {EUR: 5, customers: 0.2}}", "3:1", "`high` as a share, for `by: customers`, found a mapping"),
        ("{high: {EUR: 5}}", "3:15", "`customers`, a share between 0 and 1, beside the amounts, found nothing"),
        ("{high: {euro: 5, customers: 0.2}}", "3:15", "currencies (ISO 4217) and their amounts, found 'euro'"),
        (
            "{by: amount, high: {EUR: 5, customers: 0.2}, medium: {EUR: 6, customers: 0.3}}",
            "3:1", "expected high above medium in EUR, found 5. Raise high, or lower medium.",
        ),
        (
            "{by: amount, high: {EUR: 5, customers: 0.2}, medium: {CNY: 4, customers: 0.3}}",
            "3:1", "expected the same currencies for high and medium",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_where_it_stands(tmp_path: Path, keys: str, place: str, message: str) -> None:
    with pytest.raises(ParamsError) as refused:
        read(tmp_path, f"value_tiers: {keys}\n")
    assert message in str(refused.value)
    assert f"q.yml:{place}:" in str(refused.value)
