"""Defects of known number, injected into good extracts: what is wrong, where, and how often it must be told.

Every defect strikes rows of its own, at a share of the table's rows. A customer who is set aside is missing to every
other table: the rows that name one are orphans, and must be told as such.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

SHARES = (0.001, 0.005, 0.01, 0.02, 0.05)
REFERRING = ("subscriptions", "invoices", "usage", "tickets", "surveys", "contacts", "work_orders", "consents")
LATER = "2027-01-01"
Row = dict[str, str]
Told = Counter[tuple[str, str]]  # (table, rule) → rows


@dataclass(frozen=True)
class Defect:
    """What is done to a row: `change` damages it, or a copy of it that is added; `times` rows are told for each."""

    table: str
    rule: str
    change: Callable[[Row], object]
    fits: Callable[[Row], bool] = lambda row: True
    copied: bool = False
    times: int = 1


@dataclass
class Injected:
    """What was put in: rows by table and rule, records that are no rows by file, rows dated later by table."""

    told: Told = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)


def puts(column: str, value: str) -> Callable[[Row], object]:
    return lambda row: row.update({column: value})


def before(column: str, earlier: str) -> Callable[[Row], object]:
    """Sets a date thirty days before another of the row."""
    return lambda row: row.update({column: str(dt.date.fromisoformat(row[earlier][:10]) - dt.timedelta(days=30))})


def filled(*columns: str) -> Callable[[Row], bool]:
    return lambda row: all(row[column] for column in columns)


def other(column: str, value: str) -> Callable[[Row], bool]:
    """Rows whose copy with this value differs from them."""
    return lambda row: row[column] != value


def renamed(row: Row) -> None:
    """Another customer's id for each customer, and one that nobody has."""
    row["customer_id"] = f"NOBODY-{row['customer_id']}"


def credited(row: Row) -> None:
    """A credit note without its sign."""
    row.update({"kind": "credit", "amount": "7.40"})


def nothing(row: Row) -> None:
    """An equal row."""


DEFECTS = (
    Defect("customers", "not_null:customer_id", puts("customer_id", "")),
    Defect("customers", "accepted_values:status", puts("status", "gone")),
    Defect("customers", "type:signup_date", puts("signup_date", "2025-02-30")),
    Defect("customers", "dates:churn_date", before("churn_date", "signup_date"), fits=filled("churn_date")),
    Defect("customers", "unique:customer_id", puts("region", "Elsewhere"), copied=True, times=2),
    Defect("subscriptions", "range:monthly_fee", puts("monthly_fee", "-9.90")),
    Defect("subscriptions", "type:bandwidth_mbps", puts("bandwidth_mbps", "fast")),
    Defect("subscriptions", "dates:end_date", before("end_date", "start_date"), fits=filled("end_date")),
    Defect("subscriptions", "unique:subscription_id", puts("plan", "Another"), copied=True, times=2),
    Defect("subscriptions", "relationships:customer_id", renamed),
    Defect("invoices", "not_null:amount", puts("amount", "")),
    Defect("invoices", "accepted_values:kind", puts("kind", "gift")),
    Defect("invoices", "range:amount", puts("amount", "-5.00"), fits=lambda row: row["kind"] == "recurring"),
    Defect("invoices", "credit:amount", credited),
    Defect("invoices", "type:due_date", puts("due_date", "2026-13-01")),
    Defect("usage", "duplicate", nothing, copied=True),
    Defect("usage", "unique:customer_id,month", puts("upload_gb", "0.123"), other("upload_gb", "0.123"), True, times=2),
    Defect("usage", "range:active_days", puts("active_days", "45")),
    Defect("usage", "range:evening_share", puts("evening_share", "1.7")),
    Defect("usage", "type:download_gb", puts("download_gb", "lots")),
    Defect("usage", "relationships:customer_id", renamed),
    Defect("tickets", "dates:closed_at", before("closed_at", "opened_at"), fits=filled("closed_at")),
    Defect("tickets", "type:is_complaint", puts("is_complaint", "perhaps")),
    Defect("surveys", "range:nps_score", puts("nps_score", "14"), fits=filled("answered_at", "nps_score")),
    Defect("surveys", "range:csat_score", puts("csat_score", "9"), fits=filled("answered_at", "csat_score")),
    Defect("network", "range:latency_ms", puts("latency_ms", "-3")),
    Defect("contacts", "relationships:campaign_id", puts("campaign_id", "NO-CAMPAIGN")),
    Defect("work_orders", "accepted_values:status", puts("status", "lost")),
    Defect("consents", "not_null:channel", puts("channel", "")),
    Defect("leads", "type:created_at", puts("created_at", "soon")),
)
LATE = {"usage": "month", "tickets": "opened_at", "leads": "created_at"}
TORN = ("invoices", "surveys")  # records get a field too many


