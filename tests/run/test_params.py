from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import BaseModel

from analysis.basis.documents import read_yaml, validated
from analysis.basis.errors import ParamsError
from analysis.basis.quarter import Quarter
from analysis.run.params import BASE_FILES, Params, frozen_text, read_params
from analysis.run.places import default_folder, frozen_file


def write(root: Path, name: str, text: str) -> Path:
    path = root / "params" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(root: Path, text: str) -> str:
    with pytest.raises(ParamsError) as caught:
        read_params(write(root, "quarterly/q.yml", text), base=root)
    return str(caught.value)


def test_a_quarterly_file_needs_only_its_quarter_and_its_source(tmp_path: Path) -> None:
    got = read_params(write(tmp_path, "quarterly/q.yml", "quarter: 2026-Q3\nsource: demo\n"), base=tmp_path)
    assert (got.quarter, got.source, got.language) == (Quarter(2026, 3), "demo", "en")
    assert (got.grace_days, got.small_group, got.targets) == (30, 11, {})
    assert got.classes["usage"].bands == {"light": "lowest", "medium": 50, "heavy": 300}


def test_layers_win_in_order_package_folder_quarter(tmp_path: Path) -> None:
    write(tmp_path, "standards.yml", "grace_days: 20\nclasses: {usage: {bands: {medium: 10}}}\n")
    write(tmp_path, "economics.yml", "targets: {churn_rate: 0.04}\n")
    text = "quarter: 2026-Q3\nsource: demo\nclasses: {usage: {bands: {heavy: 200}}}\ntargets: {arpu: 30}\n"
    got = read_params(write(tmp_path, "quarterly/q.yml", text), base=tmp_path)
    assert (got.grace_days, got.classes["usage"].bands) == (20, {"light": "lowest", "medium": 10, "heavy": 200})
    assert got.targets == {"churn_rate": 0.04, "arpu": 30}


def test_the_margin_of_one_product_is_overridden_and_another_added(tmp_path: Path) -> None:
    write(tmp_path, "economics.yml", "gross_margin: {tv: 0.4, fax: 0.1}\ncost_to_serve: {per_contact: 7}\n")
    text = "quarter: 2026-Q3\nsource: demo\ngross_margin: {fax: 0.2}\n"
    got = read_params(write(tmp_path, "quarterly/q.yml", text), base=tmp_path)
    margins = got.gross_margin.by_product
    assert (margins["default"], margins["broadband"], margins["tv"], margins["fax"]) == (0.6, 0.62, 0.4, 0.2)
    assert (got.cost_to_serve.per_month, got.cost_to_serve.per_contact) == (1.5, 7)
    assert (got.discount_rate, got.value_horizon_months) == (0.08, 36)


def test_the_shipped_files_are_valid_and_say_every_default() -> None:
    for name, model in BASE_FILES.items():
        document = read_yaml((default_folder() / "params" / name).read_text(encoding="utf-8"), name=name)
        assert set(document.data) == set(model.model_fields)
        assert validated(document, model) == model()


