"""Which ways of writing a day, a time or a month a column's values allow."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.extracts.engine import Engine, literal, quoted

MOST_VALUES = 4_000  # distinct values that are tried
_DAYS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d-%b-%Y",
    "%b-%d-%Y",
    "%Y年%m月%d日",
    "%d.%m.%y",
    "%m.%d.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%m-%y",
    "%m-%d-%y",
    "%y-%m-%d",
    "%y/%m/%d",
    "%d-%b-%y",
]
_WORDY_DAYS = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y")
_CLOCKS = (" %H:%M:%S", "T%H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "T%H:%M:%SZ", " %H:%M:%S.%f")
_MONTHS = ("%Y-%m", "%Y/%m", "%Y.%m", "%Y%m", "%Y年%m月", "%m/%Y", "%m-%Y", "%m.%Y", "%b %Y", "%b-%Y", "%B %Y", "%b-%y")
_TIMES_OF_DAY = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")


@dataclass(frozen=True)
class Format:
    """A way of writing, and the share of values it reads; `kind` is day, time, month or clock."""

    text: str
    kind: str
    share: float
    firsts: bool = False  # every value read is the first of a month

    @property
    def day(self) -> str:
        """The part that writes the day."""
        return next((self.text.removesuffix(clock) for clock in _CLOCKS if self.text.endswith(clock)), self.text)


CANDIDATES = (
    [(text, "day") for text in (*_DAYS, *_WORDY_DAYS)]
    + [(day + clock, "time") for day in _DAYS for clock in _CLOCKS]
    + [(text, "month") for text in _MONTHS]
    + [(text, "clock") for text in _TIMES_OF_DAY]
)


def date_formats(held: str, column: str, *, engine: Engine) -> list[Format]:
    """Formats that read at least nine in ten values, the best first; of equals, the first of the list."""
    shape = "regexp_replace(regexp_replace(v, '[0-9]+', '9', 'g'), '[A-Za-z]+', 'A', 'g')"
    values = (
        f"SELECT DISTINCT trim(CAST({quoted(column)} AS VARCHAR)) AS v FROM {quoted(held)} "
        f"WHERE {quoted(column)} IS NOT NULL ORDER BY md5(v) LIMIT {MOST_VALUES}"
    )
    shapes = engine.rows(
        f"SELECT {shape} AS s, any_value(v), count(*) AS n FROM ({values}) GROUP BY s ORDER BY n DESC, s LIMIT 3"
    )
    if not shapes or not any(_fits(str(s)) for s, _, _ in shapes):
        return []
    likely = [(text, kind) for text, kind in CANDIDATES if _tried(text, [str(s) for s, _, _ in shapes])]
    if not likely:
        return []
    counts = ["count(*)"]
    for text, _ in likely:
        read = f"try_strptime(v, {literal(text)})"
        within = f"{read} IS NOT NULL" if text in _TIMES_OF_DAY else f"year({read}) BETWEEN 1900 AND 2200"
        counts += [f"count(*) FILTER ({within})", f"count(*) FILTER ({within} AND day({read}) <> 1)"]
    [(total, *rest)] = engine.rows(f"SELECT {', '.join(counts)} FROM ({values})")
    found = [
        Format(text, kind, read / total, firsts=odd == 0)
        for (text, kind), read, odd in zip(likely, rest[::2], rest[1::2], strict=True)
        if total and read / total >= 0.9
    ]
    return sorted(found, key=lambda one: -one.share)


def _fits(shape: str) -> bool:
    """Whether a shape (digits as 9, letters as A) could be a date at all."""
    return len(shape) <= 20 and "9" in shape


def _tried(text: str, shapes: list[str]) -> bool:
    """Whether a format has the signs of one of the shapes: cheap, before any value is parsed."""
    mask = text
    for part, stands in (("%Y%m%d", "9"), ("%Y%m", "9")):
        mask = mask.replace(part, stands)
    for part in ("%Y", "%y", "%m", "%d", "%H", "%M", "%S", "%I", "%f"):
        mask = mask.replace(part, "9")
    for part in ("%b", "%B", "%p"):
        mask = mask.replace(part, "A")
    return mask.replace("T", "A").replace("Z", "A") in shapes
