"""Which sheet of a workbook holds a raw table, and which row names its columns, as source.yml may say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analysis.basis.errors import ParamsError
from analysis.extracts.reading import reading


def test_a_sheet_and_a_header_row_hold_for_every_raw_table_or_for_its_own(written: Callable[..., Any]) -> None:
    every = written(sheet="Kunden", header_row="3")
    own = written(sheet='{customers: Kunden, bills: "2024"}', header_row="{bills: 2}")
    got = [
        (how.sheet, how.header_row) for how in (reading(every, "x"), reading(own, "bills"), reading(own, "customers"))
    ]
    assert got == [("Kunden", 3), ("2024", 2), ("Kunden", None)]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("sheet", "2024", "expected the name of a sheet, found 2024. Write `Kunden`, or `{raw table: Kunden}`; a name"),
        ("sheet", "{a: true}", "expected the name of a sheet, found true."),
        ("header_row", "0", "expected the number of a row, from 1, found 0. Write `3`, or `{raw table: 3}`"),
        ("header_row", "{a: first}", "expected the number of a row, from 1, found 'first'."),
        ("optional", "[usag]", "expected the name of a contract table, found 'usag'. Did you mean usage?"),
        ("on_bad_bytes", "skip", "expected 'refuse' or 'quarantine', found 'skip'."),
        ("max_file_gb", "0", "expected a number > 0, found 0."),
    ],
)
def test_a_key_about_files_that_means_nothing_is_refused(
    written: Callable[..., Any], key: str, value: str, words: str
) -> None:
    with pytest.raises(ParamsError) as error:
        written(**{key: value})
    assert str(error.value).startswith("params/sources/acme/source.yml:7:")
    assert words in str(error.value)
