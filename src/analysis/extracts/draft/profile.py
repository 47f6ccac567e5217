"""What the values of a raw column look like, counted by the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.extracts.draft.dates import Format, date_formats
from analysis.extracts.draft.samples import RawTable
from analysis.extracts.draft.value_words import FALSE_WORDS, TRUE_WORDS
from analysis.extracts.engine import Engine, literal, quoted

MOST_LISTED = 40  # distinct values of a coded column
_EDGE = 0.005  # of the values that lie beyond `low`, and beyond `high`: one wrong value tells of no other column
_SIGNS = "[¥￥€£$]?\\s*"
_NUMBER = f"^{_SIGNS}[-+]?([0-9]{{1,3}}(,[0-9]{{3}})+|[0-9]+)?(\\.[0-9]+)?\\s*(元|€|%|GB|gb|Mbps)?$"
_WHOLE = "^[-+]?[0-9]+(\\.0+)?$"
_COMMA = "^[-+]?([0-9]{1,3}(\\.[0-9]{3})+|[0-9]+),[0-9]+ *-?$"


@dataclass(frozen=True)
class Column:
    """A raw column: `filled` of `rows` have a value, `distinct` different ones; shares are of the filled.

    `low` and `high` are the edges of its numbers, but for a stray one. `listed` are all its values where they are few;
    `formats` the ways its days or times may be written, `settled_by` the column beside it that shows which.
    """

    table: str
    name: str
    place: int
    type: str
    rows: int
    filled: int
    distinct: int
    numbers: float
    whole: float
    commas: float
    truths: float
    mails: float
    low: float | None
    high: float | None
    length: float
    listed: tuple[str, ...]
    formats: tuple[Format, ...]
    settled_by: str = ""

    @property
    def is_unique(self) -> bool:
        """Whether hardly a value stands twice: extracts repeat a row now and then."""
        return self.filled == self.rows > 0 and self.distinct >= 0.98 * self.filled

    @property
    def is_constant(self) -> bool:
        return self.distinct <= 1

    @property
    def written(self) -> Format | None:
        """How its days or times are written, where they are."""
        return self.formats[0] if self.formats else None

    @property
    def rivals(self) -> tuple[Format, ...]:
        """Formats that read just as many values and mean other days: which is right cannot be seen."""
        if not self.formats:
            return ()
        first = self.formats[0]
        return tuple(one for one in self.formats[1:] if one.share == first.share and one.kind == first.kind)

    @property
    def is_date(self) -> bool:
        """Whether it holds days, times or months, and is not just digits that could be read so."""
        return bool(self.formats) and self.formats[0].share >= 0.95


def profiled(raw: RawTable, *, engine: Engine) -> list[Column]:
    """One profile per column of the sample."""
    types = dict(engine.columns(f"SELECT * FROM {quoted(raw.held)}"))
    columns = [_profile(raw, name, place, types[name], engine=engine) for place, name in enumerate(raw.columns)]
    return [_settled(column, columns, raw, engine=engine) if column.rivals else column for column in columns]


def _settled(column: Column, beside: list[Column], raw: RawTable, *, engine: Engine) -> Column:
    """The column read as another of the same row says, where days could be meant in two ways and only one agrees."""
    ways = (column.formats[0], *column.rivals)
    for other in beside:
        if other.rivals or not other.written or other.written.kind not in ("day", "time") or other.type != "VARCHAR":
            continue
        day = f"CAST(try_strptime({quoted(other.name)}, {literal(other.written.text)}) AS DATE)"
        same = [
            f"avg(CAST(CAST(try_strptime({quoted(column.name)}, {literal(one.text)}) AS DATE) = {day} AS INTEGER))"
            for one in ways
        ]
        [shares] = engine.rows(f"SELECT {', '.join(same)} FROM {quoted(raw.held)}")
        agreeing = [one for one, share in zip(ways, shares, strict=True) if share is not None and share >= 0.99]
        if len(agreeing) == 1:
            return replace(column, formats=(agreeing[0],), settled_by=other.name)
    return column


def _profile(raw: RawTable, name: str, place: int, type: str, *, engine: Engine) -> Column:
    values = f"SELECT nullif(trim(CAST({quoted(name)} AS VARCHAR)), '') AS v FROM {quoted(raw.held)}"
    truths = ", ".join(literal(word) for word in (TRUE_WORDS + "|" + FALSE_WORDS).split("|"))
    plain = "TRY_CAST(regexp_replace(v, '[^0-9.+-]', '', 'g') AS DOUBLE)"
    [(rows, filled, distinct, numbers, whole, commas, true, mails, low, high, length)] = engine.rows(
        f"SELECT count(*), count(v), count(DISTINCT v), "
        f"count(*) FILTER (regexp_matches(v, {literal(_NUMBER)}) AND {plain} IS NOT NULL), "
        f"count(*) FILTER (regexp_matches(v, {literal(_WHOLE)})), "
        f"count(*) FILTER (regexp_matches(v, {literal(_COMMA)})), "
        f"count(*) FILTER (lower(v) IN ({truths})), count(*) FILTER (regexp_matches(v, '^[^@ ]+@[^@ ]+[.][^@ ]+$')), "
        f"quantile_disc({plain}, {_EDGE}), quantile_disc({plain}, {1 - _EDGE}), coalesce(avg(length(v)), 0) "
        f"FROM ({values})"
    )
    listed = (
        engine.rows(f"SELECT DISTINCT v FROM ({values}) WHERE v IS NOT NULL ORDER BY v")
        if distinct <= MOST_LISTED
        else []
    )
    share = max(filled, 1)
    return Column(
        raw.name, name, place, type, rows, filled, distinct,
        numbers / share, whole / share, commas / share, true / share, mails / share,
        low, high, float(length), tuple(str(value) for (value,) in listed),
        _formats(raw, name, type, engine=engine),
    )  # fmt: skip


def _formats(raw: RawTable, name: str, type: str, *, engine: Engine) -> tuple[Format, ...]:
    """Typed days and times need no format: they are given the one the contract reads."""
    if type == "DATE":
        return (Format("%Y-%m-%d", "day", 1.0),)
    if type.startswith("TIMESTAMP"):
        return (Format("%Y-%m-%d %H:%M:%S", "time", 1.0),)
    if type != "VARCHAR":
        return ()
    return tuple(date_formats(raw.held, name, engine=engine))
