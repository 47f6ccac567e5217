"""Codes a source declares (`codes:` in source.yml): a value that is none of them counts as `other`, with a mention."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from analysis.extracts.check import Checked, dated_later
from analysis.extracts.contract import Table
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.findings import Finding, without_key
from analysis.extracts.mapping import Source
from analysis.extracts.personal import said_code

OTHER = "other"


def declared_codes(source: Source, table: Table) -> dict[str, Sequence[str]]:
    """Column of the table → its codes; `plan` names it in every table, `subscriptions.plan` in one."""
    found = {name: source.codes.get(f"{table.name}.{name}", source.codes.get(name, ())) for name in table.names}
    return {name: codes for name, codes in found.items() if codes}


def code_or_other(name: str, codes: Sequence[str]) -> str:
    """SQL for the column with `other` in place of what is no code; missing stays missing."""
    return f"CASE WHEN {_unknown(name, codes)} THEN {literal(OTHER)} ELSE {quoted(name)} END"


def code_findings(checked: Checked, *, source: Source, as_of: dt.date, engine: Engine) -> list[Finding]:
    """Values of used rows that are none of the declared codes, by column, with the first of them by name."""
    found, table = [], checked.table.name
    for name, codes in declared_codes(source, checked.table).items():
        if name not in checked.selected.supplied:
            continue
        [(rows, kinds, first)] = engine.rows(
            f"SELECT count(*), count(DISTINCT {quoted(name)}), min({quoted(name)}) FROM {quoted(checked.held)} "
            f"WHERE _rule IS NULL AND NOT {dated_later(checked, as_of)} AND {_unknown(name, codes)}"
        )
        if rows:
            what = f"{said_code(without_key(first, checked, engine=engine))}" + (
                f" and {kinds - 1} more" if kinds > 1 else ""
            )
            do = f"They count as {OTHER}. Add new codes to `codes:` in {source.shown}/source.yml, or translate them."
            expected = f"a {name} of the list in source.yml ({len(codes):,} long)"
            found.append(Finding(table, f"codes:{name}", name, "note", rows, table, expected, what, do))
    return found


def _unknown(name: str, codes: Sequence[str]) -> str:
    return f"coalesce({quoted(name)} NOT IN ({', '.join(literal(code) for code in codes)}), false)"
