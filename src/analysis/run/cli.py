"""The command line. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis.run.endings import Endings
from analysis.run.plain import plain

app = typer.Typer(
    name="linecard",
    help="Customer analytics for internet and telecom providers: raw extracts in, one quarterly report out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ParamsFile = Annotated[str, typer.Argument(metavar="PARAMS", help="A file like params/quarterly/2026-Q3.yml.")]


class EngineName(StrEnum):
    """Engines a report can run on."""

    duckdb = "duckdb"


class Language(StrEnum):
    """Languages of the names in simulated extracts."""

    en = "en"
    zh = "zh"


class Crm(StrEnum):
    """What lists are handed over to."""

    zoho = "zoho"
    fxiaoke = "fxiaoke"
    csv = "csv"


@app.command()
def run(
    params: ParamsFile,
    only: Annotated[list[str] | None, typer.Option(help="Execute this notebook only; may be repeated.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="Execute this notebook and all after it.")] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=64, help="Notebooks at a time (default: 2, or 1 core).")
    ] = None,
    engine: Annotated[EngineName, typer.Option(help="Where the rows are held.")] = EngineName.duckdb,
    allow_partial: Annotated[
        bool, typer.Option("--allow-partial", help="Report a quarter the data covers in part.")
    ] = False,
) -> None:
    """Make the report: notebooks, then HTML and PDF."""
    del engine  # there is one; the option is there so that a scheduler's command line need not change
    with Endings():
        from analysis.run.job import Order, read_job

        job = read_job(Order(params, tuple(only or ()), start, jobs, allow_partial), root=Path.cwd())
        # Late, for it takes seconds to load: whatever is wrong with the order is told at once.
        from analysis.run.manifest import cautions
        from analysis.run.report import make_report

        typer.echo(f"{make_report(job).relative_to(Path.cwd())}/report.html")
        for line in cautions(job.folder, job.stages):
            typer.echo(plain(line), err=True)


@app.command()
def check(params: ParamsFile) -> None:
    """Read and check the source; print what is wrong and change nothing."""
    with Endings():
        from analysis.run.checking import print_check

        print_check(params, root=Path.cwd(), out=sys.stdout)


@app.command(name="map")
def map_(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="The extracts: a file or folder of files per table.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="What the source is called, in params/sources/.")],
) -> None:
    """Draft a source from extracts nobody has described: source.yml and one SELECT per table, doubts marked."""
    with Endings():
        from analysis.run.drafted import print_draft

        print_draft(folder, name=name, root=Path.cwd(), out=sys.stdout)


@app.command()
def customer(
    customer_id: Annotated[str, typer.Argument(metavar="ID", help="A customer's key, also one held earlier.")],
    params: ParamsFile,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the page there, as HTML.")] = None,
) -> None:
    """Show all that is known of one customer, from the tables of the last run."""
    with Endings():
        if html is None:
            from analysis.run.customer import print_customer

            print_customer(customer_id, params, root=Path.cwd(), out=sys.stdout)
        else:
            from analysis.run.customer_html import write_customer

            write_customer(customer_id, params, root=Path.cwd(), file=html)
            typer.echo(str(html))


@app.command()
def export(
    params: ParamsFile,
    to: Annotated[Crm, typer.Option(help="Whose files: Zoho CRM's, Fxiaoke's (纷享销客), or plain CSV.")],
) -> None:
    """Hand over segment and action lists of the last run as files that a CRM imports."""
    with Endings():
        from analysis.run.export import export_lists

        typer.echo(str(export_lists(params, to.value, root=Path.cwd()).relative_to(Path.cwd())))


@app.command()
def warn(
    params: ParamsFile,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="A day after the quarter, like 2026-10-31.")],
) -> None:
    """Between quarters: score customers anew by the last run's model, and write early-warning work orders."""
    with Endings():
        from analysis.run.warn import warn as make_orders

        folder, gone = make_orders(params, as_of, root=Path.cwd())
        if gone:
            typer.echo(f"The source gives no {', '.join(gone)} any more; the report had them.", err=True)
        typer.echo(str(folder.relative_to(Path.cwd())))


@app.command()
def demo(
    customers: Annotated[int, typer.Option(min=1, help="How many customers.")] = 8_000,
    months: Annotated[int, typer.Option(min=1, help="How many months of extracts.")] = 36,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 1,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to write.")] = Path("data/raw/demo"),
    names: Annotated[Language, typer.Option(help="Language of plan and region names.")] = Language.en,
    truth: Annotated[bool, typer.Option(help="Also write what is true of each customer, into DIR/truth.")] = True,
    new_type_from: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DAY", help="From a quarter's first day on, some behave as nobody did."
        ),
    ] = None,
) -> None:
    """Write the extracts of a simulated provider, and the truth they were made from."""
    with Endings():
        from analysis.extracts.demo import Parameters, write_demo

        begins = new_type_from.date() if new_type_from else None
        parameters = Parameters().with_newcomer(begins) if begins else Parameters()
        write_demo(
            out, customers=customers, months=months, seed=seed, names=names.value, truth=truth, parameters=parameters
        )
        typer.echo(str(out))


def main() -> None:
    """Run the command line."""
    app(prog_name="linecard")
