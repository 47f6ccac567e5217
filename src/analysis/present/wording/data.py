"""Sentences of the data chapter: can the rest be trusted?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from analysis.extracts.contract import CONTRACT, KEPT_OUT
from analysis.frames.observation import LeavingToldBy
from analysis.measures.quality import door_totals
from analysis.present.numbers import count, day, percent
from analysis.present.wording.phrase import Captions, Words, at_least_few, capital, counted, listed, whole_or_part

NEVER_READ = ("identities",)  # who a customer is: no chapter needs it, and no run keeps it
MOST_FILES = 20  # rows of the table of files with unreadable lines
DIGITS = r"[0-9]+"
OUTCOMES = ("set_aside", "fixed")  # of a rule that changed what is used; a note changes nothing
CHANGED = ("set aside", "repaired")  # the same in words


def bottom_line(doors: pd.DataFrame, *, as_of: dt.date) -> str:
    """Whether the rows can be trusted, in one sentence."""
    total = door_totals(doors)
    judged = total["selected"] - total["later"]
    if not judged:
        return f"The extracts hold no row dated by {day(as_of)}."
    rows = counted(judged, "row", "rows")
    used = f"{whole_or_part(total['accepted'] / judged, 2)} of the {rows} dated by {day(as_of)} are used"
    if not total["set_aside"] and not total["duplicates"]:
        return f"{used}: no row broke a rule, and every row is accounted for."
    aside = f"{counted(total['set_aside'], 'row', 'rows')} set aside with a reason"
    double = f"{counted(total['duplicates'], 'repeated row', 'repeated rows')} dropped"
    return f"{used}: {aside}, {double}, and every row is accounted for."


def doors_words(doors: pd.DataFrame) -> Captions:
    """Above the table of the second door."""
    total = door_totals(doors)
    used = f"{count(total['accepted'])} {'is' if total['accepted'] == 1 else 'are'} used"
    finding = f"{counted(total['selected'], 'row', 'rows')} came in, {used}, none is lost"
    subtitle = "Rows of each contract table: read = used + set aside + repeated rows + dated after the as-of date"
    return {"finding": finding, "subtitle": subtitle}


def files_words(raw: pd.DataFrame) -> Captions:
    """Above the table of files with unreadable lines; alone where every line could be read."""
    unreadable = int(raw["unreadable"].sum())
    said = (
        "every record could be read"
        if not unreadable
        else f"{counted(unreadable, 'record', 'records')} could not be read"
    )
    struck = int((raw["unreadable"] > 0).sum())
    which = "Files with unreadable records"
    if struck > MOST_FILES:
        which = f"{count(MOST_FILES)} of the {count(struck)} files with unreadable records"
    files, records = counted(len(raw), "file", "files"), counted(raw["lines"].sum(), "record", "records")
    return {
        "finding": f"{files} with {records}: {said}",
        "subtitle": f"{which}, the worst first: found = read + unreadable",
    }


def files_alike(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings of what doors found; one for all files whose names differ by digits only that a rule struck.

    The files of a table that comes in parts, one a month, would else push every other finding off the page.
    """
    of_file = ~findings["table"].isin(list(CONTRACT)) & (findings["severity"] == "set_aside")
    alike = findings["table"].str.replace(DIGITS, "", regex=True).where(of_file, findings.index.astype(str))
    groups = findings.groupby([alike.rename("alike"), findings["rule"]], sort=False)
    first = ~findings.assign(alike=alike).duplicated(["alike", "rule"])
    more = groups["rule"].transform("size") - 1
    told = [f"{where}{_and_more(number)}" for where, number in zip(findings["where"], more, strict=True)]
    return findings.assign(rows=groups["rows"].transform("sum"), where=told)[first].reset_index(drop=True)


def _and_more(files: int) -> str:
    return f" (and in {counted(files, 'file', 'files')} alike)" if files else ""


def troubled_files(raw: pd.DataFrame) -> pd.DataFrame:
    """The files with unreadable lines, the worst first, as many as a table has room for."""
    troubled = raw[raw["unreadable"] > 0]
    return troubled.sort_values(["unreadable", "file"], ascending=[False, True]).head(MOST_FILES)


def completeness_words(filled: pd.DataFrame) -> Words:
    """Around the picture of filled columns."""
    given = filled.dropna(subset=["filled"])
    gaps = given[given["filled"] < 0.5].sort_values("filled", kind="stable")
    full = int((given["filled"] >= 0.995).sum())
    finding = f"{count(full)} of {count(len(given))} columns given are filled in nearly every row"
    named = listed([f"{row.table}.{row.column} ({percent(row.filled, 0)})" for row in gaps.head(5).itertuples()])
    subtitle = (
        "Share of rows in which each column is filled; "
        "many columns are empty by nature (who has not left has no leaving date)"
    )
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. Emptiest: {named or 'none below one half'}."}


