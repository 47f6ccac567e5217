"""Text files: what becomes of every line, and that both readers agree."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analysis.basis.errors import InputRefused
from analysis.extracts import read_csv as module
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.mapping import CsvFormat, Source
from analysis.extracts.part import Part
from analysis.extracts.read_csv import read_csv
from analysis.extracts.reading import GIGABYTE
from analysis.extracts.reading import Reading as How

Rows = list[tuple[Any, ...]]
Reading = Callable[..., tuple[Part, Rows]]


@pytest.fixture
def reading(tmp_path: Path, engine: Engine) -> Reading:
    """Writes a text and reads it: the part, and the rows as (cells…, _line)."""

    def read(
        text: str | bytes, *, name: str = "raw.csv", how: Mapping[str, Any] | None = None, **form: str
    ) -> tuple[Part, Rows]:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        table = engine.fresh_name()
        part = read_csv(path, name=name, engine=engine, table=table, how=How(CsvFormat(**form), **(how or {})))
        cells = ", ".join(quoted(name) for name in part.columns)
        return part, engine.rows(f"SELECT {cells}, {part.line} AS line FROM {quoted(table)} ORDER BY line")

    return read


@pytest.fixture
def refused(reading: Reading) -> Callable[..., str]:
    """The message with which a text is refused."""

    def message(text: str | bytes, **more: Any) -> str:
        with pytest.raises(InputRefused) as error:
            reading(text, **more)
        return str(error.value)

    return message


def test_cells_are_text_and_only_blank_ones_are_missing(reading: Reading) -> None:
    _, got = reading('a,b,c\n007,NA,None\n12E5," x",\n"",null,"say ""hi"""\n')
    assert got == [("007", "NA", "None", 2), ("12E5", " x", None, 3), (None, "null", 'say "hi"', 4)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_one_line_ending_is_fine(reading: Reading, end: str) -> None:
    part, got = reading(end.join(["a,b", "1,2", "3,4", ""]))
    assert got == [("1", "2", 2), ("3", "4", 3)]
    assert (part.records, part.parsed) == (2, 2)


def test_mixed_line_endings_are_fine(reading: Reading) -> None:
    assert reading("a,b\n1,2\r\n3,4\r5,6")[1] == [("1", "2", 2), ("3", "4", 3), ("5", "6", 4)]


def test_a_byte_order_mark_is_no_part_of_the_first_name(reading: Reading) -> None:
    part, got = reading("\ufeffa,b\n1,2\n")
    assert part.columns == ["a", "b"]
    assert [(one.rule, one.severity, one.rows) for one in part.remarks] == [("mark", "fixed", 1)]
    assert got == [("1", "2", 2)]


def test_the_line_is_the_physical_one_after_blank_lines_and_quoted_breaks(reading: Reading) -> None:
    text = 'a,b\n1,2\n\n3,"two\nlines"\n5,6\n  \n7,8\n'
    part, got = reading(text)
    assert got == [("1", "2", 2), ("3", "two\nlines", 4), ("5", "6", 6), ("7", "8", 8)]
    assert (part.records, part.parsed, part.unreadable) == (4, 4, [])


def test_records_with_another_number_of_fields_are_kept_apart(reading: Reading) -> None:
    part, got = reading("a,b\n1,2\n3\n4,5,6\n7,8\n9,10,\n")
    assert got == [("1", "2", 2), ("7", "8", 5)]
    assert [(bad.line, bad.found, bad.raw) for bad in part.unreadable] == [
        (3, "1 field where the header has 2", "3"),
        (4, "3 fields where the header has 2", "4,5,6"),
        (6, "3 fields where the header has 2", "9,10,"),
    ]
    assert (part.records, part.parsed) == (5, 2)


@pytest.mark.parametrize(("text", "told"), [("3", True), ("3\n", False), ("3,", False), ("3,4,5", False)])
def test_a_last_line_that_ends_early_says_that_the_file_may_be_cut_off(reading: Reading, text: str, told: bool) -> None:
    part, _ = reading(f"a,b\n1,2\n{text}")
    assert ("cut_off" in [remark.rule for remark in part.remarks]) is told
    if told:
        [remark] = part.remarks
        assert remark.found == "on line 3 fewer fields and no end of line: the file may be cut off"
        assert remark.do == "Ask for it again: rows after this one may be missing."


def test_text_after_a_closing_quote_makes_a_record_unreadable(reading: Reading) -> None:
    part, got = reading('a,b\n"1"x,2\n3,4\n')
    assert got == [("3", "4", 3)]
    assert [(bad.line, bad.found, bad.raw) for bad in part.unreadable] == [(2, "text after a closing quote", '"1"x,2')]


@pytest.mark.parametrize("text", ['a,b\n1,2\n3,"x\n5,6\n', 'a,b\n1,2\n3,"x\n5,"y"\n7,8\n', 'a,b\n1,2\n3,"x'])
def test_an_unclosed_quote_is_refused_with_the_line_it_opens_on(refused: Callable[..., str], text: str) -> None:
    assert refused(text) == (
        "raw.csv, line 3: expected every quote closed on its own field, found a quote that opens here and is not "
        "closed where the field ends. Correct that line, or ask for the extract again: rows after it cannot be told "
        "apart."
    )


def test_a_packed_file_reads_like_a_plain_one(reading: Reading) -> None:
    text = b"a,b\n1,2\n"
    part, got = reading(gzip.compress(text, mtime=0), name="raw.csv.gz")
    assert got == reading(text)[1]
    assert part.bytes == len(gzip.compress(text, mtime=0))


def test_a_packed_file_that_is_cut_off_is_refused(refused: Callable[..., str]) -> None:
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 5000, mtime=0)
    got = refused(packed[:-20], name="raw.csv.gz")
    assert got.startswith("raw.csv.gz: expected a complete gzip archive, found one that is cut off or damaged.")


