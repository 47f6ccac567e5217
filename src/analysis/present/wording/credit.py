"""Sentences about bills that are not paid: what is owed, how it moves, and what will be lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

import pandas as pd

from analysis.basis.rounding import half_up
from analysis.frames.open_bills import CREDIT, CURRENT, NO_DUE_DATE, NOT_DUE, NOT_ON_RECORD, OVERDUE, Payments
from analysis.measures.ageing import LEFT, LEFT_LONG, Owed
from analysis.measures.credit_kpis import few, left_told, loss_here_told, overdue_told
from analysis.measures.ratio import Ratio
from analysis.measures.roll_rates import LEFT_OWING, LEFT_PAID
from analysis.models.credit import Back, Loss
from analysis.models.credit_study import Study
from analysis.present.numbers import count, day, decimal, finite, money, months, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, capital, listed, whole_or_part

PART_NAMES = {
    NOT_DUE: "Not due yet",
    "1-30": "1 to 30 days overdue",
    "31-60": "31 to 60 days overdue",
    "61-90": "61 to 90 days overdue",
    "over 90": "Over 90 days overdue",
    LEFT: "Left, up to 90 days overdue",
    LEFT_LONG: "Left, over 90 days overdue",
    NO_DUE_DATE: "Without a due date",
    NOT_ON_RECORD: "Older than payments on record",
    CREDIT: "Credits not used yet",
}
STATE_NAMES = {CURRENT: "Nothing overdue", LEFT_OWING: "Left owing", LEFT_PAID: "Left, nothing overdue"}
STALE = 35  # days without a payment on record before the as-of date, from which it is said
LEAST_DRAWN = 0.02  # share of a move that has room for its name in the picture


def finding(
    study: Study | None, tables: Mapping[str, object], told: Payments | None, *, smallest: int, currency: str
) -> str:
    """The bottom line; where nothing is told, why."""
    if study is None:
        return absent(tables, told)
    return bottom_line(study.owed, study.loss, smallest=smallest, currency=currency)


def absent(tables: Mapping[str, object], told: Payments | None) -> str:
    """Why nothing can be told of who pays."""
    lead = "Bills that are not paid cannot be told: "
    if "invoices" not in tables:
        return f"{lead}the source gives no invoices."
    if told is None or not told.lines:
        return f"{lead}there are no bill lines."
    if not told.dated:
        return f"{lead}no bill has a due date."
    if not told.paid:
        return f"{lead}no bill has a payment date, so who pays is not known. It does not mean that nobody paid."
    share = percent(told.long_paid / told.long_due, 0)
    return f"{lead}only {share} of what was due long ago has a payment date, so payments are not on record as a whole."


def bottom_line(owed: Owed, loss: Loss, *, smallest: int, currency: str) -> str:
    """What is owed, what of it is overdue, and what is expected never to be paid."""
    amount = partial(money, currency=currency, places=0)
    if not owed.amount > 0:
        return "Nothing is owed: every bill was paid, or is set off against credits."
    if few(owed.owing, smallest):
        return f"Fewer than {smallest} customers owe anything; how much is not told."
    if not owed.told:
        return "One customer owes so much of what is owed that the sum is not told: it would tell how much."
    told = f"{amount(owed.amount)} is owed"
    if overdue_told(owed, smallest=smallest):
        told += f", {amount(owed.overdue)} of it past its due date"
    if finite(loss.whole[0]) is None:
        return f"{told}; what of it will never be paid cannot be told yet, for want of history."
    told += f"; {amount(loss.whole[0])}{_between(loss.whole, amount)} is expected never to be paid"
    if not loss_here_told(owed, smallest=smallest) or finite(loss.here[0]) is None:
        return f"{told}."
    return f"{told}, {amount(loss.here[0])} of it by customers who are still here."


def _between(found: tuple[float, float, float], written: partial[str]) -> str:
    between = spread(found[1], found[2], written)
    return "" if between == MISSING else f" ({between})"


def part_rows(loss: Loss) -> pd.DataFrame:
    """The parts of what is owed as picture and table name them."""
    return loss.parts.assign(name=loss.parts["part"].map(PART_NAMES))


def part_words(owed: Owed, loss: Loss, *, smallest: int, currency: str) -> Words:
    """Around the picture of what is owed."""
    amount = partial(money, currency=currency, places=0)
    subtitle = "Money owed on the as-of date by days since the due date, tax included"
    finding = _standing(owed, smallest)
    rows = part_rows(loss).dropna(subset=["owed"])
    told = [f"{row['name'].lower()} {amount(row['owed'])}" for row in rows.to_dict("records")]
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}: {listed(told) or 'not told'}."}


def _standing(owed: Owed, smallest: int) -> str:
    if not owed.amount > 0:
        return "Nothing is owed"
    if not overdue_told(owed, smallest=smallest):
        return "How much of what is owed is overdue is not told: it would tell of few customers"
    finding = f"{whole_or_part(min(owed.overdue / owed.amount, 1.0), 0)} of what is owed is overdue"
    if not owed.left > 0 or not left_told(owed, smallest=smallest):
        return finding
    return f"{finding}, {whole_or_part(min(owed.left / owed.amount, 1.0), 0)} is owed by who has left"


def part_table_words(owed: Owed, loss: Loss, *, smallest: int, currency: str) -> Captions:
    """Above the table of what is owed and what will be lost."""
    finding = _oldest(owed, loss, smallest=smallest, currency=currency)
    subtitle = "Tax included; bills of one number are one bill, and credits on it are subtracted"
    if loss.months is None:
        return {
            "finding": finding,
            "subtitle": f"{subtitle}; what is never paid cannot be told yet, for want of history",
        }
    subtitle += f"; never paid: of debts as old in an earlier year, the share still open {months(loss.months, 0)} later"
    return {"finding": finding, "subtitle": subtitle}


def _oldest(owed: Owed, loss: Loss, *, smallest: int, currency: str) -> str:
    """The age that most of what is owed has; without amounts where they would tell of few."""
    rows = part_rows(loss).dropna(subset=["owed"])
    rows = rows[rows["owed"] > 0]
    if rows.empty or not owed.told or few(owed.owing, smallest):
        return "What is owed cannot be told by age" if owed.amount > 0 else "Nothing is owed"
    top = rows.sort_values("owed", ascending=False, kind="stable").iloc[0]
    most = "Of what may be told, most" if loss.parts["masked"].any() else "Most"
    return f"{most} is owed under “{top['name']}”: {money(top['owed'], currency, places=0)}"


def how_counted(told: Payments, loss: Loss, *, as_of: dt.date) -> list[str]:
    """How bills are counted, and what is not in the figures."""
    said = [
        "A payment after the as-of date is not known yet, neither today nor when a past month is looked at.",
        "A credit of a bill of its own stands apart until it is set off, and lowers no expected loss.",
    ]
    if loss.without > 0:
        said.append("Debts of an age that too few customers owed a year ago have no expected loss.")
    if {NO_DUE_DATE, NOT_ON_RECORD} & set(loss.parts["part"]):
        said.append(
            "Bills without a due date, and those older than the first payment on record, have no expected loss."
        )
    late = None if told.last is None else (as_of - told.last).days
    if late is not None and late > STALE:
        said.append(f"The last payment on record is of {day(told.last)}: what was paid later looks as if it were owed.")
    return said


def loss_told(
    paid: tuple[Ratio, int] | None, back: Back | None, *, followed: int | None, smallest: int, currency: str
) -> list[str]:
    """What of all bills is never paid, and whether the loss expected a year ago came."""
    said = []
    if paid is not None and followed is not None and not few(paid[1], smallest):
        between = spread(paid[0].low, paid[0].high, partial(percent, places=2))
        known = "" if between == MISSING else f" ({between})"
        said.append(
            f"Of everything billed in an earlier year, {percent(paid[0].value, 2)}{known} was never paid: still open "
            f"after {months(followed, 0)} or more."
        )
    said.append(_came(back, smallest, currency))
    return said


def of_bills(owed: Owed, here: tuple[float, float, float], billed: float, *, smallest: int) -> list[str]:
    """What customers who are still here will never pay, as a share of a year's bills; nothing where it is not told."""
    if finite(here[0]) is None or not billed > 0 or not loss_here_told(owed, smallest=smallest):
        return []
    written = partial(percent, places=2)
    between = _between((here[0] / billed, here[1] / billed, here[2] / billed), written)
    lead = (
        f"What customers who are still here are expected never to pay is {written(here[0] / billed)}{between} of what"
    )
    return [f"{lead} was billed in the last four quarters."]