@pytest.mark.parametrize(
    ("name", "source"), [("2026-Q3", "demo"), ("ibm-2019-Q3", "ibm_telco"), ("cdnow-1998-Q2", "cdnow")]
)
def test_the_shipped_quarterly_files_are_valid(name: str, source: str) -> None:
    got = read_params(default_folder() / "params" / "quarterly" / f"{name}.yml", base=default_folder())
    assert (name.endswith(str(got.quarter)), got.source) == (True, source)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("grace_dayz: 3", ":3:1: expected a known key, found 'grace_dayz'. Did you mean `grace_days`?"),
        ("language: zh", ":3:1: expected en, found 'zh'. This version writes English only."),
        ("small_group: 4", ":3:1: expected a number ≥ 5, found 4"),
        ("grace_days: 366", ":3:1: expected a number ≤ 365, found 366"),
        ("grace_days: '30'", ":3:1: expected a whole number, found '30'"),
        ("grace_days: true", ":3:1: expected a whole number, found true"),
        ("quarantine_share_max: 1.5", ":3:1: expected a number ≤ 1, found 1.5"),
        ("orphan_share_max: -0.1", ":3:1: expected a number ≥ 0, found -0.1"),
        ("targets: {churn_rate: low}", ":3:11: expected a number, found 'low'"),
        (
            "targets: {churn_rat: 0.04}",
            ":3:11: expected the name of a metric, found 'churn_rat'. Did you mean `churn_rate`?",
        ),
        (
            "targets: {zzz: 1}",
            ":3:11: expected the name of a metric, found 'zzz'. Metrics are named as in summary.json.",
        ),
        (
            "targets: {arpu: 30, churn_rate: 4}",
            ":3:21: expected `churn_rate` as a share from 0 to 1, found 4. Write 4 % as 0.04.",
        ),
        ("targets: {churn_rate: -0.1}", ":3:11: expected `churn_rate` as a share from 0 to 1, found -0.1."),
        ("minutes_per_notebook: 0", "expected a number > 0, found 0"),
        ("discount_rate: 8", ":3:1: expected a number ≤ 1, found 8"),
        ("value_horizon_months: 6", ":3:1: expected a number ≥ 12, found 6"),
        ("value_horizon_months: 121", ":3:1: expected a number ≤ 120, found 121"),
        ("value_horizon_months: 36.5", ":3:1: expected a whole number, found 36.5"),
        ("cost_to_serve: {per_contact: -1}", ":3:17: expected a number ≥ 0, found -1"),
        (
            "cost_to_serve: {per_year: 3}",
            ":3:17: expected a known key, found 'per_year'. Known here: per_contact, per_month.",
        ),
        ("gross_margin: {broadband: 62}", ":3:16: expected a number ≤ 1, found 62"),
        ("gross_margin: {fax: '0.5'}", ":3:16: expected a number, found '0.5'"),
        (
            "gross_margin: {broadbnad: 0.6}",
            "expected the name of a product, found 'broadbnad'. Did you mean `broadband`?",
        ),
        ("gross_margin: {Fax: 0.6}", "expected the name of a product, found 'Fax'. Write it in small letters"),
        ("quality: {lost_bad: 1.5}", ":3:11: expected a number ≤ 1, found 1.5"),
        ("quality: {drift_watch: 0.3}", "expected a lower edge that is not above the upper, found 0.3 above 0.25."),
        ("strict_drift: 1", "expected true or false, found 1"),
        (
            "budget: 10.000",
            (
                ":3:9: expected a number whose point cannot be taken for one between thousands, found 10.000, "
                "which reads as 10.0. Write 10000, or 10.00."
            ),
        ),
        ("cost_to_serve: {per_contact: 12.345}", "found 12.345, which reads as 12.345. Write 12345, or 12.3450."),
        ("warnings: {budget: 1.000}", "Write 1000, or 1.00."),
        ("policies: {price: {offer_cost: 1.500}}", "Write 1500, or 1.50."),
        ("targets: {arpu_change: -1.500}", "Write -1500, or -1.50."),
        ("value_tiers: {high: {EUR: 1.200, customers: 0.2}}", ":3:27: expected a number whose point"),
        ("classes: {usage: {bands: {heavy: 1.000}}}", "Write 1000, or 1.00."),
        (
            "budget: 10,000",
            (
                ":3:1: expected a number, found '10,000'. Write `budget` without quotes, with nothing between "
                "thousands and a point before decimals: 10000 or 10.5."
            ),
        ),
        ("budget: 1.000.000", "found '1.000.000'. Write `budget` without quotes"),
        ("budget: '10000'", "found '10000'. Write `budget` without quotes"),
        (
            "cost_to_serve: {per_month: 1,500}",
            (
                ":3:30: expected a number without a comma, found 1,500. Leave the comma "
                "out, or write a point before decimals."
            ),
        ),
        ("allow_partial: maybe", "expected true or false, found 'maybe'"),
    ],
)
def test_an_impossible_key_stops_with_its_place(line: str, words: str, tmp_path: Path) -> None:
    got = refusal(tmp_path, f"quarter: 2026-Q3\nsource: demo\n{line}\n")
    assert "q.yml:3:" in got
    assert words in got


@pytest.mark.parametrize(
    ("written", "value"), [("10000", 10000), ("10.00", 10), ("12.3450", 12.345), ("0.125", 0.125), ("10.5", 10.5)]
)
def test_a_number_of_one_meaning_is_read_as_written(written: str, value: float, tmp_path: Path) -> None:
    text = f"quarter: 2026-Q3\nsource: demo\nbudget: {written}\n"
    assert read_params(write(tmp_path, "quarterly/q.yml", text), base=tmp_path).budget == value


def test_a_frozen_copy_may_hold_any_number(tmp_path: Path) -> None:
    text = "quarter: 2026-Q3\nsource: demo\nbudget: 12.3450\n"
    params = read_params(write(tmp_path, "quarterly/q.yml", text), base=tmp_path)
    frozen = frozen_file(tmp_path, "q")
    frozen.parent.mkdir(parents=True)
    frozen.write_text(frozen_text(params, source=tmp_path), encoding="utf-8")
    assert "budget: 12.345\n" in frozen.read_text(encoding="utf-8")
    assert read_params(frozen).budget == params.budget


def test_a_quarter_that_is_none_and_a_source_left_out_come_in_one_message(tmp_path: Path) -> None:
    got = refusal(tmp_path, "quarter: 2026-Q5\n").splitlines()
    assert [line.partition("expected ")[2] for line in got] == [
        "a quarter written like 2026-Q3, found '2026-Q5'. Correct `quarter`.",
        "the key `source`, found nothing. Add `source:` here.",
    ]


def test_a_year_that_must_be_a_slip_stops_with_its_place(tmp_path: Path) -> None:
    got = refusal(tmp_path, "quarter: 9999-Q4\nsource: demo\n")
    words = ":1:1: expected a quarter of the years 1900 to 2200, found '9999-Q4'. Correct `quarter`."
    assert got.endswith(f"q.yml{words}")


