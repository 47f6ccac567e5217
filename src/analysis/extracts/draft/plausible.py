"""Whether a column's values could be those of a contract column, and what they say where the header says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.extracts.contract import CONTRACT
from analysis.extracts.draft.keys import Keys
from analysis.extracts.draft.likeness import EXPECTED, likeness
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.targets import Target, share_translated
from analysis.extracts.draft.value_words import VALUE_WORDS, truth_pair
from analysis.extracts.selected import IDENTITIES

_LONG = 12  # characters from which text is told, not coded


@dataclass(frozen=True)
class Score:
    """How well a raw column fits a target, 0 to about 1, and how much of it the header says."""

    total: float
    header: float


def scored(column: Column, target: Target, keys: Keys) -> Score:
    """The header's likeness, held against the values; the values alone where the header is strange."""
    header = likeness(column.name, target.table, target.name)
    if _names_a_person(column.name, target, header):
        return Score(0.0, 0.0)
    if column.filled == 0:  # nothing contradicts the header, nothing supports it
        return Score(0.8 * header if header >= 0.8 and not target.is_id else 0.0, header)
    value = plausibility(column, target, keys)
    alone = evidence(column, target, keys) if value >= 0.5 else 0.0
    total = header * (0.3 + 0.7 * value) if value > 0.15 else 0.0
    return Score(max(total + 0.2 * alone, alone), header)


def _names_a_person(header: str, target: Target, like: float) -> bool:
    """Whether a header is rather that of a name, a telephone number, an address, than one `like` the target's."""
    if target.table == IDENTITIES or (target.is_id and target.name != "area_id"):
        return False
    columns = [name for name in CONTRACT[IDENTITIES].names if name != "customer_id"]
    personal = max(likeness(header, IDENTITIES, name) for name in columns)
    return personal >= EXPECTED and personal > like


def plausibility(column: Column, target: Target, keys: Keys) -> float:
    """From 0 (the values are of another kind) to 1."""
    if target.is_id:
        return _as_id(column, target, keys)
    if target.type in ("date", "time", "month"):
        return _as_date(column, target)
    if target.type in ("money", "number", "integer"):
        return _as_number(column, target)
    if target.type == "boolean":
        return 1.0 if truth_pair(column.listed) else column.truths * (column.distinct <= 3)
    return _as_text(column, target)


def evidence(column: Column, target: Target, keys: Keys) -> float:
    """What the values say by themselves, 0 to 0.9: keys by overlap, coded words, months, addresses of mail."""
    if target.is_id:
        return _id_evidence(column, target, keys)
    if target.type == "month":
        whole = column.written and (column.written.kind == "month" or column.written.firsts)
        return 0.6 if whole and column.distinct > 1 else 0.0
    if (target.table, target.name) in VALUE_WORDS:
        known = share_translated(target, column.listed)
        return 0.65 * known if column.distinct >= 2 and known >= 0.6 and column.numbers < 1 else 0.0
    by_name = {"email": 0.7 * column.mails, "text": 0.45 if column.length >= 2 * _LONG else 0.0}
    if target.name == "birth_year":
        return 0.5 if column.whole == 1 and (column.low or 0) >= 1900 and (column.high or 9999) <= 2020 else 0.0
    if target.name in ("nps_score", "csat_score"):
        scale = (0, 10) if target.name == "nps_score" else (1, 5)
        return 0.4 if column.whole == 1 and (column.low, column.high) == scale else 0.0
    return by_name.get(target.name, 0.0)


def _as_id(column: Column, target: Target, keys: Keys) -> float:
    if (column.numbers > 0.9 and column.whole < 0.9) or column.mails > 0.5 or column.truths == 1:
        return 0.0
    is_customer = keys.customer.get(column.table) == column.name
    in_family = (column.table, column.name) in keys.family
    if target.name == "customer_id":
        return _as_customer(column, target, keys)
    if target.name in ("converted_customer_id", "replaces_customer_id", "parent_id"):
        partly = column.filled < column.rows or target.name == "converted_customer_id"
        return (1.0 if in_family else 0.5) * (1.0 if partly else 0.2)
    if is_customer or (in_family and target.is_own_key):
        return 0.05
    return _as_own_key(column, target) if target.is_own_key else 1.0


def _as_customer(column: Column, target: Target, keys: Keys) -> float:
    if keys.customer.get(column.table) == column.name:
        return 1.0 if target.table != "customers" or column.distinct >= 0.9 * column.filled else 0.4
    return 0.1 if column.table in keys.customer else 0.6


def _as_own_key(column: Column, target: Target) -> float:
    """Each value once; a bill's number stands on each of its lines."""
    lowest = 0.2 if target.name == "invoice_id" else 0.9
    share = column.distinct / max(column.filled, 1)
    return min(1.0, share / lowest) ** 3 if column.filled >= 0.98 * column.rows else 0.1


def _id_evidence(column: Column, target: Target, keys: Keys) -> float:
    if target.name == "customer_id":
        return 0.9 if keys.customer.get(column.table) == column.name else 0.0
    if target.name == "converted_customer_id":
        partly = 0 < column.filled < column.rows
        return 0.8 if partly and (column.table, column.name) in keys.family else 0.0
    if target.is_own_key:
        return (
            0.5 - 0.03 * min(column.place, 5)
            if column.is_unique and column.length <= 40 and not column.is_date
            else 0.0
        )
    coded = column.whole == 1 or column.length <= 6
    if target.name == "area_id" and keys.linked.get((column.table, column.name)) and coded:
        return 0.4 if (column.table, column.name) not in keys.family else 0.0
    if target.name == "campaign_id" and keys.linked.get((column.table, column.name)):
        return 0.5 if (column.table, column.name) not in keys.family else 0.0
    return 0.0


def _as_date(column: Column, target: Target) -> float:
    """Days may stand for times and the other way round, a little less well."""
    if not column.formats:
        return 0.0
    kinds = {one.kind for one in column.formats}
    if kinds == {"clock"}:
        return 0.0
    digits = column.whole == 1  # 20240131 may be a number
    if target.type == "month":
        months = "month" in kinds or any(one.firsts for one in column.formats)
        return 1.0 if months else 0.25
    fitting = {"date": "day", "time": "time"}[target.type]
    if fitting in kinds:
        return 0.9 if digits else 1.0
    return 0.85 if kinds & {"day", "time"} else 0.3


def _as_number(column: Column, target: Target) -> float:
    read = max(column.numbers, column.commas)
    if target.name == "contract_months" and share_translated(target, column.listed) >= 0.5:
        return 1.0
    if read < 0.9 or (column.is_date and column.whole < 1):
        return read / 3
    low, high = column.low, column.high
    outside = target.low is not None and low is not None and low < target.low and (high is None or high <= target.low)
    outside = outside or (target.high is not None and high is not None and high > target.high)
    if outside:
        return 0.1
    if target.type == "integer" and column.whole < 0.95:
        return 0.2
    return 0.4 if column.is_constant and column.rows > 20 else 1.0


def _as_text(column: Column, target: Target) -> float:
    if target.values or (target.table, target.name) in VALUE_WORDS:
        known = share_translated(target, column.listed)
        few = 0.6 if column.distinct <= 40 and column.numbers < 1 else 0.2
        return max(known, few)
    if column.is_date and column.whole < 1:
        return 0.1
    number = max(column.numbers, column.commas) > 0.9
    if target.name == "phone":
        return 1.0 if column.length >= 6 and column.truths == 0 else 0.0
    if column.truths == 1 and column.distinct <= 3:
        return 0.2
    if number:
        return 0.35
    return 0.6 if column.is_constant and column.rows > 20 else 1.0