def inject(folder: Path, *, seed: int) -> Injected:
    """Damage the extracts in `folder` in place; the same seed damages the same rows in the same way."""
    chance, injected = random.Random(seed), Injected()
    gone = Gone(_erased(folder))
    gone.missing |= _damage(folder, "customers", gone, chance, injected)
    for table in sorted({defect.table for defect in DEFECTS} - {"customers"}):
        _damage(folder, table, gone, chance, injected)
    return injected


@dataclass
class Gone:
    """Customers whose rows are left alone: those who asked to be erased, and those who are set aside themselves.

    `unnamed` are those whose row lost its key: nothing tells that they were there.
    """

    erased: set[str]
    missing: set[str] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)

    def names(self, row: Row) -> bool:
        named = {row.get("customer_id", ""), row.get("converted_customer_id", "")} - {""}
        return bool(named & (self.erased | self.missing | self.unnamed))


def _erased(folder: Path) -> set[str]:
    """Customers who ever asked to be erased, under any account: they are left out whatever their rows hold."""
    _, consents = _read(folder / "consents.csv")
    _, customers = _read(folder / "customers.csv")
    erased = {row["customer_id"] for row in consents if row["channel"] == "erasure"}
    links = [(row["customer_id"], row["replaces_customer_id"]) for row in customers if row["replaces_customer_id"]]
    while more := {one for link in links if erased & set(link) for one in link} - erased:
        erased |= more
    return erased


def _read(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = list(csv.reader(file))
    return header, [dict(zip(header, line, strict=True)) for line in lines]


def _damage(folder: Path, table: str, gone: Gone, chance: random.Random, injected: Injected) -> set[str]:
    """One extract; returns the customers who are set aside. Rows of customers already missing are left as they are."""
    path = folder / f"{table}.csv"
    header, rows = _read(path)
    if table in REFERRING:
        for rule, whose in (("relationships", gone.unnamed), ("follows", gone.missing)):
            lost = {tuple(row.values()) for row in rows if row["customer_id"] in whose and _good(row)}
            injected.told[table, f"{rule}:customer_id"] += len(lost)
    keys = Counter(row.get(header[0]) for row in rows)
    free = [row for row in rows if not gone.names(row) and _good(row) and _alone(row, header, keys)]
    chance.shuffle(free)
    struck: set[str] = set()
    for defect in (one for one in DEFECTS if one.table == table):
        for row in _chosen(free, defect.fits, len(rows), chance):
            unnamed = (defect.table, defect.rule) == ("customers", "not_null:customer_id")
            (gone.unnamed if unnamed else struck).add(row.get("customer_id", ""))
            _strike(defect, row, rows, injected)
    if table in LATE:
        for row in _chosen(free, lambda row: True, len(rows), chance):
            row[LATE[table]] = LATER
            injected.later[table] += 1
    torn = [id(row) for row in (_chosen(free, lambda row: True, len(rows), chance) if table in TORN else ())]
    injected.unreadable[f"{table}.csv"] += len(torn)
    with path.open("w", encoding="utf-8", newline="") as file:
        written = ([*row.values(), *["more"] * (id(row) in torn)] for row in rows)
        csv.writer(file, lineterminator="\n").writerows([header, *written])
    return struck if table == "customers" else set()


def _good(row: Row) -> bool:
    """The simulator itself writes a few impossible readings."""
    return not row.get("download_gb", "").startswith("-")


def _alone(row: Row, header: list[str], keys: Counter[str | None]) -> bool:
    """Whether no other row has its key: the simulator writes a few tickets twice."""
    return not header[0].endswith("ticket_id") or keys[row[header[0]]] == 1


def _chosen(free: list[Row], fits: Callable[[Row], bool], of: int, chance: random.Random) -> Iterable[Row]:
    """Rows nobody touched yet, a share of the table's, at least one; they are no longer free."""
    wanted = max(1, round(chance.choice(SHARES) * of))
    chosen = [row for row in free if fits(row)][:wanted]
    assert chosen, "no row fits"
    taken = {id(row) for row in chosen}
    free[:] = [row for row in free if id(row) not in taken]
    return chosen


def _strike(defect: Defect, row: Row, rows: list[Row], injected: Injected) -> None:
    struck = row
    if defect.copied:
        struck = dict(row)
        rows.append(struck)
    defect.change(struck)
    injected.told[defect.table, defect.rule] += defect.times
