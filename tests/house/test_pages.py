"""The pages for people agree with the code: every contract table and column described, every make target there."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.extracts.contract import CONTRACT, Column

ROOT = Path(__file__).parents[2]
PROMISES = (ROOT / "data/README.md").read_text(encoding="utf-8")


def section(table: str) -> str:
    """What data/README.md says of one table."""
    return PROMISES.split(f"\n### {table}\n", maxsplit=1)[1].split("\n### ")[0]


def allowed(column: Column) -> str:
    if column.low is None:
        return ", ".join(column.values)
    return f"{column.low} or more" if column.high is None else f"{column.low} to {column.high}"


def test_every_table_of_the_contract_is_promised_and_no_other():
    assert re.findall(r"^### (\w+)$", PROMISES, re.MULTILINE) == list(CONTRACT)


def test_every_promise_gives_columns_types_and_values_as_the_contract_has_them():
    for table in CONTRACT.values():
        rows = re.findall(r"^\| `(\w+)`(\*?) \| (\w+) \| (.*?) ?\|", section(table.name), re.MULTILINE)
        got = [(name, star == "*", kind, values) for name, star, kind, values in rows]
        assert got == [(each.name, each.required, each.type, allowed(each)) for each in table.columns]


def test_every_promise_says_what_a_row_is_and_what_is_its_key():
    for table in CONTRACT.values():
        key = ", ".join(f"`{name}`" for name in table.key) or "none"
        assert f"One row is {table.grain}." in section(table.name)
        assert f"Key: {key}." in section(table.name)


def test_every_promise_says_when_a_row_and_its_cells_are_known():
    for table in CONTRACT.values():
        said = section(table.name)
        assert (
            "Known from: " + ", else ".join(f"`{name}`" for name in table.own_date) + "." in said
        ) or not table.own_date
        got = {
            day: tuple(re.findall(r"\w+", cells))
            for day, cells in re.findall(r"Missing until `(\w+)`: ([^.]*)\.", said)
        }
        assert got == dict(table.settled_by)


def test_every_make_target_that_a_page_names_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pages = [*ROOT.glob("*.md"), ROOT / "data/README.md", ROOT / ".ci/run"]
    named = {
        (page.name, word) for page in pages for word in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))
    }
    assert {each for each in named if each[1] not in targets} == set()


def test_every_make_target_has_a_line_of_help():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert rules == set(re.findall(r"^([a-z-]+):.*## \w", makefile, re.MULTILINE))


def test_every_relative_link_of_a_page_leads_somewhere():
    pages = [*ROOT.glob("*.md"), ROOT / "data/README.md"]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    ]
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []
