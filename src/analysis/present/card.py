"""One customer on one page: the same sections as HTML, in a notebook, and as text in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.frames.card import Card
from analysis.present.block import Block
from analysis.present.page import Finding
from analysis.present.table import Column, table, texts
from analysis.present.text import clean, escaped
from analysis.present.wording import card as words
from analysis.present.wording.card_proposal import proposal
from analysis.present.wording.card_reasons import why_at_risk

MOST_EVENTS = 40
REASONS = "What raises the risk most, against the mean of all active customers"
FACTS = (Column("fact", "Fact"), Column("value", "Value", "prose"))
PRODUCTS = (
    Column("product", "Product"),
    Column("plan", "Plan"),
    Column("monthly_fee", "Fee a month", "money"),
    Column("discount", "Discount", "money"),
    Column("discount_end_date", "until", "day"),
    Column("start_date", "On these terms since", "day"),
    Column("contract_end_date", "Contract ends", "day"),
)
MONTHS = (
    Column("month", "Month from", "day"),
    Column("revenue", "Billed", "money"),
    Column("download_gb", "Download, GB", "decimal"),
    Column("voice_minutes", "Voice, minutes", "decimal"),
    Column("active_days", "Active days", "count"),
    Column("app_logins", "Log-ins", "count"),
)
HISTORY = (Column("day", "Day", "day"), Column("event", "Event"), Column("detail", "Detail", "prose"))


@dataclass(frozen=True)
class Section:
    """A titled table of the page."""

    title: str
    subtitle: str
    data: pd.DataFrame
    columns: Sequence[Column]

    def cells(self, *, currency: str) -> list[list[str]]:
        """The rows as texts without anything that controls a terminal."""
        return texts(self.data, self.columns, currency=currency)


@dataclass(frozen=True)
class CardPage:
    """The page: `title` names the customer, `finding` says who it is in one sentence."""

    title: str
    finding: str
    sections: Sequence[Section]
    currency: str
    source: str

    def blocks(self) -> list[Block]:
        """The finding and every section, for HTML."""
        tables = [
            table(
                one.data,
                one.columns,
                finding=one.title,
                subtitle=one.subtitle,
                source=self.source,
                currency=self.currency,
            )
            for one in self.sections
        ]
        return [Finding(self.finding), *tables]

    def _repr_html_(self) -> str:
        return f"<h2>{escaped(self.title)}</h2>" + "".join(block.html for block in self.blocks())


def card_page(card: Card, *, asked: str, currency: str, source: str) -> CardPage:
    """The page of a customer; sections of which nothing is known are left out."""
    amount = {"currency": currency}
    sections = [
        _facts("Profile", _names(card, asked) | words.profile(card.facts)),
        Section("Products held", "Dearest first", card.products, PRODUCTS),
        _facts("Money", words.payments(card.facts, **amount)),
        _facts("Use, service and perception", words.use_and_service(card.facts)),
        _facts("Risk and value", words.prospects(card.facts, **amount)),
        _facts("Why at risk", why_at_risk(card.facts, **amount), subtitle=REASONS),
        _facts("What is proposed", proposal(card.proposed, **amount), subtitle="A person decides"),
        Section("Month by month", "The last twelve months, newest first", card.months, _there(card.months)),
        _history(card, currency),
    ]
    title = f"Customer {clean(card.customer_id)}"
    return CardPage(
        title, words.bottom_line(card.facts, **amount), [s for s in sections if len(s.data)], currency, source
    )


def _names(card: Card, asked: str) -> dict[str, str]:
    """Which account was asked for, where the customer holds another now."""
    if len(card.accounts) == 1:
        return {}
    told = {"Accounts, oldest first": " → ".join(clean(account) for account in card.accounts)}
    if asked != card.customer_id:
        told["Asked for"] = f"{clean(asked)}, which a later account of the same customer replaced"
    return told


def _facts(title: str, told: Mapping[str, str], subtitle: str = "As known at the as-of date") -> Section:
    return Section(title, subtitle, pd.DataFrame(told.items(), columns=["fact", "value"]), FACTS)


def _there(months: pd.DataFrame) -> list[Column]:
    return [column for column in MONTHS if column.names[0] in months.columns]


def _history(card: Card, currency: str) -> Section:
    shown = words.history(card.history.head(MOST_EVENTS), currency=currency)
    return Section("History", words.shown_of(len(shown), len(card.history)), shown, HISTORY)
