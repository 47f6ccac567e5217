"""What the bytes of a text file say before anything is parsed: one pass, in chunks."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from analysis.basis.errors import InputRefused
from analysis.extracts.chinese import is_chinese_header
from analysis.extracts.part import LONGEST_FIELD
from analysis.extracts.reading import GIGABYTE, Reading

CHUNK = 4 * 1024 * 1024
_BINARY = {
    b"PK\x03\x04": "an Excel workbook or ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive without .gz in its name",
    b"%PDF": "a PDF",
}
_MARKUP = ((rb"<(!doctype|html|table|head|body)", "HTML"), (rb"<\?xml", "XML"), (rb"\{\s*\"|\[\s*[\[{\"]", "JSON"))
_DO_SEND = "Ask for the extract again, or unpack it to see where it ends."


@dataclass(frozen=True)
class Probe:
    """Facts about a text file: `lines` are physical lines of the unpacked text, `encoding` the one it is read in.

    `plain` text has lines that all end the same way (LF or CRLF), no quote behind a blank, and nothing of the rest:
    `mixed_ends`; `broken`, bytes that its encoding does not know; `nul` bytes; a `long_line`, which may be a field
    beyond the limit. `marked`: it begins with a byte-order mark. `escaped`: a quote stands behind a backslash.
    """

    sha256: str
    bytes: int
    lines: int
    encoding: str
    plain: bool
    marked: bool
    mixed_ends: bool
    broken: bool
    nul: bool
    long_line: bool
    escaped: bool


def opened(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked where its name ends in .gz."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def probe(path: Path, *, name: str, how: Reading) -> Probe:
    """Read every byte once and say what the text is like.

    Raises
    ------
    InputRefused
        When the file is empty, not text, cut off, too large, or holds bytes its encoding does not know (unless the
        source sets such rows aside).
    """
    digest, tally = hashlib.sha256(), None
    size = path.stat().st_size
    if size > how.largest:
        raise _too_large(name, how, found=f"{size / GIGABYTE:.2g} GB")
    if path.suffix == ".gz":
        with path.open("rb") as packed:
            for chunk in iter(lambda: packed.read(CHUNK), b""):
                digest.update(chunk)
    for chunk in _chunks(path, name=name, how=how):
        if tally is None:
            _check_signature(chunk, name=name)
            tally = _Tally(name, chunk, how)
        tally.add(chunk)
        if path.suffix != ".gz":
            digest.update(chunk)
    if tally is None:
        raise InputRefused(name, expected="a header line and rows", found="an empty file", do=_DO_SEND)
    tally.end()
    return tally.probe(digest.hexdigest(), size)


def _too_large(name: str, how: Reading, *, found: str) -> InputRefused:
    expected = f"at most {how.largest / GIGABYTE:.2g} GB of text"
    do = "Split it into a folder of files of that name, or raise `max_file_gb` in source.yml."
    return InputRefused(name, expected=expected, found=found, do=do)


def _chunks(path: Path, *, name: str, how: Reading) -> Iterator[bytes]:
    """The unpacked bytes, with no chunk ending between CR and LF, or between a blank or backslash and a quote."""
    total, carried = 0, b""
    try:
        with opened(path) as file:
            while chunk := file.read(CHUNK):
                total += len(chunk)
                if total > how.largest:
                    raise _too_large(name, how, found="more when unpacked")
                chunk = carried + chunk
                carried = chunk[-1:] if chunk[-1:] in (b"\r", b" ", b"\t", b"\\") else b""
                if len(chunk) > len(carried):
                    yield chunk[: len(chunk) - len(carried)]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        found = "no gzip archive" if isinstance(error, gzip.BadGzipFile) else "one that is cut off or damaged"
        raise InputRefused(name, expected="a complete gzip archive", found=found, do=_DO_SEND) from None
    if carried:
        yield carried


def _check_signature(head: bytes, *, name: str) -> None:
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()[:64].lower()
    kinds = [kind for mark, kind in _BINARY.items() if head.startswith(mark)]
    kinds += [kind for mark, kind in _MARKUP if re.match(mark, text)]
    if kinds:
        do = "Give its name the ending of what it is (.xlsx, .parquet), or export it as CSV."
        raise InputRefused(name, expected="a text file with separated columns", found=kinds[0], do=do)


def _do_encode(other: str, declared: str, table: str) -> str:
    """What helps where a file is not in the encoding that its source declares."""
    return (
        f"Set `csv: {{encoding: {other}}}` in source.yml if all files are written so; if this one alone is, "
        f"`csv: {{encoding: {{default: {declared}, {table}: {other}}}}}`, or ask for the extract again."
    )


def _encoding(head: bytes, declared: str) -> str:
    """The declared encoding, without its byte-order mark; another where such a mark, or a known header, says so."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    normal = codecs.lookup(declared).name
    if normal == "utf-8" and is_chinese_header(head):
        return "gb18030"
    return "utf-8-sig" if normal == "utf-8" else normal


