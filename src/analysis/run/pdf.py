"""The PDF report: the HTML's blocks set by Typst as PDF/UA-1 and PDF/A-2a, with fonts that come along."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from analysis.basis.errors import AnalysisFailed
from analysis.run.blocks import Block, charts, report_blocks
from analysis.run.chapters import TEMPLATES
from analysis.run.columns import AIR, LAST_AIR, sized
from analysis.run.fonts import checked_fonts, drawable
from analysis.run.head import ReportHead


def pdf_report(html: str, *, head: ReportHead) -> bytes:
    """The report on paper; same HTML and head, same bytes.

    Raises
    ------
    AnalysisFailed
        For an element the report does not know, and for anything Typst refuses or only warns of.
    """
    blocks = [sized(block) for block in report_blocks(html)]
    document = {"head": head_block(head), "blocks": blocks, "air": [AIR, LAST_AIR]}
    parts = {"report.typ": template(), "report.json": json.dumps(drawable(document), ensure_ascii=False).encode()}
    with TemporaryDirectory() as folder:
        for name, content in (parts | charts(html)).items():
            (Path(folder) / name).write_bytes(content)
        return compiled(Path(folder), timestamp=midnight(head.as_of))


def compiled(folder: Path, *, timestamp: int) -> bytes:
    """The PDF of `report.typ` in this folder."""
    try:
        compiler = typst.Compiler(
            folder / "report.typ", root=folder, font_paths=checked_fonts(), sys_inputs={"data": "report.json"}
        )
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
