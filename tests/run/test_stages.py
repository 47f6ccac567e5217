from __future__ import annotations

from pathlib import Path

import pytest

from analysis.basis.errors import ParamsError
from analysis.run.stages import STAGES, Stage, alone, chosen_stages, maker, present_stages


def folder_with(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / f"{name}.ipynb").write_text("{}", encoding="utf-8")
    return tmp_path


def test_run_order_is_data_then_chapters_then_methods_then_summary() -> None:
    got = [stage.name for stage in STAGES]
    assert got == [
        "10_data",
        "20_base",
        "30_segments",
        "40_churn",
        "50_value",
        "60_service",
        "70_strategy",
        "90_methods",
        "00_summary",
    ]


def test_every_chapter_comes_after_what_it_needs() -> None:
    names = [stage.name for stage in STAGES]
    assert all(names.index(need) < index for index, stage in enumerate(STAGES) for need in stage.needs)


def test_the_value_chapter_waits_for_groups_and_forecast() -> None:
    [value] = [stage for stage in STAGES if stage.name == "50_value"]
    assert {"10_data", "30_segments", "40_churn"} <= set(value.needs)


def test_only_chapters_that_are_there_are_run_and_needed(tmp_path: Path) -> None:
    got = present_stages(folder_with(tmp_path, "10_data", "40_churn", "00_summary", "Untitled", "95_own"))
    assert [(stage.name, stage.needs) for stage in got] == [
        ("10_data", ()),
        ("40_churn", ("10_data",)),
        ("00_summary", ("10_data", "40_churn")),
    ]


def test_a_folder_without_chapters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=r"expected a notebook like 10_data\.ipynb, found none"):
        present_stages(folder_with(tmp_path, "Untitled"))


A, B, C = Stage("10_data"), Stage("20_base", ("10_data",)), Stage("40_churn", ("10_data",))


def test_everything_is_chosen_unless_told_otherwise() -> None:
    assert chosen_stages([A, B, C], only=[], start=None) == {"10_data", "20_base", "40_churn"}


def test_only_chooses_the_named_and_from_chooses_the_rest_of_the_order() -> None:
    assert chosen_stages([A, B, C], only=["20_base"], start=None) == {"20_base"}
    assert chosen_stages([A, B, C], only=["40_churn", "10_data"], start=None) == {"10_data", "40_churn"}
    assert chosen_stages([A, B, C], only=[], start="20_base") == {"20_base", "40_churn"}


def test_a_name_no_notebook_has_is_answered_with_the_nearest() -> None:
    with pytest.raises(
        ParamsError, match=r"--only: expected the name of a notebook, found '20_bas'. Did you mean 20_base"
    ):
        chosen_stages([A, B, C], only=["20_bas"], start=None)
    with pytest.raises(ParamsError, match=r"--from: .* There are: 10_data, 20_base, 40_churn\."):
        chosen_stages([A, B, C], only=[], start="zzz")


def test_both_options_at_once_are_refused() -> None:
    with pytest.raises(ParamsError, match="expected one of the two, found both"):
        chosen_stages([A, B], only=["20_base"], start="10_data")


def test_a_missing_table_is_traced_to_its_notebook() -> None:
    assert maker("customers") == "10_data"
    assert maker("clusters") == "30_segments"
    assert maker("episodes") == maker("survival_ahead") == "40_churn"
    assert maker("customer_value") == "50_value"
    assert maker("tables/usage") == "10_data"
    assert maker("scores", [A, Stage("40_churn", makes=("scores",))]) == "40_churn"


def test_chapters_that_need_no_other_stand_alone() -> None:
    first, second = Stage("10_data"), Stage("20_base", needs=("10_data",))
    assert alone([first, second], {"10_data"}) == [first]
    assert alone([first, second], {"20_base"}) == [first, second]
