"""The PDF report: the HTML's blocks set by Typst as PDF/UA-1 and PDF/A-2a, with fonts that come along."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from typst import query as found_in  # finds labels in a document; unlike that of pandas it runs no text

from analysis.basis.errors import AnalysisFailed
from analysis.run.blocks import Block, charts, report_blocks
from analysis.run.chapters import TEMPLATES
from analysis.run.columns import AIR, LAST_AIR, sized
from analysis.run.fonts import checked_fonts, drawable
from analysis.run.head import ReportHead
from analysis.run.paging import AIRS, DRAWING_WIDTH, TEXT_WIDTH, airy, paged


def pdf_report(html: str, *, head: ReportHead) -> bytes:
    """The report on paper; same HTML and head, same bytes.

    Raises
    ------
    AnalysisFailed
        For an element the report does not know, and for anything Typst refuses or only warns of.
    """
    blocks = [airy(sized(block)) for block in report_blocks(html)]
    with TemporaryDirectory() as folder:
        for name, content in ({"report.typ": template()} | charts(html)).items():
            (Path(folder) / name).write_bytes(content)
        write_document(Path(folder), head, blocks)
        marks = marked(Path(folder))
        write_document(Path(folder), head, paged(blocks, marks))
        return compiled(Path(folder), timestamp=midnight(head.as_of))


def write_document(folder: Path, head: ReportHead, blocks: list[Block]) -> None:
    """What the page design reads."""
    airs = {"cell-air": [AIR, LAST_AIR], "air": AIRS, "text-width": TEXT_WIDTH, "drawing-width": DRAWING_WIDTH}
    document = {"head": head_block(head), "blocks": blocks} | airs
    (folder / "report.json").write_text(json.dumps(drawable(document), ensure_ascii=False), encoding="utf-8")


def marked(folder: Path) -> list[list[float]]:
    """Where each block of `report.typ` begins when the pages have no end."""
    try:
        return list(json.loads(found_in(folder / "report.typ", "<mark>", field="value", **settings(folder, "endless"))))
    except RuntimeError as error:  # a query has no error of its own
        raise refused(str(error).removeprefix("failed to compile document: "), hints=[]) from error


def compiled(folder: Path, *, timestamp: int) -> bytes:
    """The PDF of `report.typ` in this folder."""
    try:
        compiler = typst.Compiler(folder / "report.typ", **settings(folder, "a4"))
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=timestamp
        )
    except typst.TypstError as error:
        raise refused(error.message, hints=error.hints) from error
    if warnings:
        raise refused(warnings[0].message, hints=warnings[0].hints)
    if not isinstance(pdf, bytes):
        raise refused("no file at all", hints=[])
    return pdf


def settings(folder: Path, pages: str) -> dict[str, Any]:
    """The report's fonts alone, its folder, and its pages: `a4`, or `endless` to be measured."""
    return {"root": folder, "font_paths": checked_fonts(), "sys_inputs": {"data": "report.json", "pages": pages}}


def refused(message: str, *, hints: list[str]) -> AnalysisFailed:
    """What Typst said, as an error of the report."""
    do = " ".join([*hints, "Correct the notebook cell that shows it; report.html has it too."])
    return AnalysisFailed("report.pdf", expected="a PDF without a warning", found=message, do=do)


def head_block(head: ReportHead) -> Block:
    """What the title page and the page margins say."""
    language, _, script = head.language_tag.partition("-")
    return {
        "title": head.title,
        "subtitle": head.subtitle,
        "facts": [list(fact) for fact in head.facts],
        "notices": list(head.notices),
        "marks": list(head.marks),
        "imprint": head.imprint,
        "contents": head.words["contents"],
        "page": head.words["page"],
        "language": language,
        "region": "cn" if script else None,
    }


def midnight(day: dt.date) -> int:
    """The as-of date as seconds since 1970: the only time in the file."""
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())


@cache
def template() -> bytes:
    """The page design."""
    return (TEMPLATES / "report.typ").read_bytes()
