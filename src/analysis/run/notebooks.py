"""One notebook, executed from a clean start, with one parameter."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from analysis.basis.errors import AnalysisFailed, LinecardError, TimeLimit
from analysis.run.cells import check_cells, check_parameters
from analysis.run.kernel import running_kernel
from analysis.run.kernel_errors import raised_in_kernel
from analysis.run.stages import CHAPTER
from analysis.run.stop import Stop, kill_group

PARAMETER = "params_file"
OUTPUT_PATIENCE_S = 60  # nbclient's four seconds are too few on a busy machine

logging.getLogger("papermill").setLevel(logging.CRITICAL)  # it logs what we raise


def read_notebook(path: Path) -> NotebookNode:
    """A notebook as nbformat 4; AnalysisFailed when the file is none, or holds what may not run unattended."""
    try:
        notebook = nbformat.read(str(path), as_version=4)
    except (ValueError, KeyError, AttributeError, nbformat.ValidationError) as error:
        found = str(error).partition("\n")[0][:80]
        do = "Restore the file, or open and save it in JupyterLab."
        raise AnalysisFailed(path.name, expected="a notebook", found=found, do=do) from None
    check_cells(notebook, name=path.name)
    check_parameters(notebook, name=path.name, given=(PARAMETER,))
    return notebook


def executed(path: Path, *, params_file: str, root: Path, minutes: float, stop: Stop) -> NotebookNode:
    """The notebook with its outputs, run in `root`; it keeps no clock times.

    Raises
    ------
    LinecardError
        The notebook's own, when it raised one; AnalysisFailed for anything else it raised and for a dead
        kernel, naming the cell; TimeLimit when it took longer than `minutes`.
    """
    notebook, at, late = read_notebook(path), CellCounter(path.name), threading.Event()
    with running_kernel(cwd=root, environ={CHAPTER: path.stem}, stop=stop) as kernel:
        watchdog = threading.Timer(60 * minutes, _end, args=(kernel.process, late))
        watchdog.daemon = True
        watchdog.start()
        try:
            done = papermill.execute_notebook(
                notebook,
                None,
                {PARAMETER: params_file},
                kernel_name="python3",
                language="python",
                progress_bar=False,
                start_timeout=60 * minutes + 60,
                km=kernel,
                on_cell_start=at.cell_started,
                iopub_timeout=OUTPUT_PATIENCE_S,
                record_timing=False,
            )
        except PapermillExecutionError as error:
            raise raised_in_kernel(error, where=at.place) from None
        except (DeadKernelError, RuntimeError, TimeoutError) as error:
            raise _dead(error, at.place, minutes=minutes, late=late.is_set()) from None
        finally:
            watchdog.cancel()
    return without_clock(done, path)


class CellCounter:
    """Which code cell is being executed, counted as the analyst sees them."""

    def __init__(self, name: str) -> None:
        self.name, self.cell = name, 0

    @property
    def place(self) -> str:
        return f"{self.name}, code cell {self.cell}" if self.cell else f"{self.name}, before its first cell"

    def cell_started(self, cell: NotebookNode, **_: object) -> None:
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", []):
            self.cell += 1


def without_clock(notebook: NotebookNode, path: Path) -> NotebookNode:
    """The notebook without papermill's times; it keeps the name of the file it came from."""
    notebook.metadata["papermill"] = {"input_path": f"notebooks/{path.name}"}
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"  # papermill draws one at random
    return notebook


def _end(process: int, late: threading.Event) -> None:
    late.set()
    kill_group(process)


def _dead(error: Exception, place: str, *, minutes: float, late: bool) -> LinecardError:
    if late:
        do = "Raise minutes_per_notebook in the params, or look at what the cell waits for."
        return TimeLimit(place, expected=f"an end within {minutes:g} minutes", found="none", do=do)
    do = "Free memory, close other programs, or run with --jobs 1."
    found = "kernel died, possibly out of memory"
    if not isinstance(error, DeadKernelError) and "died" not in str(error):
        found, do = f"{type(error).__name__}: {error}".partition("\n")[0], "Run the report again."
    return AnalysisFailed(place, expected="a kernel that runs to the notebook's end", found=found, do=do)


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as a file holds it."""
    text: Any = nbformat.writes(notebook)
    return str(text).encode() + b"\n"