def test_a_plain_file_named_as_packed_is_refused(refused: Callable[..., str]) -> None:
    assert refused("a,b\n1,2\n", name="raw.csv.gz").startswith("raw.csv.gz: expected a complete gzip archive, found no")


@pytest.mark.parametrize(("mark", "name"), [(";", "raw.csv"), ("\t", "raw.csv"), ("|", "raw.csv"), ("\t", "raw.tsv")])
def test_a_plain_header_shows_the_delimiter(reading: Reading, mark: str, name: str) -> None:
    part, got = reading(f"a{mark}b\n1{mark}2,5\n", name=name)
    assert got == [("1", "2,5", 2)]
    usual = "\t" if name.endswith("tsv") else ","
    assert [(remark.rule, remark.severity, remark.found) for remark in part.remarks] == (
        [] if mark == usual else [("delimiter", "fixed", f"columns separated by {mark!r}, as the header shows")]
    )


def test_the_first_records_show_the_delimiter_where_the_header_holds_several(reading: Reading) -> None:
    part, got = reading("fee (EUR, net);b\n1;2\n3;4,5\n")
    assert (part.columns, got) == (["fee (EUR, net)", "b"], [("1", "2", 2), ("3", "4,5", 3)])


@pytest.mark.parametrize("text", ["a;b,c\n1;2,3\n", "a;b|c,d\n1\n", "a,b;c\n1,2;3\n4\n"])
def test_a_delimiter_that_is_not_plain_is_the_usual_one(reading: Reading, text: str) -> None:
    assert reading(f"{text}x,y\n")[0].columns == text.splitlines()[0].split(",")


def test_quotes_behind_a_backslash_are_read_where_no_other_backslash_stands(reading: Reading) -> None:
    part, got = reading('a,b\n1,"say \\"hi\\", \\\\ you"\n2,x\n')
    assert got == [("1", 'say "hi", \\ you', 2), ("2", "x", 3)]
    assert [(remark.rule, remark.severity, remark.rows) for remark in part.remarks] == [("quotes", "fixed", 2)]


