"""The HTML report: executed notebooks, in report order, as one page that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import unquote

from bs4.element import NavigableString
from nbformat import NotebookNode

from analysis.run.chapters import TEMPLATES, Chapter, chapter, report_exporter
from analysis.run.checked import checked_html
from analysis.run.head import ReportHead

SIGNED = re.compile("([−+][€$£¥][0-9,.]*[0-9])")  # a browser would end a line after the sign

__all__ = ["ReportHead", "checked_html", "html_report"]


def html_report(notebooks: Sequence[NotebookNode], *, head: ReportHead) -> str:
    """One self-contained page: header, contents, a chapter per notebook, footer; same input, same bytes.

    Raises
    ------
    AnalysisFailed
        When a cell shows what a report cannot (named with notebook and cell), or the page has a defect.
    """
    chapters = [chapter(notebook, number=number) for number, notebook in enumerate(notebooks, start=1)]
    redirect_links(chapters)
    mark_chapters(chapters, head.notices)
    keep_signs(chapters)
    page = report_exporter().environment.get_template("page.html.j2")
    return checked_html(
        page.render(
            head=head,
            css=stylesheet(),
            contents=[contents_entry(one) for one in chapters],
            chapters=[{"id": one.headings[0].id, "html": str(one.html)} for one in chapters],
        )
    )


def redirect_links(chapters: Sequence[Chapter]) -> None:
    """Points links to a notebook's own heading ids at the report's; a chapter's own heading wins."""
    everywhere = {old: new for one in reversed(chapters) for old, new in one.moved.items()}
    for one in chapters:
        moved = {f"#{old}": f"#{new}" for old, new in (everywhere | one.moved).items()}
        for link in one.html.find_all("a", href=True):
            target = str(link["href"])
            link["href"] = moved.get(unquote(target), target)


def mark_chapters(chapters: Sequence[Chapter], notices: Sequence[str]) -> None:
    """Repeats what holds for the whole report under the title of every chapter: chapters are read, and sent, alone."""
    for one in chapters:
        for title in one.html.find_all(id=one.headings[0].id):
            for notice in reversed(notices):
                mark = one.html.new_tag("p", attrs={"class": "warning"})
                mark.string = notice
                title.insert_after(mark)


def keep_signs(chapters: Sequence[Chapter]) -> None:
    """Keeps each amount of money on one line with its sign; numbers in tables stand on one line anyway."""
    for one in chapters:
        for text in one.html.find_all(string=SIGNED):
            if text.find_parent("td", class_="num") is None:
                parts = [NavigableString(part) for part in SIGNED.split(str(text))]
                text.replace_with(*parts)
                for amount in parts[1::2]:
                    amount.wrap(one.html.new_tag("span", attrs={"class": "whole"}))


def contents_entry(one: Chapter) -> dict[str, object]:
    """A chapter's line in the contents, with its sections."""
    title, *rest = one.headings
    return {"id": title.id, "text": title.text, "sections": [h for h in rest if h.level == 3]}


@cache
def stylesheet() -> str:
    """The report's style sheet."""
    return (TEMPLATES / "report" / "report.css").read_text(encoding="utf-8")
