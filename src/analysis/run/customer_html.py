"""`linecard customer --html`: the page of one customer as a file."""

from __future__ import annotations

from pathlib import Path

import analysis
from analysis.basis.errors import ParamsError
from analysis.present.card import CardPage
from analysis.run.chapters import report_exporter
from analysis.run.checked import checked_html
from analysis.run.customer import customer_card, opened
from analysis.run.head import ReportHead
from analysis.run.render import stylesheet
from analysis.run.store import Run
from analysis.run.writing import write_bytes

PRIVATE = 0o600
CHAPTER = "What is known"


def write_customer(customer_id: str, params_file: str, *, root: Path, file: Path) -> None:
    """Write the page of a customer, for this user's eyes only.

    A folder is never made for it: a mistyped path would leave the page where nobody looks for it.

    Raises
    ------
    ParamsError
        When the file's folder is not there, no run is there to read from, or no customer ever had the key.
    """
    if not file.parent.is_dir():
        do = "Make it first, or write the page into another."
        raise ParamsError("--html", expected=f"the folder {file.parent} to be there", found="none", do=do)
    with opened(params_file, root=root) as run:
        write_bytes(file, page_html(customer_card(run, customer_id), run).encode(), mode=PRIVATE)


def page_html(page: CardPage, run: Run) -> str:
    """The page as one HTML file in the report's dress, that needs nothing else."""
    head = ReportHead(
        title=page.title,
        subtitle=page.finding,
        source=run.source.name,
        quarter=str(run.quarter),
        as_of=run.as_of,
        language="en",
        version=analysis.__version__,
    )
    body = f'<h2 class="chapter" id="customer">{CHAPTER}</h2>' + "".join(block.html for block in page.blocks()[1:])
    rendered = (
        report_exporter()
        .environment.get_template("page.html.j2")
        .render(
            head=head,
            css=stylesheet(),
            contents=[{"id": "customer", "text": CHAPTER, "sections": []}],
            chapters=[{"id": "customer", "html": body}],
        )
    )
    return checked_html(rendered)
