from __future__ import annotations

import ast
import json
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.basis.errors import AnalysisFailed, QualityGate, TimeLimit
from analysis.run.notebooks import executed, notebook_bytes, read_notebook
from analysis.run.stop import Stop

if TYPE_CHECKING:
    from tests.run.conftest import Project

FROZEN = "data/runs/tiny/params/tiny.yml"


def run(path: Path, *, minutes: float = 1, stop: Stop | None = None, params_file: str = FROZEN) -> dict[str, object]:
    """What the notebook's last cell printed as JSON."""
    done = executed(path, params_file=params_file, root=path.parents[1], minutes=minutes, stop=stop or Stop())
    return json.loads(done.cells[-1].outputs[0].text)


LOOK_AROUND = """\
import json, os, sys
names = ('OMP_NUM_THREADS', 'PYTHONHASHSEED', 'MPLBACKEND', 'LINECARD_CHAPTER')
private = os.stat(os.environ['JUPYTER_RUNTIME_DIR']).st_mode & 0o077 == 0
found = {'file': params_file, 'cwd': os.getcwd(), 'python': sys.executable, 'private': private}
mine = {os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if os.path.islink(f'/proc/self/fd/{n}')}
lines = [line for name in ('tcp', 'tcp6') for line in open(f'/proc/self/net/{name}').readlines()[1:]]
found['sockets'] = any(name.startswith('socket:') for name in mine)
found['ports'] = [line for line in lines if f'socket:[{line.split()[9]}]' in mine]
"""


def test_a_notebook_runs_in_the_projects_root_with_this_interpreter_and_one_parameter(project: Project) -> None:
    path = project.notebook("40_churn", LOOK_AROUND, "print(json.dumps(found | {n: os.environ[n] for n in names}))")
    assert run(path) == {
        "file": FROZEN,
        "cwd": str(project.root),
        "python": sys.executable,
        "private": True,
        "sockets": True,
        "ports": [],
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "agg",
        "LINECARD_CHAPTER": "40_churn",
    }


def test_what_is_injected_are_constants_and_what_is_kept_has_no_clock(project: Project) -> None:
    path = project.notebook("10_data", "print('{}')")
    payload = "x'\"\n{{7*7}}\\__import__('os').system('touch broken')#.yml"
    done = executed(path, params_file=payload, root=project.root, minutes=1, stop=Stop())
    (cell,) = [cell for cell in done.cells if "injected-parameters" in cell.metadata.tags]
    (assignment,) = ast.parse(cell.source).body
    assert isinstance(assignment, ast.Assign)
    assert ast.literal_eval(assignment.value) == payload
    assert not (project.root / "broken").exists()
    assert done.metadata.papermill == {"input_path": "notebooks/10_data.ipynb"}
    again = executed(path, params_file=payload, root=project.root, minutes=1, stop=Stop())
    assert notebook_bytes(done) == notebook_bytes(again)


def test_an_error_of_ours_keeps_its_class_and_its_words(project: Project) -> None:
    raising = "raise QualityGate('usage.csv', expected='less', found='more: 3.5 %. Much', do='Clean it.')"
    path = project.notebook("10_data", f"from analysis.basis.errors import QualityGate\n{raising}")
    with pytest.raises(QualityGate) as caught:
        run(path)
    assert str(caught.value) == "usage.csv: expected less, found more: 3.5 %. Much. Clean it."


def test_any_other_error_names_the_notebook_and_the_cell(project: Project) -> None:
    path = project.notebook("20_base", "a = 1", "a / 0", "print('{}')")
    with pytest.raises(
        AnalysisFailed, match=r"20_base\.ipynb, code cell 3: .* found ZeroDivisionError: division by zero\."
    ):
        run(path)


def test_a_dead_kernel_is_noticed_within_ten_seconds(project: Project) -> None:
    path = project.notebook("20_base", "import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")
    start = time.monotonic()
    message = r"20_base\.ipynb, code cell 3: .* found kernel died, possibly out of memory\. Free memory"
    with pytest.raises(AnalysisFailed, match=message):
        run(path)
    assert time.monotonic() - start < 20  # ten for the kernel's death, the rest for its start on a busy machine


def test_a_notebook_that_takes_too_long_is_ended(project: Project) -> None:
    path = project.notebook("20_base", "import time", "time.sleep(60)")
    with pytest.raises(TimeLimit, match=r"20_base\.ipynb, .* expected an end within 0\.05 minutes, found none\. Raise"):
        run(path, minutes=0.05)


def test_a_run_that_is_asked_to_end_takes_its_kernel_and_its_children_with_it(project: Project) -> None:
    child = (
        "import subprocess, sys, pathlib\np = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    )
    path = project.notebook("20_base", child, "pathlib.Path('child').write_text(str(p.pid))\np.wait()")
    stop = Stop()
    marker = project.root / "child"

    def ask_when_started() -> None:
        while not marker.exists() or not marker.read_text(encoding="utf-8"):
            time.sleep(0.05)
        stop.ask()

    asker = threading.Thread(target=ask_when_started, daemon=True)
    asker.start()
    with pytest.raises(AnalysisFailed, match="kernel died"):
        run(path, stop=stop)
    state = Path(f"/proc/{marker.read_text(encoding='utf-8')}/stat")
    assert not state.exists() or state.read_text(encoding="utf-8").split()[2] == "Z"


@pytest.mark.parametrize("cell", ["input('x')", "!ls", "%%bash\nls"])
def test_a_notebook_that_cannot_run_unattended_is_refused_before_it_runs(cell: str, project: Project) -> None:
    path = project.notebook("10_data", cell)
    with pytest.raises(AnalysisFailed, match=r"10_data\.ipynb, code cell 2: expected a cell that runs unattended"):
        read_notebook(path)


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"nbformat": 4}', "[1]"])
def test_a_file_that_is_no_notebook_is_refused(text: str, project: Project) -> None:
    path = project.write("notebooks/10_data.ipynb", text)
    with pytest.raises(
        AnalysisFailed, match=r"10_data\.ipynb: expected (a notebook|one cell tagged parameters), found"
    ):
        read_notebook(path)