def test_a_backslash_that_may_mean_itself_is_left_alone(reading: Reading) -> None:
    part, got = reading('a,b\n1,"C:\\new \\"x\\""\n2,"C:\\"\n')
    assert got == [("2", "C:\\", 3)]
    assert [(bad.rule, bad.line) for bad in part.unreadable] == [("quotes", 2)]
    assert part.remarks == []


def test_a_quote_twice_is_meant_where_that_reads_every_row(reading: Reading) -> None:
    part, got = reading('a,b\n"C:\\","x"\n"D:\\","y"\n')
    assert got == [("C:\\", "x", 2), ("D:\\", "y", 3)]
    assert part.remarks == []


def test_rows_with_bad_bytes_are_set_aside_where_the_source_says_so(reading: Reading) -> None:
    part, got = reading(b"a,b\n1,2\n3,\xff\xe9\n\xe5\xbc\xa0,6\n7,\xe5\n", how={"on_bad_bytes": "quarantine"})
    assert got == [("1", "2", 2), ("张", "6", 4)]
    assert [(bad.rule, bad.line, bad.raw) for bad in part.unreadable] == [
        ("bytes", 3, "3,\\xff\\xe9"),
        ("bytes", 5, "7,\\xe5"),
    ]
    assert (part.records, part.parsed) == (4, 2)


@pytest.mark.parametrize("text", [b"a,\xff\n1,2\n", "a\nb\n".encode("utf-16") + b"\x00"])
def test_bad_bytes_in_the_header_or_in_utf_16_are_refused_all_the_same(
    refused: Callable[..., str], text: bytes
) -> None:
    assert "found a byte that is none" in refused(text, how={"on_bad_bytes": "quarantine"})


@pytest.mark.parametrize("chunk", [7, 16_384, 4_194_304])
@pytest.mark.parametrize(("length", "kept"), [(10_000, 3), (10_001, 2)])
def test_a_field_beyond_the_limit_is_set_aside_wherever_it_lies(
    reading: Reading, monkeypatch: pytest.MonkeyPatch, chunk: int, length: int, kept: int
) -> None:
    monkeypatch.setattr("analysis.extracts.probe.CHUNK", chunk)
    part, got = reading("a,b\n1,2\n" + "x" * length + ",2\n3,4\n")
    assert len(got) == kept
    found = [("length", 3, "one of 10,001")] if kept == 2 else []
    assert [(bad.rule, bad.line, bad.found) for bad in part.unreadable] == found


def test_a_record_too_long_to_hold_is_set_aside_and_cut(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.extracts.text_file.LARGEST_RECORD", 200_000)
    part, got = reading("a,b\n1,2\n" + "x" * 300_000 + ",2\n3,4\n")
    assert got == [("1", "2", 2), ("3", "4", 4)]
    assert [(bad.rule, bad.line, len(bad.raw)) for bad in part.unreadable] == [("length", 3, 100_000)]


def test_a_header_again_and_a_line_of_totals_are_no_rows(reading: Reading) -> None:
    part, got = reading("a,b\n1,2\na,b\n3,4\nTotal:,1.234\n")
    assert got == [("1", "2", 2), ("3", "4", 4)]
    assert [(bad.rule, bad.line, bad.raw) for bad in part.unreadable] == [
        ("header", 3, "a,b"),
        ("total", 5, "Total:,1.234"),
    ]
    assert (part.records, part.parsed) == (4, 2)


@pytest.mark.parametrize("last", ["Total,North", "Totalling,5", "x,Total"])
def test_a_last_row_that_merely_says_total_stays(reading: Reading, last: str) -> None:
    assert reading(f"a,b\n1,2\n{last}\n")[0].unreadable == []


def test_a_line_of_totals_before_others_stays(reading: Reading) -> None:
    assert reading("a,b\nTotal,5\n1,2\n")[0].unreadable == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\r\n1,2\r\n3,4\n", "2 in CRLF, 1 in LF"),
        ("a,b\n1,2\r3,4\n5,6", "2 in LF, 1 in CR"),
        ('a,b\r\n1,"x\ny"\r\n', None),
        ('a,b\r1,"x\ny"\r', None),
    ],
)
def test_lines_that_end_in_several_ways_are_counted_by_records(reading: Reading, text: str, found: str | None) -> None:
    got = [(one.rule, one.severity, one.rows, one.found) for one in reading(text)[0].remarks]
    assert got == ([("line_ends", "fixed", 1, found)] if found else [])


