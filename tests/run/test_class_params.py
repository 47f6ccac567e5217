"""The key `classes`: what it may hold, and where and how it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.basis.errors import ParamsError
from analysis.measures.class_rules import READABLE, Percentile, telling
from analysis.run.class_params import class_rules
from analysis.run.params import Params, frozen_text, read_params, shipped_classes

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "quarter: 2026-Q3\nsource: demo\nclasses:\n"
WHOLE = "    label: Mine\n    version: 1\n    says: Words.\n"


def read(root: Path, keys: str) -> Params:
    path = root / "q.yml"
    path.write_text(HEAD + keys, encoding="utf-8")
    return read_params(path, base=root)


def test_five_lines_make_a_dimension_beside_those_that_are_shipped(tmp_path: Path) -> None:
    got = read(tmp_path, "  mine:\n" + WHOLE + "    rules: {loyal: {products: {at_least: 3}}}\n    otherwise: other\n")
    assert list(got.classes) == [*shipped_classes(), "mine"]
    mine = class_rules(got.classes, currency="EUR")["mine"]
    assert (mine.label, mine.reads, mine.classes) == ("Mine", ("products",), ("loyal", "other"))
    assert mine.rules["loyal"]["products"].bounds == {"at_least": 3}


def test_one_threshold_is_changed_and_the_order_of_the_rules_stays(tmp_path: Path) -> None:
    got = read(tmp_path, "  lifecycle: {rules: {new: {tenure_months: {below: 2}}}}\n").classes["lifecycle"]
    assert list(got.rules) == ["churned", "new", "declining", "growing", "mature"]
    assert got.rules["new"] == {"tenure_months": {"below": 2}}


def test_a_frozen_copy_keeps_every_rule_in_its_order(tmp_path: Path) -> None:
    params = read(tmp_path, "  mine:\n" + WHOLE + "    rules: {z: {age: 3}, a: {age: [4, 5]}}\n    otherwise: m\n")
    frozen = tmp_path / "frozen" / "params.yml"
    frozen.parent.mkdir()
    frozen.write_text(frozen_text(params, source=tmp_path), encoding="utf-8")
    again = read_params(frozen, base=tmp_path)
    assert class_rules(again.classes, currency="EUR") == class_rules(params.classes, currency="EUR")
    assert list(again.classes["mine"].rules) == ["z", "a"]


def test_amounts_are_those_of_the_source_s_currency_else_a_percentile(tmp_path: Path) -> None:
    rule = "    rules: {top: {monthly_fee: {above: {CNY: 100, percentile: 80}}}}\n"
    keys = read(tmp_path, "  mine:\n" + WHOLE + rule).classes
    yuan, euro = (class_rules(keys, currency=name)["mine"].rules["top"]["monthly_fee"] for name in ("CNY", "EUR"))
    assert (yuan.bounds, euro.bounds) == ({"above": 100.0}, {"above": Percentile(80.0)})


def test_bounds_with_something_between_them_are_taken(tmp_path: Path) -> None:
    bounds = ("{at_least: 3, at_most: 3}", "{above: 3, below: 4}", "{at_least: 90, below: {CNY: 95, percentile: 80}}")
    for number, one in enumerate(bounds):
        rule = f"    rules: {{top: {{monthly_fee: {one}}}}}\n"
        (folder := tmp_path / str(number)).mkdir()
        assert "mine" in read(folder, "  mine:\n" + WHOLE + rule).classes


def test_every_dimension_that_is_shipped_is_told_in_a_sentence_without_figures() -> None:
    for one in shipped_classes().values():
        assert one.says.endswith(".")
        assert not any(letter.isdigit() for letter in one.says)


@pytest.mark.parametrize(
    ("rest", "place", "words"),
    [
        ("rules: {a: {aeg: 3}}", "8:", "expected a column of the customer table, found 'aeg'. Did you mean `age`?"),
        ("column: customer_id", "8:5:", "expected a column of the customer table, found 'customer_id'."),
        ("rules: {a: {age: {belo: 3}}}", "8:17:", "expected a known part of a condition, found 'belo'. Known here"),
        ("rules: {a: {age: {below: x}}}", "8:17:", "expected a number, or {percentile: 80}, found 'x'."),
        ("rules: {a: {age: {below: {CNY: 3}}}}", "8:17:", "`percentile` between 0 and 100 here, found nothing."),
        ("rules: {a: {age: {below: {yuan: 3, percentile: 5}}}}", "8:17:", "expected currencies (ISO 4217)"),
        ("rules: {a: {age: {of: tenure_months}}}", "8:17:", "expected either bounds or `missing`"),
        ("rules: {a: {age: {below: 3, missing: true}}}", "8:17:", "expected either bounds or `missing`"),
        ("rules: {a: {age: {below: 3, or_missing: 1}}}", "8:17:", "`or_missing` to be true or false, found 1."),
        (
            "rules: {a: {age: {at_least: 5, below: 3}}}",
            "8:17:",
            "expected bounds that a value can lie between, found 'at_least: 5, below: 3'. As it stands, nobody",
        ),
        ("rules: {a: {age: {above: 3, at_most: 3}}}", "8:17:", "found 'above: 3, at_most: 3'."),
        (
            "rules: {a: {age: {above: {CNY: 9, percentile: 5}, below: {CNY: 8, percentile: 6}}}}",
            "8:17:",
            "found 'above: 9, below: 8 (CNY)'.",
        ),
        ("rules: {a: {age: []}}", "8:17:", "expected what the column must be, found a list."),
        ("rules: {a: {}}", "4:3:", "expected at least one condition, found 'a'."),
        ("bands: {a: 1, b: 3}", "4:3:", "expected `column` beside `bands`"),
        ("column: age\n    bands: {a: lowest, b: 30, c: 20}", "9:5:", "each edge above the one before, found 20. Wri"),
        ("column: age\n    bands: {a: 20, b: 20}", "9:5:", "expected each edge above the one before, found 20."),
        ("column: age\n    bands: {a: 20, b: lowest}", "9:5:", "expected `lowest` for the first band only"),
        ("column: age\n    bands: {a: 20, b: {percentile: 40}}", "9:5:", "expected edges of one kind"),
        (
            "column: age\n    bands: {a: {EUR: 9, percentile: 20}, b: {EUR: 8, percentile: 40}}",
            "9:5:",
            "above the one before, found 8.",
        ),
        ("column: age\n    bands: {a: 20}\n    rules: {a: {age: 3}}", "4:3:", "expected each class once, found 'a'."),
        ("column: age\n    bands: {a: 20}\n    order: [b]", "4:3:", "class of this dimension, found 'b'. There are: a"),
        ("column: age\n    bands: {a: 20}\n    order: [a, a]", "4:3:", "expected each class once, found 'a'."),
        ("column: age\n    bands: {not available: 20}", "4:3:", "expected another name than “not available”"),
        ("column: age\n    kolumn: age", "9:5:", "expected a known key, found 'kolumn'. Did you mean `column`?"),
        ("column: other_class", "3:1:", "expected `other_class` to be the class of another dimension"),
        ("column: age\n    otherwise: 3", "9:5:", "expected text, found 3"),
    ],
)  # fmt: skip
def test_an_impossible_rule_stops_with_its_place(rest: str, place: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ParamsError) as caught:
        read(tmp_path, f"  mine:\n{WHOLE}    {rest}\n")
    assert words in str(caught.value)
    assert f"q.yml:{place}" in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("  Mine:\n" + WHOLE + "    column: age\n", "expected a name in small letters, digits and _, found 'Mine'."),
        ("  mine:\n    version: 1\n    says: Words.\n    column: age\n", "expected the key `label`, found nothing."),
        ("  mine:\n    label: Usage\n    version: 1\n    says: .\n    column: age\n", "each label once, found 'Usage'"),
        ("  mine:\n" + WHOLE, "expected a rule: `column`, `bands` or `rules`, found nothing."),
    ],
)  # fmt: skip
def test_a_dimension_that_is_none_stops(keys: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ParamsError) as caught:
        read(tmp_path, keys)
    assert words in str(caught.value)


def test_what_rules_may_read_is_told_in_small_letters() -> None:
    assert {"state", "tenure_months", "download_gb_previous_3m", "has_broadband", "age", "technology"} <= READABLE
    assert not {"customer_id", "birth_year", "signup_date", "landmark"} & READABLE


def test_age_describes_and_never_tells_of_leaving_or_value() -> None:
    shipped = class_rules(shipped_classes(), currency="EUR")
    assert "age" in shipped
    assert "age" not in telling(shipped)
    assert "never sets a price" in shipped["age"].says
    assert {"lifecycle", "contract", "technology", "usage", "rfm", "margin_band", "needs"} <= set(telling(shipped))
    assert not {"industry", "account_role"} & set(telling(shipped))
