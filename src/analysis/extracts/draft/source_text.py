"""The text of a drafted source.yml: what the extracts tell, and what only people know."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from analysis.extracts.draft.beginnings import Beginning
from analysis.extracts.draft.plan import Planned
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.samples import Sampled
from analysis.extracts.draft.value_words import CURRENCIES
from analysis.extracts.spellings import every_known_name, plain_name

FILL = "# To fill in:"
ISO = "%Y-%m-%d"


def date_format(plans: Sequence[Planned]) -> str:
    """How most of the days are written that the draft reads; ISO where none tells."""
    ways: Counter[str] = Counter()
    for plan in plans:
        for match in plan.found:
            column = match.column
            dated = match.target.type in ("date", "time") and column.type == "VARCHAR"
            if dated and column.written and not column.rivals and column.written.kind in ("day", "time"):
                ways[column.written.day] += 1
    return max(ways, key=lambda way: (ways[way], way == ISO, way)) if ways else ISO


GUESSED = (
    "# unsure: cp1252 is Western European, taken for what is no UTF-8. Where names look wrong (³ódŸ for łódź), write "
    "cp1250 or what else it is."
)


def source_text(name: str, files: str, *, sampled: Sampled, plans: Sequence[Planned], needs_snapshot: bool) -> str:
    """source.yml, with a marked line for every key that somebody has to fill in."""
    lines = [
        "# Drafted by `linecard map` from headers and values. Fill in what is marked, then run `linecard check`.",
        f"name: {_yaml(name)}",
        f"format: {sampled.format}",
        f"files: {_yaml(files)}",
        f"{FILL} the first day whose leavers are in the extract. Ask who made it since when leavers are kept.",
        "# observed_from: 2024-01-01",
    ]
    currency = _currency(plans)
    if currency:
        lines += [f"currency: {currency}  # unsure: as signs in headers or values say"]
    else:
        lines += [f"{FILL} the currency of every amount, like EUR or CNY.", 'currency: "?"']
    lines += [f"{FILL} the time zone of every date and time, like Europe/Berlin or Asia/Shanghai.", 'timezone: "?"']
    if needs_snapshot:
        lines += [
            f"{FILL} the day the extract was taken; tenure is counted back from it.",
            "# snapshot_date: 2024-12-31",
        ]
        lines += _known_at(plans) if needs_snapshot else []
    return "\n".join(lines + _workbooks(sampled) + _csv(plans, sampled)) + "\n"


def _known_at(plans: Sequence[Planned]) -> list[str]:
    """Terms of what is held, known when observation began: a snapshot says what is held, not since when."""
    terms = ("plan", "technology", "bandwidth_mbps", "monthly_fee", "contract_months", "payment_method")
    found = {match.target.name for plan in plans if plan.table == "subscriptions" for match in plan.found}
    names = [name for name in terms if name in found]
    head = "known_at:  # unsure: the extract says what is held, not since when; said here: since observation began"
    return [head, *(f"  {name}: observed_from" for name in ("product", *names))] if names else []


def _workbooks(sampled: Sampled) -> list[str]:
    """Sheet and header row of workbooks with several sheets, or a title above the header."""
    begun = sampled.beginnings.items()
    sheets = [f"  {_yaml(name)}: {_yaml(one.sheet)}" for name, one in begun if one.sheet]
    rows = [f"  {_yaml(name)}: {one.header_row}" for name, one in begun if one.header_row]
    lines = ["sheet:  # unsure: the longest of the workbook", *sheets] if sheets else []
    return lines + (["header_row:  # unsure: the first row that is as wide as the table", *rows] if rows else [])


def _csv(plans: Sequence[Planned], sampled: Sampled) -> list[str]:
    """How the text is written, where that is not the usual and the reader cannot tell."""
    keys = _encodings(sampled)
    delimiters = {one.delimiter for one in sampled.beginnings.values() if one.encoding and len(one.columns) > 1}
    if len(delimiters) == 1 and delimiters != {","}:  # of several each file's header shows its own
        keys["delimiter"] = json.dumps(delimiters.pop())
    matched = [match for plan in plans for match in plan.found]
    numbers = [match.column for match in matched if match.target.type in ("money", "number")]
    if any(column.commas > 0.5 for column in numbers):
        keys["decimal"] = '","'
    dates = date_format(plans)
    if dates != ISO:
        keys["date_format"] = json.dumps(dates, ensure_ascii=False)
    lines = ["csv:", *(f"  {key}: {value}" for key, value in keys.items())] if keys else []
    if "cp1252" in keys.get("encoding", ""):
        lines += [GUESSED]
    unread = [
        match.column for match in matched if match.column.rivals and match.target.type in ("date", "time", "month")
    ]
    if unread:
        ways = " or ".join(one.text for one in (unread[0].written, *unread[0].rivals) if one)
        lines += [f"# unsure: {unread[0].name!r} reads as {ways}. Ask which, then say so in `csv: {{date_format: …}}`."]
    return lines


def _encodings(sampled: Sampled) -> dict[str, str]:
    """The encoding of most texts that do not show theirs themselves, and those of the others by raw table."""
    written = {
        name: begun.encoding for name, begun in sampled.beginnings.items() if begun.encoding and not _told(begun)
    }
    if not written:
        return {}
    [(usual, _)] = Counter(written.values()).most_common(1)
    others = {_yaml(name): code for name, code in written.items() if code != usual}
    if others:
        return {"encoding": f"{{default: {usual}, {', '.join(f'{name}: {code}' for name, code in others.items())}}}"}
    return {"encoding": usual} if usual != "utf-8" else {}


def _told(begun: Beginning) -> bool:
    """Whether the reader itself tells the encoding: plain ASCII, a byte-order mark, GB18030 by its header."""
    if begun.encoding != "gb18030":
        return begun.encoding in ("ascii", "utf-8-sig", "utf-16")
    return any(not name.isascii() and plain_name(name) in every_known_name() for name in begun.columns)


def _currency(plans: Sequence[Planned]) -> str | None:
    """The one currency that headers and values of amounts name; None where none or several do."""
    found = set()
    for plan in plans:
        for match in plan.found:
            if match.target.type == "money":
                found |= {code for code, signs in CURRENCIES.items() if _names(match.column, signs.split("|"))}
    return found.pop() if len(found) == 1 else None


def _names(column: Column, signs: Sequence[str]) -> bool:
    text = column.name.casefold()
    words = set(
        text.replace("(", " ").replace(")", " ").replace("_", " ").replace("（", " ").replace("）", " ").split()
    )
    return any(
        sign in words
        or (not sign.isalpha() and sign in text)
        or (sign == "元" and text.endswith(("元", "元)", "元）")))
        for sign in signs
    )


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