def test_a_declared_delimiter_is_not_guessed(reading: Reading) -> None:
    part, got = reading("a;b\n1;2\n", delimiter=",")
    assert (part.columns, got) == (["a;b"], [("1;2", 2)])


def test_a_declared_encoding_is_used(reading: Reading) -> None:
    assert reading("名字,b\n张,1\n".encode("gb18030"), encoding="gb18030")[1] == [("张", "1", 2)]


def test_one_raw_table_may_have_an_encoding_of_its_own(
    written: Callable[..., Source], cells: Callable[..., Rows], folder: Path
) -> None:
    (folder / "raw" / "a.csv").write_bytes("name\nMüller\n".encode("cp1252"))
    (folder / "raw" / "b.csv").write_bytes("name\nMüller\n".encode())
    source = written(csv="{encoding: {default: cp1252, b: utf-8}}")
    assert [cells(source, table)[0][0] for table in ("a", "b")] == ["Müller", "Müller"]


def test_a_byte_order_mark_says_more_than_the_encoding_declared(reading: Reading) -> None:
    part, got = reading("\ufeffName,b\nMüller,1\n", encoding="cp1252")
    assert got == [("Müller", "1", 2)]
    assert ("encoding", "text in UTF-8, as its byte-order mark says") in [(one.rule, one.found) for one in part.remarks]


def test_utf_16_with_its_mark_is_read_and_mentioned(reading: Reading) -> None:
    part, got = reading("a\tb\né\t1\n".encode("utf-16"))
    assert got == [("é", "1", 2)]
    assert ("encoding", "text in UTF-16, as its byte-order mark says") in [
        (one.rule, one.found) for one in part.remarks
    ]


@pytest.mark.parametrize(
    "line",
    ["Total,5,7", "Summe,,59 Kunden", "Gesamt: 59,,", "Anzahl Kunden: 59,,", ",Stand: 30.09.2026,", "SUM,€ 5.10,7 EUR",
     "Number of customers: 59,,", "合计,,59 户", "As of: 2026-09-30 12:00,,", "Total:,-5.10 %,"],
)  # fmt: skip
def test_a_closing_line_is_no_row(reading: Reading, line: str) -> None:
    part, got = reading(f"a,b,c\n1,2,3\n{line}\n")
    assert got == [("1", "2", "3", 2)]
    assert [(bad.line, bad.rule, bad.raw, bad.found) for bad in part.unreadable] == [
        (3, "total", line, "a line of totals")
    ]


@pytest.mark.parametrize(
    "line",
    ["Total,Roe,7", "Gesamt: 59,Roe,", "Gesamt 59,,", "Summer,,5", "Kunden,,59", "K59,,", "59,,", "Anzahl: 59,North,",
     "Total Energies: 59,,", "Stand,30.09.2026,", "Totals,active,", "Summe,2026-09-30,5", "Sum,5 Main Street,"],
)  # fmt: skip
def test_a_last_line_that_may_be_a_customer_is_a_row(reading: Reading, line: str) -> None:
    part, got = reading(f"a,b,c\n1,2,3\n{line}\n")
    assert len(got) == 2
    assert part.unreadable == []


def test_several_closing_lines_are_no_rows_and_one_amid_rows_is_one(reading: Reading) -> None:
    part, got = reading("a,b\n1,2\nTotal,9\n3,4\nSumme,6\n\nStand: 30.09.2026,\n")
    assert got == [("1", "2", 2), ("Total", "9", 3), ("3", "4", 4)]
    assert [bad.line for bad in part.unreadable] == [5, 7]