def test_a_target_of_a_base_file_is_refused_where_it_stands(tmp_path: Path) -> None:
    write(tmp_path, "economics.yml", "targets:\n  arpuu: 30\n")
    assert "economics.yml:2:3: expected the name of a metric, found 'arpuu'. Did you mean `arpu`?" in refusal(
        tmp_path, "quarter: 2026-Q3\nsource: demo\n"
    )


def test_a_key_in_two_base_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "standards.yml", "# first\ngrace_days: 20\n")
    write(tmp_path, "economics.yml", "targets: {}\ngrace_days: 30\n")
    got = refusal(tmp_path, "quarter: 2026-Q3\nsource: demo\n")
    assert "economics.yml:2:1: expected each key in one base file, found `grace_days` again (first in " in got
    assert "standards.yml:2:1)" in got


def test_a_base_file_holds_its_own_keys_only(tmp_path: Path) -> None:
    write(tmp_path, "standards.yml", "quarter: 2026-Q3\n")
    assert "standards.yml:1:1: expected a known key, found 'quarter'" in refusal(
        tmp_path, "quarter: 2026-Q3\nsource: demo\n"
    )


def test_a_file_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    write(tmp_path, "quarterly/2026-Q3.yml", "quarter: 2026-Q3\n")
    with pytest.raises(
        ParamsError, match=r"expected a params file, found no such file. In that folder .* 2026-Q3\.yml"
    ):
        read_params(tmp_path / "params" / "quarterly" / "2026-Q4.yml", base=tmp_path)
    with pytest.raises(ParamsError, match=r"found no such file\. Correct the path\."):
        read_params(tmp_path / "nowhere" / "q.yml", base=tmp_path)


def test_a_folder_a_pipe_and_a_file_that_is_no_text_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    for path in (tmp_path, tmp_path / "pipe.yml"):
        with pytest.raises(
            ParamsError, match=r"expected a params file, found something that is no file\. Correct the path"
        ):
            read_params(path, base=tmp_path)
    (tmp_path / "q.yml").write_bytes(b"quarter: \xff\n")
    with pytest.raises(ParamsError, match="expected UTF-8 text, found a byte that is not, at offset 9"):
        read_params(tmp_path / "q.yml", base=tmp_path)
    (tmp_path / "big.yml").write_bytes(b"a" * 300_000)
    with pytest.raises(ParamsError, match="expected at most 256 kB of YAML, found more"):
        read_params(tmp_path / "big.yml", base=tmp_path)


def test_a_frozen_copy_reads_back_equal_and_ignores_the_base_files(tmp_path: Path) -> None:
    text = "quarter: 2026-Q3\nsource: demo\ntargets: {arpu: 30}\ngross_margin: {fax: 0.2}\n"
    params = read_params(write(tmp_path, "quarterly/q.yml", text), base=tmp_path)
    frozen = frozen_file(tmp_path, "q")
    frozen.parent.mkdir(parents=True)
    frozen.write_text(frozen_text(params, source=Path("/srv/sources/demo")), encoding="utf-8")
    write(tmp_path, "standards.yml", "grace_days: 1\n")
    write(tmp_path, "economics.yml", "targets: {churn_rate: 1}\n")
    got = read_params(frozen, base=tmp_path)
    assert got.source == "/srv/sources/demo"
    assert got == params.model_copy(update={"source": "/srv/sources/demo"})


def test_params_cannot_be_changed_after_reading() -> None:
    params = Params(quarter=Quarter(2026, 3), source="demo")
    with pytest.raises(ValueError, match="frozen"):
        params.grace_days = 5


def written(default: object) -> str:
    """A default as the README writes it; what is long it leaves to the file."""
    if (isinstance(default, dict) and default) or (isinstance(default, list) and len(default) > 3):
        return "as shipped"
    if default is None or default == {}:
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def inner_keys(name: str, model: type[BaseModel]) -> dict[str, object]:
    """Every key below a key, keys below those among them, with its default."""
    found: dict[str, object] = {}
    for key, part in model.model_fields.items():
        default = part.get_default(call_default_factory=True)
        deeper = isinstance(default, BaseModel)
        found |= inner_keys(f"{name}.{key}", type(default)) if deeper else {f"{name}.{key}": default}
    return found


def test_the_readme_explains_every_key_and_its_default() -> None:
    text = (default_folder() / "params" / "README.md").read_text(encoding="utf-8")
    said = {line.split("`")[1]: line.split("|")[-2].strip() for line in text.splitlines() if line.startswith("| `")}
    for name, field in Params.model_fields.items():
        if field.default_factory is not None:
            assert said[name] == ("as shipped" if field.default_factory() else "none")
            continue
        keys = inner_keys(name, type(field.default)) if isinstance(field.default, BaseModel) else {name: field.default}
        expected = {key: "required" if field.is_required() else written(default) for key, default in keys.items()}
        assert {key: said[key] for key in keys} == expected
