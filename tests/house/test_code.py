"""What no file of the product may hold: a second idea, code made of text, a path of somebody's machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 300  # lines; a longer file is two ideas
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff"}

PLAIN = {"eval", "exec", "compile", "__import__"}
METHODS = {"eval", "query", "read_pickle", "to_pickle"}  # pandas runs the text it is given
QUALIFIED = {"os.system", "os.popen", "yaml.load", "yaml.unsafe_load", "subprocess.getoutput"}
MODULES = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "yaml"}

MACHINE = re.compile(
    r"(?<![\w.$}<-])/(?:home|root|Users|tmp|work|mnt|srv|private)/\w|\b[A-Z]:\\\\?\w|~/\w|\.\./shared\b"
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|# *noqa|type: *ignore(?!\[)|pragma: no cover|NotImplementedError")


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def words() -> Iterator[tuple[str, str]]:
    """Name and text of every hand-written file of the product: code, notebooks, params, pages, ways of making it."""
    patterns = (
        "src/**/*",
        "notebooks/*",
        "params/**/*",
        "data/README.md",
        "*.md",
        "*.yml",
        "*.toml",
        "Makefile",
        ".ci/*",
    )
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
        if path.is_file() and path.suffix in {
            "",
            ".py",
            ".md",
            ".yml",
            ".sql",
            ".toml",
            ".ipynb",
            ".typ",
            ".j2",
            ".css",
            ".mplstyle",
        }:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def banned_calls(source: str) -> list[str]:
    """The calls and imports in the code that run text, or a file, as code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found += [f"import {name}" for name in names if name.split(".")[0] in MODULES]
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in PLAIN | QUALIFIED or (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS):
            found.append(f"{called}()")
        if any(word.arg == "shell" and getattr(word.value, "value", True) for word in node.keywords):
            found.append(f"{called}(shell=True)")
        if any(word.arg == "allow_pickle" and getattr(word.value, "value", True) for word in node.keywords):
            found.append(f"{called}(allow_pickle=True)")
    return found


def code_of(notebook: Path) -> str:
    cells = nbformat.read(notebook, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def test_a_file_is_one_idea():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files("src")}
    got = {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > LONGEST}
    assert got == {}


def test_no_module_has_a_name_that_says_nothing():
    got = [str(path.relative_to(ROOT)) for path in python_files("src", "tests") if path.stem in VAGUE]
    assert got == []


def test_nothing_runs_text_as_code():
    sources = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in python_files("src")}
    sources |= {path.name: code_of(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    got = {name: banned_calls(source) for name, source in sources.items()}
    assert {name: calls for name, calls in got.items() if calls} == {}


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("import pickle", "import pickle"),
        ("from yaml import load", "import yaml"),
        ("eval(text)", "eval()"),
        ("frame.query('a > 1')", "frame.query()"),
        ("pd.eval('1 + 1')", "pd.eval()"),
        ("os.system('ls')", "os.system()"),
        ("subprocess.run(x, shell=True)", "subprocess.run(shell=True)"),
        ("np.load(x, allow_pickle=True)", "np.load(allow_pickle=True)"),
    ],
)
def test_a_call_that_runs_text_is_found(source: str, call: str):
    assert banned_calls(source) == [call]


def test_an_honest_call_is_no_banned_one():
    assert banned_calls("import json\nsubprocess.run(['ls'], shell=False)\nframe.filter(x)") == []


def test_no_file_names_a_folder_of_one_machine():
    got = [f"{name}: {found.group()}" for name, text in words() for found in MACHINE.finditer(text)]
    assert got == []


@pytest.mark.parametrize("text", ["see /home/jo", "C:\\Users", "`/tmp/x`", "at ~/extracts", "in ../shared/data"])
def test_a_path_of_a_machine_is_found(text: str):
    assert MACHINE.search(text)


@pytest.mark.parametrize(
    "text", ["src/run/store.py", "https://example.org/home/x", "and/or", "${X:-../../../data/raw}/ibm"]
)
def test_a_path_of_the_project_is_none_of_a_machine(text: str):
    assert not MACHINE.search(text)


def test_processes_are_started_anew_everywhere():
    """A forked copy of a process that has run threads may wait for their locks for ever."""
    got = [
        path.name for path in python_files("src", "tests") if re.search(r"\bProcessPoolExecutor\(", path.read_text())
    ]
    assert got == ["pool.py"]


def test_nothing_is_left_unfinished_or_silenced():
    got = [f"{name}: {found.group()}" for name, text in words() for found in UNFINISHED.finditer(text)]
    assert got == []


def test_no_page_opens_jupyter_without_its_token():
    got = [
        name for name, text in words() if re.search(r"token\s*=\s*['\"]?\s*['\"]?(\s|$)|password\s*=\s*['\"]{2}", text)
    ]
    assert got == []