def test_a_byte_that_is_no_utf_8_is_refused_with_its_place(refused: Callable[..., str]) -> None:
    assert refused(b"a,b\n1,2\n3,\xff4\n") == (
        "raw.csv, line 3: expected text in utf-8, found a byte that is none, at offset 10. "
        "Set `csv: {encoding: …}` in source.yml if all files are written so; if this one alone is, `csv: "
        "{encoding: {default: utf-8, raw: …}}`, or ask for the extract again."
    )


def test_a_letter_cut_in_half_at_the_end_is_refused(refused: Callable[..., str]) -> None:
    assert refused("a,b\n1,é".encode()[:-1]).startswith("raw.csv, line 2: expected text in utf-8, found a byte that")


def test_the_place_of_a_bad_byte_is_right_beyond_the_first_chunk(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.extracts.probe.CHUNK", 7)
    text = "a,b\né,é\né,é\n".encode() + b"1,\xe9\n"
    assert f"line 4: expected text in utf-8, found a byte that is none, at offset {len(text) - 2}." in refused(text)


def test_utf_8_declared_as_something_else_is_refused(refused: Callable[..., str]) -> None:
    got = refused("a,b\n张三,1\n", encoding="gb18030")
    assert got.startswith("raw.csv: expected text in gb18030, found text that is plainly UTF-8, declared as gb18030.")


def test_a_nul_byte_in_the_header_is_refused(refused: Callable[..., str]) -> None:
    got = refused("a,b\n1,2\n".encode("utf-16-le"))
    assert got.startswith("raw.csv, line 1: expected text, found a NUL byte. Ask")


def test_a_nul_byte_below_the_header_makes_its_record_unreadable(reading: Reading) -> None:
    part, got = reading(b"a,b\n1,2\n3,\x004\n5,6\n")
    assert got == [("1", "2", 2), ("5", "6", 4)]
    assert [(bad.rule, bad.line, bad.found) for bad in part.unreadable] == [("nul", 3, "a NUL byte")]


def test_an_empty_file_is_refused(refused: Callable[..., str]) -> None:
    assert refused("").startswith("raw.csv: expected a header line and rows, found an empty file. Ask for the extract")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04rest", "an Excel workbook or ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1", "an old Excel workbook (.xls)"),
        (b"PAR1rest", "a Parquet file"),
        (b"\x1f\x8b\x08", "a gzip archive without .gz in its name"),
        (b"%PDF-1.7", "a PDF"),
        (b"  <!DOCTYPE html><p>", "HTML"),
        (b"<html><body>", "HTML"),
        (b"<?xml version='1.0'?>", "XML"),
        (b'{"a": 1}', "JSON"),
        (b'[\n {"a": 1}]', "JSON"),
    ],
)
def test_a_text_file_that_is_something_else_is_refused(refused: Callable[..., str], head: bytes, kind: str) -> None:
    assert refused(head).startswith(
        f"raw.csv: expected a text file with separated columns, found {kind}. Give its name"
    )


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("a,,c", "expected a name for every column, found none for column 2. Give it a name, or remove the separator"),
        (
            "Customers as of today,,",
            (
                "expected a name for every column, found none for column 2. If this is a title, remove all that stands "
                "above the line that names the columns; of a workbook, `header_row:` in source.yml can tell that line."
            ),
        ),
        ("a,b,A", "expected each column name once, found 'a' and 'A'"),
        ("a,_line", "expected column names other than _file and _line, found '_line'"),
        ("", "expected column names, found a blank line"),
        ('a,"b', "expected every quote closed on its own field"),
    ],
)
def test_a_header_that_names_no_column_for_sure_is_refused(
    refused: Callable[..., str], header: str, words: str
) -> None:
    assert refused(f"{header}\n1,2,3\n").startswith(f"raw.csv, line 1: {words}")


