"""Which columns name the customer, and which name rows of another table: told by values they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.extracts.draft.likeness import EXPECTED, KNOWN, likeness
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.samples import RawTable
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.spellings import plain_name

FEWEST = 5  # distinct values without which sharing says nothing
SHARED = 0.5  # of the smaller column's values, found in the larger
_HEADED = 0.5  # likeness to a customer's key without which a column that repeats is no hub: regions come back too
_MOST_VALUES = 20_000
Name = tuple[str, str]  # raw table, column


@dataclass(frozen=True)
class Keys:
    """`customer`: raw table → the column that names the customer; `family`: every column that holds such keys.

    `linked`: column → columns of other tables that share its values.
    """

    customer: dict[str, str]
    family: frozenset[Name]
    linked: dict[Name, frozenset[Name]]


def found_keys(raws: Sequence[RawTable], columns: Sequence[Column], *, engine: Engine) -> Keys:
    """Keys told by overlap; in tables that share none, by the header alone."""
    candidates = [column for column in columns if _may_name(column)]
    linked = _linked({raw.name: raw.held for raw in raws}, candidates, engine=engine)
    by_name = {(column.table, column.name): column for column in columns}
    hub = _hub(candidates, linked)
    family: set[Name] = set()
    if hub is not None:
        family = {hub, *linked[hub]}
        family |= {
            name for name in linked if _is_beside(name, hub, family, linked) and _alike(by_name[name], by_name[hub])
        }
    covered = {table for table, _ in family}
    # A list of the customers of another system shares no value with the hub, only with what speaks of both.
    beyond = {name for name in linked if name[0] not in covered and by_name[name].is_unique and linked[name] & family}
    family |= beyond
    covered |= {table for table, _ in beyond}
    headed = {plain_name(name) for _, name in family if likeness(name, "customers", "customer_id") > 0}
    named = [
        one
        for one in candidates
        if likeness(one.name, "customers", "customer_id") >= EXPECTED or plain_name(one.name) in headed
    ]
    family |= {(one.table, one.name) for one in named if one.table not in covered}
    links = {name: frozenset(more) for name, more in linked.items()}
    return Keys(_customers(family, by_name), frozenset(family), links)


def _is_beside(name: Name, hub: Name, family: set[Name], linked: dict[Name, set[Name]]) -> bool:
    """Whether a column of the hub's own table shares values with others of the family."""
    return name[0] == hub[0] and name != hub and bool(family & linked[name] - {hub})


def _may_name(column: Column) -> bool:
    """Whether values could be keys: no decimals, no words in a row, no dates, more than a handful."""
    if likeness(column.name, "customers", "customer_id") == KNOWN and column.filled:
        return True  # named so plainly, it need not be told by its values: a source may hold three customers
    plain = column.numbers > 0.9 and column.whole < column.numbers
    dated = column.is_date and (column.written is None or not column.written.text.isalnum())
    dated = dated and not (column.written and column.written.text in ("%Y%m%d", "%Y%m"))
    return (
        column.distinct >= FEWEST
        and not plain
        and not dated
        and column.mails < 0.5
        and 2 <= column.length <= 40
        and column.truths < 1
    )


def _linked(held: dict[str, str], columns: Sequence[Column], *, engine: Engine) -> dict[Name, set[Name]]:
    """Pairs of columns of different tables, one of which holds at least half of the other's values."""
    if not columns:
        return {}
    parts = [
        f"SELECT * FROM (SELECT DISTINCT {place} AS c, CAST({quoted(column.name)} AS VARCHAR) AS v "
        f"FROM {quoted(held[column.table])} WHERE {quoted(column.name)} IS NOT NULL ORDER BY v LIMIT {_MOST_VALUES})"
        for place, column in enumerate(columns)
    ]
    name = engine.fresh_name()
    engine.execute(f"CREATE TABLE {quoted(name)} AS " + " UNION ALL ".join(parts))
    pairs = engine.rows(
        f"SELECT a.c, b.c, count(*) FROM {quoted(name)} AS a JOIN {quoted(name)} AS b ON a.v = b.v AND a.c < b.c "
        f"GROUP BY ALL ORDER BY ALL"
    )
    engine.drop(name)
    linked: dict[Name, set[Name]] = defaultdict(set)
    for first, second, shared in pairs:
        one, other = columns[first], columns[second]
        few = min(one.distinct, other.distinct, _MOST_VALUES)
        if shared < SHARED * few or not _comparable(one, other):
            continue
        linked[one.table, one.name].add((other.table, other.name))
        linked[other.table, other.name].add((one.table, one.name))
    return linked


def _comparable(one: Column, other: Column) -> bool:
    """Whether sharing values says something: short whole numbers are shared by anything that counts from one."""
    if one.whole == other.whole == 1 and max(one.length, other.length) < 7:
        same = one.name.casefold() == other.name.casefold()
        return same or all(likeness(column.name, "customers", "customer_id") >= 0.6 for column in (one, other))
    return True


def _hub(columns: Sequence[Column], linked: dict[Name, set[Name]]) -> Name | None:
    """The column whose values come back in most other tables; of equals, the one headed like a customer's key."""

    def rank(column: Column) -> tuple[float, ...]:
        name = (column.table, column.name)
        tables = len({other for other, _ in linked.get(name, ()) if other != column.table})
        like = likeness(column.name, "customers", "customer_id")
        return (tables + 2 * like, column.is_unique, column.distinct, -column.place)

    with_links = [
        column
        for column in columns
        if linked.get((column.table, column.name))
        and (column.is_unique or likeness(column.name, "customers", "customer_id") >= _HEADED)
    ]
    if not with_links:
        return None
    best = max(with_links, key=rank)
    return best.table, best.name


def _alike(one: Column, hub: Column) -> bool:
    """A column beside the hub that holds some of its values, such as a parent account's."""
    return one.whole == hub.whole and abs(one.length - hub.length) < 2


def _customers(family: set[Name], by_name: dict[Name, Column]) -> dict[str, str]:
    """The one column of each table that names its customer: the fullest, then the one headed so."""
    best: dict[str, Column] = {}
    for name in sorted(family):
        column = by_name[name]
        if column.table not in best or _rank(column) > _rank(best[column.table]):
            best[column.table] = column
    return {table: column.name for table, column in best.items()}


def _rank(column: Column) -> tuple[float, ...]:
    like = likeness(column.name, "customers", "customer_id")
    return (column.filled > 0.5 * column.rows, like, column.filled, -column.place)
