"""`linecard customer`: one customer on one page, from the stage tables of a finished run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import narwhals as nw
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.basis.errors import ParamsError
from analysis.extracts.engine import to_pandas
from analysis.frames.card import PROPOSED, ROW_PER_CUSTOMER, Card
from analysis.frames.card import customer_card as card_of
from analysis.present.card import CardPage, card_page
from analysis.run.params import read_params
from analysis.run.places import local_path, report_name, run_folder
from analysis.run.plain import plain
from analysis.run.store import Run, open_run

NEEDED, SET_ASIDE = "tables/customers", "quarantine/customers"
PLAIN_WIDTH = 100  # columns of a page that is no terminal


def print_customer(customer_id: str, params_file: str, *, root: Path, out: TextIO) -> None:
    """Print the page of a customer.

    Raises
    ------
    ParamsError
        When no run is there to read from, or no customer ever had the key.
    """
    with opened(params_file, root=root) as run:
        print_page(customer_card(run, customer_id), out)


@contextmanager
def opened(params_file: str, *, root: Path) -> Iterator[Run]:
    """The finished run of a params file; ParamsError where there is none, and then nothing is made."""
    path = local_path(params_file)
    read_params(path, base=root)
    if not (run_folder(root, report_name(path)) / f"{NEEDED}.parquet").is_file():
        raise _no_run(report_name(path), params_file)
    run = open_run(params_file)
    with run.engine:
        yield run


def customer_card(run: Run, customer_id: str) -> CardPage:
    """The page of one customer, as known at the run's as-of date; in a notebook it shows itself.

    With pseudonyms the key of the source is as good as the pseudonym, where the environment holds the key of them.

    Raises
    ------
    ParamsError
        When no run is there to read from, or no customer ever had the key.
    """
    if not run.has(NEEDED):
        raise _no_run(run.report, f"params/quarterly/{run.report}.yml")
    card = _found(run, customer_id.strip())
    if card is None and _was_set_aside(run, customer_id.strip()):
        found = "one whose row of customers was set aside"
        do = f"data/runs/{run.report}/quarantine/customers.parquet says by which rule: mend it, and run again."
        raise ParamsError("ID", expected=f"the key of a customer of {run.report}", found=found, do=do)
    if card is None:
        do = "Write it as the source does, capitals and leading zeros included."
        raise ParamsError("ID", expected=f"the key of a customer of {run.report}", found="one that nobody has", do=do)
    return card_page(card, asked=customer_id.strip(), currency=run.currency, source=run.source_line)


def _found(run: Run, asked: str) -> Card | None:
    names = [*ROW_PER_CUSTOMER, *PROPOSED, "months", *(f"tables/{name}" for name in run.tables())]
    stages = {name: run.read(name) for name in names if run.has(name)}
    pseudonym = [run.key.pseudonym(asked)] if run.key else []
    cards = (card_of(key, stages, as_of=run.as_of, grace_days=run.params.grace_days) for key in [*pseudonym, asked])
    return next((card for card in cards if card is not None), None)


def _was_set_aside(run: Run, asked: str) -> bool:
    """Whether the quarantine holds a customer of that key, as the source writes it."""
    if not run.has(SET_ASIDE):
        return False
    return len(to_pandas(run.read(SET_ASIDE).filter(nw.col("key") == asked).select("rule").head(1))) > 0


def print_page(page: CardPage, out: TextIO) -> None:
    """The page as text: as wide as the terminal and with bold heads there, plain elsewhere."""
    console = Console(file=out, highlight=False, markup=False, emoji=False, width=None if out.isatty() else PLAIN_WIDTH)
    console.print(Text(plain(page.title), style="bold"))
    console.print(Text(plain(page.finding)))
    for section in page.sections:
        console.print()
        console.print(Text(section.title, style="bold"), Text(f"({section.subtitle})", style="dim"))
        shown = Table(box=None, pad_edge=False, show_header=len(section.columns) > 2)
        for column in section.columns:
            shown.add_column(Text(column.head), justify="right" if column.align == "num" else "left")
        for row in section.cells(currency=page.currency):
            shown.add_row(*[Text(plain(cell)) for cell in row])
        console.print(shown)
    console.print()
    console.print(Text(plain(page.source), style="dim"))


def _no_run(report: str, params_file: str) -> ParamsError:
    do = f"Make them first: linecard run {params_file}"
    return ParamsError(f"data/runs/{report}", expected="the tables of a finished run", found="none", do=do)