def _came(back: Back | None, smallest: int, currency: str) -> str:
    if back is None:
        return "Whether such an expectation comes true cannot be told yet: that takes longer history."
    amount = partial(money, currency=currency, places=0)
    expected = f"{amount(back.expected[0])}{_between(back.expected, amount)}"
    told = f"Of what was owed on {day(back.day)}, {expected} was expected never to be paid"
    if few(back.unpaid, smallest):
        return f"{told}; fewer than {smallest} customers have not paid, so what was lost is not told."
    told += f"; {amount(back.came)} is still not paid"
    if finite(back.ratio.value) is None:
        return f"{told}."
    between = spread(back.ratio.low, back.ratio.high, partial(decimal, places=2))
    known = "" if between == MISSING else f" ({between})"
    verdict = "as expected, but for chance"
    if _above(back.ratio.low):
        verdict = "more than chance would add"
    elif _above(1 / back.ratio.high if back.ratio.high > 0 else 1.0):
        verdict = "less than chance would leave"
    return f"{told}: {decimal(back.ratio.value, 2)} times as much{known}, {verdict}."


def _above(ratio: float) -> bool:
    """Whether a ratio is above one as it is printed."""
    return half_up(ratio, 2) > 1


def risk_told(customers: int, fee: float, *, smallest: int, currency: str) -> str:
    """The fees that hang on customers who are far overdue."""
    if not customers:
        return "No customer is more than 60 days overdue."
    if customers < smallest:
        return f"Fewer than {smallest} customers are more than 60 days overdue; their fees are not told."
    told = f"{count(customers)} customers are more than 60 days overdue, suspended lines included"
    if finite(fee) is None:
        return f"{told}; their fees are not known."
    return f"{told}: {money(fee, currency)} of monthly fees is at risk."