def findings_rows(findings: pd.DataFrame, most: int) -> pd.DataFrame:
    """The first `most` rules that struck as the table shows them."""
    shown = findings.head(most)
    return shown.assign(severity=shown["severity"].replace(dict(zip(OUTCOMES, CHANGED, strict=True))))


def findings_words(findings: pd.DataFrame, most: int) -> Captions:
    """Above the table of rules that struck, of which `most` are shown: what changed rows, and what is only noted."""
    struck = findings[findings["severity"].isin(OUTCOMES)]
    notes = counted(len(findings) - len(struck), "note changes", "notes change")
    parts = [
        f"{counted((findings['severity'] == outcome).sum(), 'rule', 'rules')} {told} "
        f"{counted(struck.loc[struck['severity'] == outcome, 'rows'].sum(), 'row', 'rows')}"
        for outcome, told in zip(OUTCOMES, CHANGED, strict=True)
        if (findings["severity"] == outcome).any()
    ]
    what = listed(parts) or "No rule of the contract was broken"
    what += f"; {notes} nothing" if len(findings) > len(struck) else ""
    shown = f"; the worst {count(most)} of {count(len(findings))} are shown" if len(findings) > most else ""
    return {"finding": what, "subtitle": f"Rows by table and rule, the gravest first, with the first case{shown}"}


def left_out(apart: pd.DataFrame, *, smallest: int) -> str:
    """Who is not counted as a customer, who is joined to another, and who needs a remark; `apart` of `set_apart`."""
    rows = apart.set_index("reason").to_dict("index")

    def told(reason: str, one: str, many: str) -> str:
        if rows[reason]["masked"]:
            return f"fewer than {smallest} {many}" if rows[reason]["few"] else f"some {many}"
        return counted(rows[reason]["accounts"], one, many)

    lines = listed([told(status, f"{status} line", f"{status} lines") for status in KEPT_OUT])
    said = (
        f"Left out of the population: {lines}. "
        f"{capital(told('replaced', 'account was', 'accounts were'))} replaced by a later one of the same customer "
        "(a move, a change of technology) and joined to it. "
        f"{capital(told('suspended', 'line is', 'lines are'))} suspended: on the books, but neither active nor left. "
        f"{capital(told('shared_household', 'customer shares', 'customers share'))} a household with another, and "
        f"{told('under_parent', 'customer belongs', 'customers belong')} to a parent account: each counts alone. "
        f"{capital(told('without_spell', 'customer', 'customers'))} cannot be followed, for want of a signup date, a "
        "product, or anything that tells who left, and are in no rate."
    )
    if rows["erased"]["accounts"] != 0:
        who = capital(told("erased", "account is", "accounts are"))
        said += (
            f" {who} left out because their customers asked to be erased: no figure knows them, nor do those of past "
            "quarters here. Where most of them had left, leaving is told a little too low."
        )
    return said


def leaving(told_by: LeavingToldBy, *, still_there: int, smallest: int) -> str:
    """What tells who left, and how many accounts say otherwise."""
    if told_by == "nothing":
        return (
            "The source gives neither end dates of products nor churn dates: who left cannot be told, and nobody can "
            "be followed. Map subscriptions.end_date or customers.churn_date."
        )
    how = {
        "products": "a customer leaves when the last product ends",
        "accounts": "a customer leaves when the account is closed",
    }
    said = f"In this report {how[told_by]}."
    if not still_there:
        return said
    who = at_least_few(
        still_there,
        "customer whose account was closed still holds",
        "customers whose accounts were closed still hold",
        smallest=smallest,
    )
    return f"{said} {capital(who)} a product, which counts as being there: who keeps any product has not left."


def remarks(given: Collection[str], ignored: Mapping[str, Sequence[str]]) -> str:
    """Which contract tables the source does not give, and which of its columns are not used, by table or file.

    `given` are the tables read from the source, not those derived from others.
    """
    absent = [table for table in CONTRACT if table not in given and table not in NEVER_READ]
    tables = (
        f"The source does not give {listed(absent)}; what depends on them is not in this report."
        if absent
        else "The source gives every table of the contract."
    )
    named = [f"{table}: {', '.join(columns)}" for table, columns in sorted(ignored.items()) if columns]
    columns = f"Columns that are not used: {'; '.join(named)}." if named else "No column was ignored."
    return f"{tables} {columns}"
