"""The key `risk_rules`: what it may hold, how a quarterly file changes it, and how it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.basis.errors import ParamsError
from analysis.measures.class_rules import Condition, Percentile
from analysis.measures.risk_rules import FLAGGED
from analysis.run.params import Params, frozen_text, read_params, shipped_risk_rules
from analysis.run.risk_params import risk_rules

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "quarter: 2026-Q3\nsource: demo\nrisk_rules:\n"
WORDS = "    label: Mine\n    version: 1\n    says: Words.\n"
SHIPPED = [
    "promotion_ends", "contract_ends", "arpu_falls", "complaints_rise", "competitor_named", "logins_fall",
    "bills_overdue",
]  # fmt: skip


def read(root: Path, keys: str) -> Params:
    path = root / "q.yml"
    path.write_text(HEAD + keys, encoding="utf-8")
    return read_params(path, base=root)


def test_seven_signs_are_shipped_each_told_in_a_sentence_without_figures() -> None:
    shipped = shipped_risk_rules()
    assert list(shipped) == SHIPPED
    assert [one.says for one in shipped.values() if not one.says.endswith(".") or any(map(str.isdigit, one.says))] == []


def test_a_rule_is_added_beside_those_that_are_shipped(tmp_path: Path) -> None:
    got = read(tmp_path, "  mine:\n" + WORDS + "    when: {monthly_fee: {at_least: {CNY: 90, percentile: 80}}}\n")
    assert list(got.risk_rules) == [*SHIPPED, "mine"]
    euro, yuan = (risk_rules(got.risk_rules, currency=name)["mine"] for name in ("EUR", "CNY"))
    assert euro.rules[FLAGGED] == {"monthly_fee": Condition(bounds={"at_least": Percentile(80.0)})}
    assert yuan.rules[FLAGGED] == {"monthly_fee": Condition(bounds={"at_least": 90.0})}
    assert (euro.label, euro.reads) == ("Mine", ("monthly_fee",))


def test_one_threshold_is_changed_and_the_rest_of_the_rule_stays(tmp_path: Path) -> None:
    got = read(tmp_path, "  promotion_ends: {version: 2, when: {promotion_months_left: {at_most: 2}}}\n")
    rule = got.risk_rules["promotion_ends"]
    assert (rule.version, rule.label) == (2, "Promotion about to end")
    assert rule.when == {"promotion_months_left": {"at_most": 2}}


def test_bills_may_be_read_by_a_sign_and_by_no_class(tmp_path: Path) -> None:
    read(tmp_path, "  mine:\n" + WORDS + "    when: {billed_3m: {below: 0.5, of: billed_previous_3m}}\n")
    path = tmp_path / "q.yml"
    classes = "classes:\n  mine:\n" + WORDS + "    column: billed_3m\n"
    path.write_text("quarter: 2026-Q3\nsource: demo\n" + classes, encoding="utf-8")
    with pytest.raises(ParamsError, match="expected a column of the customer table, found 'billed_3m'"):
        read_params(path, base=tmp_path)


def test_a_frozen_copy_holds_the_rules_in_their_order(tmp_path: Path) -> None:
    params = read(tmp_path, "  mine:\n" + WORDS + "    when: {age: [4, 5], usage_class: heavy}\n")
    frozen = tmp_path / "frozen" / "params.yml"
    frozen.parent.mkdir()
    frozen.write_text(frozen_text(params, source=tmp_path), encoding="utf-8")
    again = read_params(frozen, base=tmp_path)
    assert risk_rules(again.risk_rules, currency="EUR") == risk_rules(params.risk_rules, currency="EUR")
    assert list(again.risk_rules) == list(params.risk_rules)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("  mine:\n" + WORDS + "    when: {}\n", "at least one condition"),
        ("  mine:\n" + WORDS + "    when: {app_login_3m: {below: 1}}\n", "Did you mean `app_logins_3m`?"),
        ("  mine:\n" + WORDS + "    when: {app_logins_3m: {under: 1}}\n", "a known part of a condition"),
        (
            "  mine:\n" + WORDS + "    when: {monthly_fee: {at_least: 5, below: 3}}\n",
            "bounds that a value can lie between, found 'at_least: 5, below: 3'",
        ),
        ("  mine:\n" + WORDS + "    if: {app_logins_3m: 1}\n    when: {age: 1}\n", "expected a known key"),
        ("  mine:\n    label: A\n    version: 1\n    when: {age: 1}\n", "says"),
        ("  mine:\n" + WORDS + "    when: {size_class: large}\n", "the class of a dimension"),
        ("  My rule:\n" + WORDS + "    when: {age: 1}\n", "a name in small letters"),
    ],
)
def test_what_cannot_be_used_stops_the_run_and_says_where(keys: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ParamsError) as raised:
        read(tmp_path, keys)
    assert message in str(raised.value) and "q.yml" in str(raised.value)
