"""One list of libraries: what is imported is declared, what is declared is used, and every list agrees."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"]
OWN = {"analysis", "tests"}

# Declared, and imported nowhere: each with what it is for.
TOOLS = {
    "jupyterlab": "the analyst's workbench, `make lab`",
    "jupyter-server": "comes with JupyterLab; its floor keeps out versions with known holes",
    "fonttools": "makes the font subset, `present/fonts/make_fonts.py`",
    "import-linter": "`make lint`: floors",
    "mypy": "`make lint`: types",
    "nbstripout": "`make lint`: notebooks without output",
    "pytest-cov": "`make coverage`",
    "pytest-xdist": "`make test` on two cores",
    "ruff": "`make lint`: style",
}


def distribution(requirement: str) -> str:
    """The name of a requirement as an index writes it: lower case, hyphens."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement).group()).lower()


def imported(source: str) -> set[str]:
    """Top-level names that the code imports, the standard library and our own left out."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - OWN - {"__future__"}


# Run by a developer, never by the product: may use what only developers have.
SCRIPTS = {"src/analysis/present/fonts/make_fonts.py"}


def imports_below(folder: str) -> dict[str, str]:
    """Distribution -> one file below the folder that imports it."""
    known = packages_distributions()
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        file = str(path.relative_to(ROOT))
        for name in imported(path.read_text(encoding="utf-8")) if file not in SCRIPTS else ():
            found[distribution(known.get(name, [name])[0])] = file
    return found


def test_the_product_imports_only_what_it_declares():
    declared = {distribution(each) for each in RUNTIME}
    got = {name: file for name, file in imports_below("src").items() if name not in declared}
    assert got == {}


def test_the_tests_import_only_what_is_declared():
    declared = {distribution(each) for each in RUNTIME + DEVELOPMENT}
    got = {name: file for name, file in imports_below("tests").items() if name not in declared}
    assert got == {}


def test_every_declared_library_is_used_or_is_a_tool_with_a_reason():
    product = set(imports_below("src")) | set(TOOLS)
    tests = set(imports_below("tests")) | set(TOOLS)
    got = [each for each in RUNTIME if distribution(each) not in product]
    got += [each for each in DEVELOPMENT if distribution(each) not in tests]
    assert got == []


def test_every_tool_is_declared_and_imported_nowhere():
    declared = {distribution(each) for each in RUNTIME + DEVELOPMENT}
    assert set(TOOLS) - declared == set()
    assert set(TOOLS) & set(imports_below("src")) == set()


def test_an_import_inside_a_function_is_seen_and_our_own_is_not():
    got = imported("import os\nfrom analysis.basis import quarter\ndef f():\n    from bs4.element import Tag\n")
    assert got == {"bs4"}


def test_a_requirement_is_known_by_its_name_alone():
    got = [distribution(each) for each in ("ruamel.yaml>=0.18", "great_tables >=1.1", "typst==0.15.*")]
    assert got == ["ruamel-yaml", "great-tables", "typst"]


def test_environment_yml_lists_the_same_libraries_with_the_same_bounds():
    environment = YAML(typ="safe").load(ROOT / "environment.yml")["dependencies"]
    by_pip = environment[-1]["pip"]
    assert sorted(by_pip) == sorted(["-e .", *RUNTIME, *DEVELOPMENT])


def test_environment_yml_asks_for_the_same_python():
    environment = YAML(typ="safe").load(ROOT / "environment.yml")["dependencies"]
    assert environment[0] == "python" + PROJECT["project"]["requires-python"]


def test_the_lock_was_made_from_this_list():
    (own,) = (package for package in LOCK["package"] if package["name"] == PROJECT["project"]["name"])
    metadata = own["metadata"]
    got = {
        each["name"]: each.get("specifier", "") for each in metadata["requires-dist"] + metadata["requires-dev"]["dev"]
    }
    want = {distribution(each): re.sub(r"^[\w.-]+", "", each) for each in RUNTIME + DEVELOPMENT}
    assert got == {name: ",".join(sorted(bounds.split(","), reverse=True)) for name, bounds in want.items()}
    assert LOCK["requires-python"].replace(" ", "") == PROJECT["project"]["requires-python"]


def test_everything_locked_comes_from_the_public_index():
    got = {
        package["name"]: package["source"]
        for package in LOCK["package"]
        if package["source"] not in ({"registry": "https://pypi.org/simple"}, {"editable": "."})
    }
    assert got == {}


def test_versions_with_known_holes_are_shut_out():
    locked = {package["name"]: package["version"] for package in LOCK["package"]}
    floors = {"jupyter-server": (2, 20), "nbconvert": (7, 17)}
    got = {name: tuple(int(part) for part in locked[name].split(".")[:2]) for name in floors}
    assert all(got[name] >= floor for name, floor in floors.items())
    assert all(f"{name}>={'.'.join(map(str, floor))}" in RUNTIME for name, floor in floors.items())
