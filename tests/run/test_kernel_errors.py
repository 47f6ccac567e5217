from __future__ import annotations

import pytest
from papermill.exceptions import PapermillExecutionError

from analysis.basis.errors import AnalysisFailed, LinecardError, QualityGate, StorageFailed
from analysis.run.kernel_errors import raised_in_kernel


def told(ename: str, evalue: str) -> LinecardError:
    error = PapermillExecutionError(3, 4, "x()", ename, evalue, [])
    return raised_in_kernel(error, where="40_churn.ipynb, code cell 3")


def test_an_error_of_ours_comes_through_word_for_word() -> None:
    before = QualityGate(
        "a.csv, line 1", expected="b, or c", found="d: e. f", do="Do g.\nb.csv: expected h, found i. j"
    )
    got = told("QualityGate", str(before))
    assert isinstance(got, QualityGate)
    assert str(got) == str(before)
    assert got.exit_code == 5


def test_any_other_error_names_notebook_and_cell_and_its_first_line() -> None:
    got = told("ZeroDivisionError", "division by zero\nwith more lines")
    assert isinstance(got, AnalysisFailed)
    assert str(got) == (
        "40_churn.ipynb, code cell 3: expected a cell that runs to its end, found ZeroDivisionError: division by zero. "
        "Open the notebook in JupyterLab with the same params to see the whole error."
    )


@pytest.mark.parametrize("ename", ["QualityGate", "annotations", "__builtins__", "LinecardErrors"])
def test_a_name_alone_makes_no_error_of_ours(ename: str) -> None:
    assert type(told(ename, "no sentence")) is AnalysisFailed


def test_memory_and_disk_have_advice_of_their_own() -> None:
    assert "run with --jobs 1" in str(told("MemoryError", ""))
    full = told("OSError", "[Errno 28] No space left on device: 'x'")
    assert isinstance(full, StorageFailed)
    assert "expected room on the disk" in str(full)