def test_a_text_larger_than_the_limit_is_refused_before_it_is_unpacked(
    refused: Callable[..., str],
) -> None:
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 500_000)
    got = refused(packed, name="raw.csv.gz", how={"largest": GIGABYTE // 1000})
    assert got.startswith("raw.csv.gz: expected at most 0.001 GB of text, found more when unpacked. Split it")


def test_a_path_with_wildcards_is_read_as_the_one_file_it_is(reading: Reading) -> None:
    reading("a,b\n5,6\n", name="raw1.csv")
    assert reading("a,b\n1,2\n", name="raw[1].csv")[1] == [("1", "2", 2)]


def test_more_rows_than_a_batch_keep_their_lines(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.extracts.records.BATCH", 3)
    _, got = reading("a,b\n\n" + "".join(f"{n},x\n" for n in range(10)))
    assert got == [(str(n), "x", n + 3) for n in range(10)]


_CELL = st.text(alphabet=st.sampled_from('a1 ,"\n\r\t;é\u2028\u3000\\#'), max_size=4)


def _written(rows: list[list[str]], end: str, quoting: Literal[0, 1]) -> str:
    """Rows as `csv` writes them, quotes where needed (0) or everywhere (1)."""
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows([["a", "b"], *rows])
    return text.getvalue()


_TEXTS = st.one_of(
    st.builds(
        _written,
        st.lists(st.lists(_CELL, min_size=2, max_size=2), min_size=1, max_size=6),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from([0, 1]),
    ),
    st.lists(st.text(alphabet=st.sampled_from('a1 ,"\r'), max_size=6), min_size=1, max_size=5).map(
        lambda lines: "a,b\n" + "\n".join(lines)
    ),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_TEXTS)
@example(text='a,b\n1, "x"\n')
@example(text='a,b\n1,\t"x"\n')
@example(text='a,b\n "1",2\n')
@example(text="a,b\n1,2,")
@example(text="a,b\n1,2\n\n\n")
@example(text='a,b\n1,"2\n"\n3\n')
@example(text="a,b\n1,2\na,b\n3,4\na,b\nTotal,10\n")
@example(text="a,b\nTotal,1\n合计:,\n")
@example(text="a,b\n1,2\n3,\0\n")
@example(text="a,b\n" + "x" * 10_001 + ",1\n" + "y" * 10_000 + ",2\n")
@example(text='a,b\n1,"' + "x\n" * 5_001 + '"\n')
def test_both_readers_make_the_same_table(reading: Reading, text: str) -> None:
    """Whatever the fast reader accepts, the exact one reads the same, line numbers included."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_read_fast", lambda *_, **__: 0)
        exact = _outcome(reading, text)
    assert _outcome(reading, text) == exact


def _outcome(reading: Reading, text: str) -> tuple[Any, ...]:
    try:
        part, rows = reading(text)
    except InputRefused as error:
        return (str(error),)
    return rows, part.records, part.parsed, part.unreadable, part.remarks


def test_a_plain_file_is_read_by_the_engine(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_read_exact", lambda *_, **__: pytest.fail("read record by record"))
    assert reading('a,b\r\n1,"x, y"\r\n3,"so""so"\r\n')[1] == [("1", "x, y", 2), ("3", 'so"so', 3)]


def test_lines_are_told_by_the_place_of_rows_however_many_threads_read_the_file(tmp_path: Path) -> None:
    rows, path = 400_000, tmp_path / "numbers.csv"
    path.write_text("n,filler\n" + "".join(f"{line},{'x' * (line % 90)}\n" for line in range(2, rows + 2)))
    with Engine(threads=4) as engine:
        part = read_csv(path, name=path.name, engine=engine, table="raw", how=How())
        [(wrong, found)] = engine.rows(f"SELECT count(*) FILTER (CAST(n AS BIGINT) <> {part.line}), count(*) FROM raw")
    assert (part.line, wrong, found) == ("rowid + 2", 0, rows)