def state_name(state: str) -> str:
    """A state of a customer as a table names it."""
    return STATE_NAMES.get(state, PART_NAMES.get(state, capital(state)))


def roll_rows(rolls: pd.DataFrame) -> pd.DataFrame:
    """The moves as picture and table name them: `from_name`, `to_name` added; those hidden throughout are left out."""
    told = rolls[rolls["rate"].notna() | rolls["rate_quarter"].notna()]
    return told.assign(from_name=told["state"].map(state_name), to_name=told["next"].map(state_name))


def drawn_rolls(rows: pd.DataFrame) -> pd.DataFrame:
    """The moves that have room in the picture."""
    return rows[rows["rate"] >= LEAST_DRAWN]


def roll_words(rolls: pd.DataFrame, steps: int) -> Words:
    """Around the picture of moves."""
    subtitle = f"Where customers are a month later, by their longest overdue bill; average of {count(steps)} months"
    if rolls.empty:
        finding = "How overdue bills move from month to month cannot be told yet, for want of history"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    finding = _rolls(rolls)
    known = rolls.dropna(subset=["rate"])
    told = [
        f"{state_name(row['state']).lower()} to {state_name(row['next']).lower()} {percent(row['rate'])}"
        for row in known.to_dict("records")
    ]
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {capital(listed(told))}."}


def _rolls(rolls: pd.DataFrame) -> str:
    """Where a debt begins to stick: of who is 1 to 30 days overdue most pay, of who is 31 to 60 fewer."""
    cured = rolls[(rolls["next"] == CURRENT)].set_index("state")["rate"]
    first, later = (finite(cured.get(state)) for state in (OVERDUE[0], OVERDUE[1]))
    if first is None:
        return "How customers with overdue bills move from month to month"
    told = f"{percent(first, 0)} of those 1 to 30 days overdue have nothing overdue any more a month later"
    return told if later is None else f"{told}, {percent(later, 0)} of those 31 to 60 days overdue"


def roll_table_words(rolls: pd.DataFrame, steps: int) -> Captions:
    """Above the table of moves."""
    words = roll_words(rolls, steps)
    if rolls.empty:
        return {"finding": words["finding"], "subtitle": words["subtitle"]}
    subtitle = (
        "Share of customers in each state who are in another a month later; moves of nobody, or of few, are left out"
    )
    return {"finding": _lately(rolls, steps), "subtitle": subtitle}


def _lately(rolls: pd.DataFrame, steps: int) -> str:
    """How many of who is 1 to 30 days overdue have nothing overdue a month later: of late, and over all months."""
    rows = rolls[(rolls["next"] == CURRENT) & (rolls["state"] == OVERDUE[0])]
    known = rows.dropna(subset=["rate", "rate_quarter"])
    if known.empty:
        return "The last quarter cannot be told beside the months before"
    row = known.iloc[0]
    told = f"In the last quarter {percent(row['rate_quarter'], 0)} of those 1 to 30 days overdue"
    return f"{told} had nothing overdue a month later, {percent(row['rate'], 0)} over {months(steps, 0)}"
