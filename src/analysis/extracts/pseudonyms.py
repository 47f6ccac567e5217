"""Pseudonyms in place of the ids of customers, and of what is theirs, from the moment a row is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.extracts.check import Checked
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.key import CUSTOMER, DIGITS, Key

SCOPES = {  # column → what its ids name; the same thing has the same pseudonym in every table
    "customer_id": CUSTOMER,
    "parent_id": CUSTOMER,
    "replaces_customer_id": CUSTOMER,
    "converted_customer_id": CUSTOMER,
    "household_id": "household",
    "subscription_id": "subscription",
    "invoice_id": "invoice",
    "ticket_id": "ticket",
    "survey_id": "survey",
    "lead_id": "lead",
    "work_order_id": "work_order",
}
FREE_TEXT = {"tickets": ("text",)}  # what people write names people: no hash helps, it is left out


@dataclass(frozen=True)
class Pseudonyms:
    """Tables in the engine: `names` (id, pseudonym) of all customers; `pads`, one row made of the key."""

    names: str
    pads: str

    def select(self, checked: Checked, columns: Sequence[str]) -> str:
        """The good rows of a table with pseudonyms for ids, without free text, and without file and line.

        A line leads whoever has the extracts to the person.
        """
        joins, chosen = [], []
        for name in columns:
            scope = SCOPES.get(name)
            if name in FREE_TEXT.get(checked.table.name, ()):
                chosen.append(f"CAST(NULL AS VARCHAR) AS {quoted(name)}")
            elif scope == CUSTOMER:
                other = quoted(f"__names {name}")
                joins.append(f"LEFT JOIN {quoted(self.names)} AS {other} ON {other}.id = held.{quoted(name)}")
                chosen.append(f"{other}.pseudonym AS {quoted(name)}")
            elif scope:
                chosen.append(f"{hashed_sql(f'held.{quoted(name)}', scope, pads=self.pads)} AS {quoted(name)}")
            elif name not in ("_file", "_line"):
                chosen.append(f"held.{quoted(name)}")
        return (
            f"SELECT {', '.join(chosen)} FROM {quoted(checked.held)} AS held {' '.join(joins)} WHERE held._rule IS NULL"
        )


def pseudonym_tables(checked: Mapping[str, Checked], key: Key, *, engine: Engine) -> Pseudonyms:
    """The pseudonym of every customer named in a good row, each worked out once, however many rows name it."""
    pads, names = engine.fresh_name(), engine.fresh_name()
    inner, outer = key.pads
    engine.execute(
        f"CREATE TABLE {quoted(pads)} AS SELECT $inner::BLOB AS ipad, $outer::BLOB AS opad",
        {"inner": inner, "outer": outer},
    )
    ids = " UNION ALL ".join(_ids(checked)) or "SELECT CAST(NULL AS VARCHAR) AS id WHERE false"
    hashed = hashed_sql("id", CUSTOMER, pads=pads)
    engine.execute(
        f"CREATE TABLE {quoted(names)} AS SELECT id, {hashed} AS pseudonym FROM (SELECT DISTINCT id FROM ({ids}))"
    )
    return Pseudonyms(names, pads)


def hashed_sql(id: str, scope: str, *, pads: str) -> str:
    """`Key.pseudonym` as an SQL expression of the expression `id`; missing stays missing."""
    ipad, opad = (f"(SELECT {name} FROM {quoted(pads)})" for name in ("ipad", "opad"))
    inner = f"unhex(sha256({ipad} || encode({literal(f'{scope}:')} || {id})))"
    return f"left(sha256({opad} || {inner}), {DIGITS})"


def _ids(checked: Mapping[str, Checked]) -> list[str]:
    """A SELECT for each column that names customers; what must be found in `customers` is there already."""
    return [
        f"SELECT {quoted(name)} AS id FROM {quoted(one.held)} WHERE _rule IS NULL AND {quoted(name)} IS NOT NULL"
        for one in checked.values()
        for name in one.selected.supplied
        if SCOPES.get(name) == CUSTOMER and one.table.references.get(name) not in checked
    ]
