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

CHUNK = 4 * 1024 * 1024
LARGEST = 4 * 1024**3  # bytes of text, unpacked
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
    """Facts about a text file: `lines` are physical lines of the unpacked text, `encoding` the one it is read in."""

    sha256: str
    bytes: int
    lines: int
    encoding: str
    plain: bool  # every line ends the same way (LF or CRLF), and no quote follows a blank


def opened(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked where its name ends in .gz."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def probe(path: Path, *, name: str, encoding: str) -> Probe:
    """Read every byte once and say what the text is like.

    Raises
    ------
    InputRefused
        When the file is empty, not text, cut off, too large, or holds bytes its encoding does not know.
    """
    digest, tally = hashlib.sha256(), None
    size = path.stat().st_size
    if path.suffix == ".gz":
        with path.open("rb") as packed:
            for chunk in iter(lambda: packed.read(CHUNK), b""):
                digest.update(chunk)
    for chunk in _chunks(path, name=name):
        if tally is None:
            _check_signature(chunk, name=name)
            tally = _Tally(name, _encoding(chunk, encoding))
        tally.add(chunk)
        if path.suffix != ".gz":
            digest.update(chunk)
    if tally is None:
        raise InputRefused(name, expected="a header line and rows", found="an empty file", do=_DO_SEND)
    tally.end(declared=encoding)
    return Probe(digest.hexdigest(), size, tally.lines, tally.encoding, tally.plain)


def _chunks(path: Path, *, name: str) -> Iterator[bytes]:
    """The unpacked bytes, with no chunk ending between CR and LF, or between a blank and a quote."""
    total, carried = 0, b""
    try:
        with opened(path) as file:
            while chunk := file.read(CHUNK):
                total += len(chunk)
                if total > LARGEST:
                    found = "more when unpacked" if path.suffix == ".gz" else "more"
                    do = "Split it into a folder of files of that name."
                    raise InputRefused(name, expected=f"at most {LARGEST // 1024**3} GB of text", found=found, do=do)
                chunk = carried + chunk
                carried = chunk[-1:] if chunk[-1:] in (b"\r", b" ", b"\t") else b""
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
        do = "Set `format:` in source.yml to what it is, or export it as CSV."
        raise InputRefused(name, expected="a text file with separated columns", found=kinds[0], do=do)


def _encoding(head: bytes, declared: str) -> str:
    """The declared encoding, without its byte-order mark; another where such a mark, or a known header, says so."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    normal = codecs.lookup(declared).name
    if normal == "utf-8" and is_chinese_header(head):
        return "gb18030"
    return "utf-8-sig" if normal == "utf-8" else normal


class _Tally:
    """Counts over chunks, and the strict decoding that proves the encoding."""

    def __init__(self, name: str, encoding: str) -> None:
        self.name, self.encoding = name, encoding
        self.decoder = codecs.getincrementaldecoder(encoding)("strict")
        self.utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")("strict")
        self.offset = self.line_feeds = self.returns = self.pairs = 0
        self.spaced_quote, self.ascii, self.last = False, True, b""

    def add(self, chunk: bytes) -> None:
        self._check_text(chunk, final=False)
        self.offset += len(chunk)
        self.line_feeds += chunk.count(b"\n")
        returns = chunk.count(b"\r")
        self.returns += returns
        self.pairs += chunk.count(b"\r\n") if returns else 0
        self.spaced_quote = self.spaced_quote or b' "' in chunk or b'\t"' in chunk
        self.last = chunk[-1:]

    def end(self, *, declared: str) -> None:
        self._check_text(b"", final=True)
        if self.utf8 is not None and not self.ascii and self.encoding not in ("utf-8-sig", "utf-16"):
            found = f"text that is plainly UTF-8, declared as {declared}"
            raise InputRefused(
                self.name, expected=f"text in {declared}", found=found, do="Set `csv: {encoding: utf-8}` in source.yml."
            )

    def _check_text(self, chunk: bytes, *, final: bool) -> None:
        pending = len(self.decoder.getstate()[0])
        try:
            self.decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            at = self.offset - pending + error.start
            line = self.line_feeds + chunk[: max(0, error.start - pending)].count(b"\n") + 1
            raise InputRefused(
                f"{self.name}, line {line:,}",
                expected=f"text in {self.encoding.removesuffix('-sig')}",
                found=f"a byte that is none, at offset {at:,}",
                do="Set `csv: {encoding: …}` in source.yml, or ask for the extract again.",
            ) from None
        if b"\x00" in chunk and self.encoding != "utf-16":
            line = self.line_feeds + chunk[: chunk.index(b"\x00")].count(b"\n") + 1
            do = "Ask for the extract as text; a UTF-16 file needs its byte-order mark."
            raise InputRefused(f"{self.name}, line {line:,}", expected="text", found="a NUL byte", do=do)
        self._follow_utf8(chunk, final=final)

    def _follow_utf8(self, chunk: bytes, *, final: bool) -> None:
        self.ascii = self.ascii and chunk.isascii()
        if self.utf8 is None or self.encoding == "utf-8-sig":
            return
        try:
            self.utf8.decode(chunk, final)
        except UnicodeDecodeError:
            self.utf8 = None

    @property
    def lines(self) -> int:
        return self.line_feeds + (self.last not in (b"\n", b""))

    @property
    def plain(self) -> bool:
        one_ending = self.returns == 0 or self.returns == self.pairs == self.line_feeds
        return self.encoding == "utf-8-sig" and one_ending and not self.spaced_quote
