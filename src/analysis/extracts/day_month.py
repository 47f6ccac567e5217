"""Days and months that changed places: found, and put right, by the order in which ids were given."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.basis.errors import InputRefused
from analysis.extracts.contract import Table
from analysis.extracts.dates import COUNTED, with_hours
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.mapping import Source
from analysis.extracts.selected import Selected

AROUND = 5  # certain dates on each side whose median says when a row was made: one stray date moves nothing
SLACK = 7  # days by which one reading must lie nearer to its neighbours than the other
ORDERED = 0.9  # rank correlation from which ids count as given in the order of time
ENOUGH = 10  # dates that tell whether they are
CHANCE = 4  # standard deviations
ROUNDS = 20  # each starts from what the last one settled; real files need two or three
SAMPLE = 50_000  # rows looked at where nobody asked: a few thousand tell, and a scan of millions would not tell more


@dataclass(frozen=True)
class Order:
    """What the order of ids says about the dates of one column.

    `open` of its `dates` have a day of at most 12 that is not their month, and so can be read both ways. Of those
    looked at, `kept` lie where their ids say as they are written, `exchanged` once day and month change places, and
    `unclear` no nearer one way than the other. `rank` is the rank correlation (Spearman, 1904) of ids and those dates
    that can be read one way only; missing for fewer than ten. `applied` says whether the exchanged ones are read so.
    """

    column: str
    by: str
    dates: int
    open: int
    kept: int
    exchanged: int
    unclear: int
    rank: float | None
    applied: bool

    @property
    def contradicted(self) -> bool:
        """Whether ids given in the order of time say plainly that dates as written are wrong: far beyond chance."""
        ordered = self.rank is not None and self.rank >= ORDERED
        return ordered and self.exchanged - self.kept > CHANCE * (self.exchanged + self.kept) ** 0.5


def put_in_order(selected: Selected, *, source: Source, engine: Engine) -> tuple[Selected, Order | None]:
    """The SELECT with day and month exchanged where the order of ids shows it, if `date_order` asks for that.

    The SELECT is run into a table; each date that can be read both ways takes the reading that lies among the
    certain dates of its neighbours by id, and stays as written where both do, or neither.

    Raises
    ------
    InputRefused
        When the SELECT does not give the two columns, or ids were not given in the order of time.
    """
    asked = source.date_order
    if asked is None or asked.column not in selected.table.names or asked.by not in selected.table.key:
        return selected, None
    column, by = selected.named(asked.column), selected.named(asked.by)
    if column is None or by is None:
        do = f"Select both in {source.shown}/{selected.table.name}.sql, or take `date_order` out of source.yml."
        expected = f"columns {asked.column} and {asked.by}, which date_order names"
        raise InputRefused(selected.where, expected=expected, found="not both", do=do)
    held, typed = engine.fresh_name(), dict(selected.columns)[column] != "VARCHAR"
    engine.execute(f"CREATE TABLE {quoted(held)} AS {selected.sql}", selected.parameters)
    formats = [form for form in source.csv.date_formats(selected.table.name, asked.column) if form not in COUNTED]
    ways = with_hours(formats)
    listed = "[" + ", ".join(literal(way) for way in ways) + "]"
    read = quoted(column) if typed else f"try_strptime(trim({quoted(column)}), {listed})"
    settled = _settled(held, read, f"CAST({quoted(by)} AS VARCHAR)", engine=engine)
    order = _counted(settled, asked.column, asked.by, engine=engine, applied=True)
    if order.rank is not None and order.rank < ORDERED:
        expected = f"{asked.column} to follow the order of {asked.by}, as `date_order` in source.yml says"
        found = f"a rank correlation of {order.rank:.2f} among the dates that can be read one way only"
        raise InputRefused(selected.where, expected=expected, found=found, do="Take `date_order` out of source.yml.")
    written = "moment" if typed else f"CASE {' '.join(_rewritten(column, way) for way in ways)} END"
    engine.execute(
        f"UPDATE {quoted(held)} SET {quoted(column)} = {written} FROM ("
        f"SELECT row, settled + (moment - date_trunc('day', moment)) AS moment FROM {quoted(settled)} "
        f"WHERE settled <> written) AS exchanged WHERE {quoted(held)}.rowid = exchanged.row"
    )
    engine.drop(settled)
    return replace(selected, sql=f"SELECT * FROM {quoted(held)}", parameters={}), order


def order_of(table: Table, held: str, *, engine: Engine) -> Order | None:
    """What the ids of a checked table, its primary key, say about its own dates; None where it has no such pair."""
    if len(table.key) != 1 or len(table.own_date) != 1 or table.column(table.own_date[0]).type == "month":
        return None
    by, column = table.key[0], table.own_date[0]
    [(dates, both_ways)] = engine.rows(
        f"SELECT count({quoted(column)}), count(*) FILTER ({_open(quoted(column))}) FROM {quoted(held)}"
    )
    if not both_ways:
        return None
    every = max(1, dates // SAMPLE)
    sampled = f"CASE WHEN hash({quoted(by)}) % {every} = 0 THEN CAST({quoted(column)} AS TIMESTAMP) END"
    settled = _settled(held, sampled, quoted(by), engine=engine, ordered_only=True)
    order = _counted(settled, column, by, engine=engine, applied=False)
    engine.drop(settled)
    return replace(order, dates=dates, open=both_ways)


def _settled(held: str, read: str, by: str, *, engine: Engine, ordered_only: bool = False) -> str:
    """A table of the dates in the order of their ids: row, place, moment, written, other, settled.

    `other` is the second reading of a date that has one; `settled` the reading that is sure, missing while none is.
    Ids are ordered as numbers where most of them are, and then others have no place; else as text. With `ordered_only`
    nothing more is settled where ids were not given in the order of time.
    """
    name = engine.fresh_name()
    engine.execute(
        f"""
        CREATE TABLE {quoted(name)} AS
        WITH dated AS (
            SELECT rowid AS row, {by} AS id, TRY_CAST({by} AS DECIMAL(38, 0)) AS number, {read} AS moment
            FROM {quoted(held)}
        ), read AS (
            SELECT *, CAST(moment AS DATE) AS written, 2 * count(number) OVER () > count(*) OVER () AS numbered
            FROM dated WHERE moment IS NOT NULL AND id IS NOT NULL
        ), both_ways AS (
            SELECT *, CASE WHEN {_open("written")}
                THEN make_date(year(written), day(written), month(written)) END AS other
            FROM read
        )
        SELECT row, moment, written, other, CASE WHEN other IS NULL THEN written END AS settled,
            CASE WHEN NOT numbered OR number IS NOT NULL THEN row_number() OVER (
                ORDER BY numbered AND number IS NULL, CASE WHEN numbered THEN number END, id, row) END AS place
        FROM both_ways
        """
    )
    rank, _ = _rank(name, engine=engine) if ordered_only else (1.0, 0)
    for _ in range(ROUNDS):
        if rank is None or rank < ORDERED or not _settle_more(name, engine=engine):
            break
    return name


def _settle_more(name: str, *, engine: Engine) -> int:
    """Settle the dates that one reading puts among their settled neighbours and the other does not; how many."""
    days = _days("settled")
    near = {"b": f"{AROUND - 1} PRECEDING AND CURRENT ROW", "a": f"CURRENT ROW AND {AROUND - 1} FOLLOWING"}
    medians = ", ".join(
        f"median({days}) OVER (ORDER BY place ROWS BETWEEN {rows}) AS {side}" for side, rows in near.items()
    )
    written, other = (f"greatest(low - {_days(day)}, {_days(day)} - high, 0)" for day in ("written", "other"))
    before = _unsettled(name, engine=engine)
    engine.execute(
        f"""
        UPDATE {quoted(name)} SET settled = found.settled FROM (
            WITH certain AS (
                SELECT place, {medians} FROM {quoted(name)} WHERE settled IS NOT NULL AND place IS NOT NULL
            ), between AS (
                SELECT unsure.row, written, other,
                    least(earlier.b, later.a) AS low, greatest(earlier.b, later.a) AS high
                FROM (SELECT * FROM {quoted(name)} WHERE settled IS NULL AND place IS NOT NULL) AS unsure
                ASOF LEFT JOIN certain AS earlier ON unsure.place > earlier.place
                ASOF LEFT JOIN certain AS later ON unsure.place < later.place
            )
            SELECT row, CASE WHEN {other} + {SLACK} <= {written} THEN other
                WHEN {written} + {SLACK} <= {other} THEN written END AS settled
            FROM between
        ) AS found WHERE {quoted(name)}.row = found.row AND found.settled IS NOT NULL
        """
    )
    return before - _unsettled(name, engine=engine)


def _unsettled(name: str, *, engine: Engine) -> int:
    return int(engine.rows(f"SELECT count(*) - count(settled) FROM {quoted(name)}")[0][0])


def _counted(settled: str, column: str, by: str, *, engine: Engine, applied: bool) -> Order:
    [(dates, both_ways, kept, exchanged, unclear)] = engine.rows(
        f"SELECT count(*), count(other), count(*) FILTER (other IS NOT NULL AND settled = written), "
        f"count(*) FILTER (settled = other), count(*) - count(settled) FROM {quoted(settled)}"
    )
    rank, certain = _rank(settled, engine=engine)
    told = None if rank is None or certain < ENOUGH else float(rank)
    return Order(column, by, dates, both_ways, kept, exchanged, unclear, told, applied)


def _rank(settled: str, *, engine: Engine) -> tuple[float | None, int]:
    """Rank correlation of ids and the dates that can be read one way only, and how many these are."""
    [(rank, certain)] = engine.rows(
        f"SELECT corr(place, day), count(*) FROM (SELECT rank() OVER (ORDER BY place) AS place, "
        f"rank() OVER (ORDER BY written) AS day FROM {quoted(settled)} WHERE other IS NULL AND place IS NOT NULL)"
    )
    return rank, certain


def _days(day: str) -> str:
    """A date as a whole number of days."""
    return f"CAST({day} - DATE '1970-01-01' AS INTEGER)"


def _open(day: str) -> str:
    """Whether a date can be read both ways."""
    return f"day({day}) <= 12 AND day({day}) <> month({day})"


def _rewritten(column: str, way: str) -> str:
    """The exchanged moment in the writing the text had, so that it is read, judged and shown like any other."""
    text = f"trim({quoted(column)})"
    return f"WHEN try_strptime({text}, {literal(way)}) IS NOT NULL THEN strftime(moment, {literal(way)})"
