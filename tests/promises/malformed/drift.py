"""Content that changed without a word: other units, implausible values, last quarter's file (M54–M56, M88)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.promises.cases import Seen, case
from tests.promises.provider import described, linecard

MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
CUSTOMERS = [f"C{number:02}" for number in range(40)]
Amount = Callable[[str, int], float]  # month, customer → what is billed


def fee(customer: int) -> float:
    return 20 + customer % 20


def customers() -> str:
    rows = (f"{name},2022-0{number % 9 + 1}-05" for number, name in enumerate(CUSTOMERS))
    return "\n".join(["customer_id,signup_date", *rows]) + "\n"


def subscriptions(odd: dict[int, float] | None = None) -> str:
    rows = (
        f"S{number},{name},broadband,{(odd or {}).get(number, fee(number)):.2f},2022-0{number % 9 + 1}-05"
        for number, name in enumerate(CUSTOMERS)
    )
    return "\n".join(["subscription_id,customer_id,product,monthly_fee,start_date", *rows]) + "\n"


def invoices(months: list[str], amount: Amount = lambda month, customer: fee(customer)) -> str:
    rows = (
        f"{name}-{month},{name},{month}-01,{month}-02,recurring,{amount(month, number):.2f}"
        for month in months
        for number, name in enumerate(CUSTOMERS)
    )
    return "\n".join(["invoice_id,customer_id,month,issued_on,kind,amount", *rows]) + "\n"


def usage(months: list[str]) -> str:
    rows = (f"{name},{month}-01,{50 + number}" for month in months for number, name in enumerate(CUSTOMERS))
    return "\n".join(["customer_id,month,download_gb", *rows]) + "\n"


def checked(folder: Path, files: dict[str, str], **params: str) -> tuple[int, str]:
    """Exit code and words of `linecard check` on a source of these extracts, as of the end of 2024."""
    described(folder, files, observed_from="2023-01-01")
    (folder / "params" / "quarterly").mkdir()
    lines = ["quarter: 2024-Q4", "source: acme", *(f"{key}: {value}" for key, value in params.items())]
    (folder / "params" / "quarterly" / "acme.yml").write_text("\n".join(lines) + "\n")
    ended = linecard(folder, "check", "params/quarterly/acme.yml")
    return ended.returncode, " ".join(f"{ended.stdout} {ended.stderr}".split())  # no-break spaces as blanks, too


def noted(said: str, rule: str) -> Seen:
    """The note of a rule in what `linecard check` printed."""
    assert f"note: {rule}" in said, said
    return Seen("NOTE", said.partition(f"note: {rule}")[2].strip(" ,"))


def cents_in_the_last_quarter(month: str, customer: int) -> float:
    return fee(customer) * (100 if month >= "2024-10" else 1)


@case("M54", "Bills of one extract in cents", "NOTE")
def other_unit(folder: Path) -> Seen:
    code, said = checked(
        folder, {"customers.csv": customers(), "invoices.csv": invoices(MONTHS, cents_in_the_last_quarter)}
    )
    assert code == 0, said
    seen = noted(said, "invoices.amount, jump:amount, 120 rows")
    assert "the median went from 29" in seen.said
    assert "as if written in another unit" in seen.said
    return seen


@case("M54", "The same, where params are strict about drift", "GATE")
def other_unit_strictly(folder: Path) -> Seen:
    files = {"customers.csv": customers(), "invoices.csv": invoices(MONTHS, cents_in_the_last_quarter)}
    code, said = checked(folder, files, strict_drift="true")
    assert code == 5, said
    words = said.partition("the source's values: ")[2]
    assert words.startswith("expected columns spread as the quarter before, found invoices.amount: ")
    assert words.endswith("or set strict_drift: false in the params.")
    return Seen("GATE", words)


@case("M55", "Bills far from monthly fee × tenure", "NOTE")
def far_totals(folder: Path) -> Seen:
    odd = {3: 3.0, 17: 400.0}  # a fee of another customer's size: the bills say otherwise
    files = {"customers.csv": customers(), "subscriptions.csv": subscriptions(odd), "invoices.csv": invoices(MONTHS)}
    code, said = checked(folder, files)
    assert code == 0, said
    seen = noted(said, "invoices.amount, total:amount, 2 rows")
    assert "2 customers whose bills are far from monthly fee × tenure (5.00 %). Nothing was changed." in seen.said
    return seen


@case("M56", "A fee a thousand times the usual", "NOTE")
def implausible_value(folder: Path) -> Seen:
    files = {"customers.csv": customers(), "subscriptions.csv": subscriptions({5: 45_000.0})}
    code, said = checked(folder, files)
    assert code == 0, said
    seen = noted(said, "subscriptions.monthly_fee, outlier:monthly_fee, 1 row")
    assert "1 value more than 1,000 times the median. Nothing was changed." in seen.said
    return seen


@case("M88", "Every file is last quarter's", "REFUSE")
def last_quarters_files(folder: Path) -> Seen:
    files = {"customers.csv": customers(), "invoices.csv": invoices(MONTHS[:21]), "usage.csv": usage(MONTHS[:21])}
    return refused(*checked(folder, files), "no usage or invoices later than 2024-09")


@case("M88", "One file is last quarter's, the others are new", "REFUSE")
def one_file_of_last_quarter(folder: Path) -> Seen:
    files = {"customers.csv": customers(), "invoices.csv": invoices(MONTHS[:21]), "usage.csv": usage(MONTHS)}
    return refused(*checked(folder, files), "an extract of an earlier quarter: invoices ends with 2024-09-02")


@case("M88", "The same, where a partial report is allowed", "NOTE")
def one_file_of_last_quarter_allowed(folder: Path) -> Seen:
    files = {"customers.csv": customers(), "invoices.csv": invoices(MONTHS[:21]), "usage.csv": usage(MONTHS)}
    code, said = checked(folder, files, allow_partial="true")
    assert code == 0, said
    notice = said[said.index("Partial quarter: ") :]
    assert "invoices ends with 2024-09-02" in notice
    return Seen("NOTE", notice)


def refused(code: int, said: str, found: str) -> Seen:
    """The refusal that `linecard check` ended with, which must say what was found."""
    assert code == 3, said
    words = said[said.index("quarter 2024-Q4: expected") :]
    assert found in words, words
    return Seen("REFUSE", words)
