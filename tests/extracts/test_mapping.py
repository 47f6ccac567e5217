"""The description of a source: every key, and what is said about a wrong one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.basis.errors import ParamsError
from analysis.extracts.mapping import read_source, shown_folder

LINES = """name: Acme Broadband
format: csv
files: {files}
observed_from: 2024-01-01
currency: EUR
timezone: Europe/Berlin
"""


@pytest.fixture
def refused(folder: Path) -> Callable[..., str]:
    """The message with which a description is refused."""

    def message(text: str, environ: dict[str, str] | None = None) -> str:
        (folder / "source.yml").write_text(text)
        with pytest.raises(ParamsError) as error:
            read_source(folder, environ=environ or {})
        return str(error.value)

    return message


def test_every_key_is_read(folder: Path) -> None:
    (folder / "source.yml").write_text(
        LINES.format(files="raw")
        + "covers_from: {usage: 2024-07-01}\nknown_at: {attr_level: snapshot, plan: start_date}\n"
        + 'snapshot_date: 2026-06-30\ncsv: {delimiter: ";", encoding: cp1252, decimal: ",", date_format: "%d.%m.%Y"}\n'
    )
    (folder / "usage.sql").write_text("SELECT * FROM meter;\n")
    got = read_source(folder, environ={})
    assert (got.name, got.format, got.currency, got.timezone) == ("Acme Broadband", "csv", "EUR", "Europe/Berlin")
    assert (got.observed_from, got.snapshot_date) == (dt.date(2024, 1, 1), dt.date(2026, 6, 30))
    assert got.covers_from == {"usage": dt.date(2024, 7, 1)}
    assert got.known_at == {"attr_level": "snapshot", "plan": "start_date"}
    assert got.csv.model_dump() == {"delimiter": ";", "encoding": "cp1252", "decimal": ",", "date_format": "%d.%m.%Y"}
    assert got.files == (folder / "raw").resolve()
    assert got.selects == {"usage": "SELECT * FROM meter"}


def test_each_date_column_may_have_formats_of_its_own(written: Callable[..., Any]) -> None:
    got = written(csv='{date_format: {default: "%d.%m.%Y", opened_at: [epoch_s, "%Y-%m-%d"], usage.month: "%Y%m%d"}}')
    asked = [("tickets", "opened_at"), ("usage", "month"), ("network", "month")]
    assert [got.csv.date_formats(*one) for one in asked] == [("epoch_s", "%Y-%m-%d"), ("%Y%m%d",), ("%d.%m.%Y",)]
    assert written(csv='{date_format: {opened_at: "%d.%m.%Y"}}').csv.date_formats("usage", "month") == ("%Y-%m-%d",)


def test_what_is_left_out_takes_the_defaults(written: Callable[..., Any]) -> None:
    got = written()
    assert got.csv.model_dump() == {"delimiter": None, "encoding": "utf-8", "decimal": ".", "date_format": "%Y-%m-%d"}
    assert (got.covers_from, got.known_at, got.snapshot_date, got.selects) == ({}, {}, None, {})


def test_a_folder_is_named_from_params_on_or_by_its_own_name(tmp_path: Path) -> None:
    assert shown_folder(tmp_path / "params" / "sources" / "acme") == "params/sources/acme"
    assert shown_folder(tmp_path / "elsewhere" / "acme") == "acme"


@pytest.mark.parametrize(
    ("files", "environ", "end"),
    [
        ("${EXTRACTS:-raw}", {}, "acme/raw"),
        ("${EXTRACTS:-raw}", {"EXTRACTS": ""}, "acme/raw"),
        ("${EXTRACTS:-raw}/q3", {"EXTRACTS": "/data"}, "/data/q3"),
        ("${EXTRACTS}/q3", {"EXTRACTS": "/data"}, "/data/q3"),
        ("../other", {}, "sources/other"),
    ],
)
def test_files_are_relative_to_the_source_and_may_begin_with_a_variable(
    folder: Path, files: str, environ: dict[str, str], end: str
) -> None:
    (folder / "source.yml").write_text(LINES.format(files=files))
    assert str(read_source(folder, environ=environ).files).endswith(end)


def test_a_variable_that_is_not_set_is_named(refused: Callable[..., str]) -> None:
    assert refused(LINES.format(files="${EXTRACTS}/q3")) == (
        "params/sources/acme/source.yml:3:1: expected the environment variable EXTRACTS, found that it is not set. "
        "Set it to the folder of the extracts, or write ${EXTRACTS:-default}."
    )


@pytest.mark.parametrize(
    "files", ["http://example.org/q3", "s3://bucket/q3", "file:///data", '"${EXTRACTS:-https://example.org}/q3"']
)
def test_an_address_is_not_read(refused: Callable[..., str], files: str) -> None:
    assert refused(LINES.format(files=files)) == (
        "params/sources/acme/source.yml:3:1: expected a folder or file on this machine, found an address. "
        "Addresses are not read: copy the extracts here and name their path."
    )


@pytest.mark.parametrize("line", ["", "observed_from:\n"])
def test_a_source_must_say_since_when_leavers_are_kept(refused: Callable[..., str], line: str) -> None:
    text = LINES.format(files="raw").replace("observed_from: 2024-01-01\n", line)
    assert refused(text) == (
        "params/sources/acme/source.yml: expected observed_from, the first day whose leavers are in the extract, "
        "found no such key. Without it everyone who left earlier is missing unseen, and survival comes out far too "
        "long. Ask who made the extract since when leavers are kept, and write it here, e.g. `observed_from: "
        "2024-01-01`."
    )


TABLE = "expected the name of a contract table"
COLUMN = "expected a column of customers or subscriptions, or attr_…"
MOMENT = "expected signup, observed_from, snapshot or a date column"
WRITTEN = "expected a date_format with year, month and day, like %Y-%m-%d"
ONE_WAY = "expected formats that read a text one way only"
DATED = "expected `default` or a date column of the contract"
ENCODING = "expected an encoding like utf-8 or gb18030"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("colour: red", "7:1: expected a known key, found 'colour'"),
        ("covers_frm: {}", "7:1: expected a known key, found 'covers_frm'. Did you mean `covers_from`?"),
        ("snapshot_date: soon", "7:1: expected a date"),
        ("covers_from: {usages: 2024-01-01}", f"7:15: {TABLE}, found 'usages'. Did you mean usage?"),
        ("known_at: {colour: snapshot}", f"7:12: {COLUMN}, found 'colour'."),
        ("known_at: {plan: someday}", f"7:12: {MOMENT}, found 'someday'."),
        ("known_at: {plan: start_dat}", f"7:12: {MOMENT}, found 'start_dat'. Did you mean start_date?"),
        ('csv: {delimiter: ";;"}', "7:7: expected a delimiter of one character, found ';;'."),
        ("csv: {encoding: klingon}", f"7:7: {ENCODING}, found 'klingon'."),
        ("csv: {encoding: rot13}", f"7:7: {ENCODING}, found 'rot13'."),
        ('csv: {date_format: "%Y-%m"}', f"7:7: {WRITTEN} (of months alone: {{month: \"%Y-%m\"}}), found '%Y-%m'."),
        ('csv: {date_format: {opened_at: "%m/%Y"}}', f'7:7: {WRITTEN} (of months alone: {{month: "%m/%Y"}}), found'),
        ('csv: {date_format: {month: "%d/%Y"}}', f"7:7: {WRITTEN}, found '%d/%Y'."),
        ('csv: {date_format: "YYYY-MM-DD"}', f"7:7: {WRITTEN}, found 'YYYY-MM-DD'."),
        ('csv: {date_format: ["%Y-%m-%d", "%Y-%m"]}', f"7:7: {WRITTEN} (of months alone"),
        ("csv: {date_format: []}", f"7:7: {WRITTEN}, found ''."),
        ('csv: {date_format: ["%d/%m/%Y", "%m/%d/%Y"]}', f"7:7: {ONE_WAY}, found '%d/%m/%Y and %m/%d/%Y'."),
        ('csv: {date_format: {opened: "%d/%m/%Y"}}', f"7:21: {DATED}, found 'opened'. Did you mean opened_at?"),
        ('csv: {decimal: ";"}', "7:7: expected"),
    ],
)
def test_a_key_that_means_nothing_is_refused_where_it_stands(
    refused: Callable[..., str], line: str, words: str
) -> None:
    got = refused(LINES.format(files="raw") + line + "\n")
    assert got.startswith(f"params/sources/acme/source.yml:{words}")


@pytest.mark.parametrize(
    ("key", "value", "start"),
    [
        ("currency", "euro", ":5:1: expected an ISO 4217 code of three capitals, like EUR, found 'euro'."),
        ("timezone", "Berlin", ":6:1: expected a time zone like Europe/Berlin, found 'Berlin'."),
        ("timezone", "../etc", ":6:1: expected a time zone like Europe/Berlin, found '../etc'."),
        ("format", "word", ":2:1: expected 'csv', 'excel', 'parquet' or 'postgres'"),
    ],
)
def test_a_required_key_with_a_wrong_value_is_refused(
    refused: Callable[..., str], key: str, value: str, start: str
) -> None:
    lines = [f"{key}: {value}" if line.startswith(key) else line for line in LINES.format(files="raw").splitlines()]
    assert refused("\n".join(lines)).startswith(f"params/sources/acme/source.yml{start}")


def test_a_folder_without_a_description_names_its_neighbours(folder: Path) -> None:
    (folder / "source.yml").write_text(LINES)
    with pytest.raises(ParamsError) as error:
        read_source(folder.parent / "acne", environ={})
    assert str(error.value) == (
        "params/sources/acne/source.yml: expected a source description, found no such file. Sources beside it: acme."
    )


def test_a_select_for_no_contract_table_is_refused(written: Callable[..., Any]) -> None:
    with pytest.raises(ParamsError) as error:
        written(selects={"usages": "SELECT 1"})
    assert str(error.value) == (
        "params/sources/acme/usages.sql: expected a file named for a contract table, found usages.sql. "
        "Did you mean usage.sql?"
    )


def test_a_select_that_needs_the_snapshot_date_must_have_one(written: Callable[..., Any]) -> None:
    with pytest.raises(ParamsError, match=r"usage\.sql: expected a snapshot_date in source\.yml, found none\. Add"):
        written(selects={"usage": "SELECT $snapshot_date AS month FROM meter"})


def test_a_select_is_judged_when_the_source_is_read(written: Callable[..., Any]) -> None:
    with pytest.raises(ParamsError, match=r"params/sources/acme/usage\.sql: expected one SELECT .* found DROP"):
        written(selects={"usage": "DROP TABLE meter"})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "codes: {regoin: [N]}",
            "7:9: expected a column of text of the contract, found 'regoin'. Did you mean region?",
        ),
        ("codes: {customer_id: [N]}", "7:9: expected a column of text of the contract, found 'customer_id'."),
        ("codes: {region: []}", "7:9: expected a list of codes, found 'none'."),
        (
            "extracted_at: soon",
            "7:1: expected a day like 2026-10-02, or a moment like 2026-10-02 06:00:00, found 'soon'.",
        ),
    ],
)
def test_codes_and_the_day_of_the_extract_must_mean_something(
    refused: Callable[..., str], line: str, words: str
) -> None:
    assert refused(LINES.format(files="raw") + line + "\n").startswith(f"params/sources/acme/source.yml:{words}")


def test_the_day_of_the_extract_may_have_an_hour(written: Callable[..., Any]) -> None:
    got = written(extracted_at="2026-10-02")
    assert (got.extracted_on, got.whole_until) == (dt.date(2026, 10, 2), dt.date(2026, 10, 2))
    got = written(extracted_at="2026-10-02 06:00:00")
    assert (got.extracted_on, got.whole_until) == (dt.date(2026, 10, 2), dt.date(2026, 10, 1))
    assert written().extracted_on is None