class _Tally:
    """Counts over chunks, and the strict decoding that proves the encoding."""

    def __init__(self, name: str, head: bytes, how: Reading) -> None:
        self.table = how.table or name.partition(".")[0]
        self.name, self.declared, self.encoding = name, how.encoding, _encoding(head, how.encoding)
        self.marked = head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        self.lenient = how.on_bad_bytes == "quarantine" and self.encoding != "utf-16"
        self.decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        self.utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")("strict")
        self.offset = self.line_feeds = self.returns = self.pairs = self.line_length = 0
        self.spaced_quote = self.escaped = self.broken = self.nul = self.long_line = False
        self.ascii, self.last = True, b""

    def add(self, chunk: bytes) -> None:
        self._check_text(chunk, final=False)
        self._measure_lines(chunk)
        self.offset += len(chunk)
        self.line_feeds += chunk.count(b"\n")
        if b"\r" in chunk:  # a byte is looked for many times faster than counted
            self.returns += chunk.count(b"\r")
            self.pairs += chunk.count(b"\r\n")
        if b'"' in chunk:  # and one byte faster than two
            self.spaced_quote = self.spaced_quote or b' "' in chunk or b'\t"' in chunk
            self.escaped = self.escaped or (b"\\" in chunk and b'\\"' in chunk)
        self.last = chunk[-1:]

    def end(self) -> None:
        self._check_text(b"", final=True)
        if self.utf8 is not None and not self.ascii and self.encoding not in ("utf-8-sig", "utf-16"):
            found = f"text that is plainly UTF-8, declared as {self.declared}"
            do = _do_encode("utf-8", self.declared, self.table)
            expected = f"text in {self.declared}"
            raise InputRefused(self.name, expected=expected, found=found, do=do)

    def probe(self, sha256: str, size: int) -> Probe:
        mixed = not (self.returns == 0 or self.returns == self.pairs == self.line_feeds or self.line_feeds == 0)
        odd = mixed or self.returns > self.pairs or self.spaced_quote or self.broken or self.nul or self.long_line
        return Probe(
            sha256=sha256,
            bytes=size,
            lines=self.line_feeds + (self.last not in (b"\n", b"")),
            encoding=self.encoding,
            plain=self.encoding == "utf-8-sig" and not odd,
            marked=self.marked,
            mixed_ends=mixed,
            broken=self.broken,
            nul=self.nul,
            long_line=self.long_line,
            escaped=self.escaped,
        )

    def _measure_lines(self, chunk: bytes) -> None:
        """Note a line longer than any field may be, in leaps of that length: most bytes are never looked at."""
        start = -self.line_length
        while not self.long_line and len(chunk) - start > LONGEST_FIELD:
            end = chunk.rfind(b"\n", max(start, 0), start + LONGEST_FIELD + 1)
            self.long_line, start = end < 0, end + 1
        self.line_length = len(chunk) - 1 - chunk.rfind(b"\n") if b"\n" in chunk else self.line_length + len(chunk)

    def _check_text(self, chunk: bytes, *, final: bool) -> None:
        if not self.broken:
            self._decode(chunk, final=final)
        if not self.nul and b"\x00" in chunk and self.encoding != "utf-16":
            self.nul = True
            if self._line(chunk, chunk.index(b"\x00")) == 1:
                do = "Ask for the extract as text; a UTF-16 file needs its byte-order mark."
                raise InputRefused(f"{self.name}, line 1", expected="text", found="a NUL byte", do=do)
        self._follow_utf8(chunk, final=final)

    def _decode(self, chunk: bytes, *, final: bool) -> None:
        pending = len(self.decoder.getstate()[0])
        try:
            self.decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            at = self.offset - pending + error.start
            line = self._line(chunk, max(0, error.start - pending))
            if self.lenient and line > 1:
                self.broken = True
                return
            raise InputRefused(
                f"{self.name}, line {line:,}",
                expected=f"text in {self.encoding.removesuffix('-sig')}",
                found=f"a byte that is none, at offset {at:,}",
                do=_do_encode("…", self.declared, self.table),
            ) from None

    def _line(self, chunk: bytes, place: int) -> int:
        """The line on which a byte of this chunk stands."""
        return self.line_feeds + chunk[:place].count(b"\n") + 1

    def _follow_utf8(self, chunk: bytes, *, final: bool) -> None:
        self.ascii = self.ascii and chunk.isascii()
        if self.utf8 is None or self.encoding == "utf-8-sig":
            return
        try:
            self.utf8.decode(chunk, final)
        except UnicodeDecodeError:
            self.utf8 = None
