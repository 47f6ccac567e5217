"""The data contract once more, the slow way: loops over dicts, one rule a line, nothing shared with the package."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict

DAY = dt.timedelta(days=1)
FAR = dt.date(9999, 12, 31)
MONTH = 30.4375
USE = ("download_gb", "voice_minutes", "app_logins")
LATER_CELLS = {  # the first is the day that fills them all
    "customers": ("churn_date", "churn_kind", "churn_reason"), "subscriptions": ("end_date",),
    "invoices": ("paid_date",), "surveys": ("answered_at", "nps_score", "csat_score"),
}  # fmt: skip
OWN_DATE = {
    "customers": ("signup_date",), "subscriptions": ("start_date",), "invoices": ("issued_on", "month"),
    "usage": ("month",), "tickets": ("opened_at",), "surveys": ("sent_at",), "network": ("month",),
    "contacts": ("contacted_at",), "campaigns": ("start_date",),
}  # fmt: skip


def day_of(moment):
    return moment.date() if isinstance(moment, dt.datetime) else moment


def quarter_end(day: dt.date) -> bool:
    return (day + DAY).day == 1 and (day + DAY).month in (1, 4, 7, 10)


def months_earlier(first: dt.date, months: int) -> dt.date:
    """The same day of an earlier month, or that month's last day where it is shorter."""
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return dt.date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def known_at(tables: dict, as_of: dt.date) -> dict:
    """Rows dated by the as-of date; cells that a later day fills are missing."""
    found = {name: [] for name in tables}
    for name, rows in tables.items():
        cells = LATER_CELLS.get(name, ())
        for row in rows:
            own = next(row[column] for column in OWN_DATE[name] if row[column] or column == OWN_DATE[name][-1])
            if own is None or day_of(own) <= as_of:
                later = cells and row[cells[0]] and day_of(row[cells[0]]) > as_of
                found[name].append(row | (dict.fromkeys(cells) if later else {}))
    return found


def population(tables: dict) -> dict:
    """No test or staff line, everybody under the key held now, `usage` one row per customer and month again."""
    out = {row["customer_id"] for row in tables["customers"] if row.get("status") in ("test", "staff")}
    after = {
        row["replaces_customer_id"]: row["customer_id"]
        for row in tables["customers"]
        if row.get("replaces_customer_id") and row["customer_id"] not in out
    }

    def now(key):
        while key in after:
            key = after[key]
        return key

    def keys(row):
        account = row.get("customer_id")
        return {"customer_id": now(account), "account_id": account} if account else {}

    found = {
        name: [row | keys(row) for row in rows if row.get("customer_id") not in out] for name, rows in tables.items()
    }
    if "usage" in found:
        found["usage"] = together(found["usage"])
    return found


def together(usage: list[dict]) -> list[dict]:
    """One row per customer and month: what was used under two keys is added up, missing only where both are."""
    months = defaultdict(list)
    for row in usage:
        months[row["customer_id"], row["month"]].append(row)
    found = []
    for (key, month), rows in months.items():
        filled = {name: [row[name] for row in rows if row[name] is not None] for name in USE}
        found.append({"customer_id": key, "month": month} | {name: sum(v) if v else None for name, v in filled.items()})
    return found


def spells(tables: dict, seen) -> list[dict]:
    """Stretches on the books: any product held, gaps of at most `grace_days` bridged."""
    accounts = defaultdict(list)
    for row in tables["customers"]:
        accounts[row["customer_id"]].append(row)
    found = []
    for customer, held in accounts.items():
        signups = [row["signup_date"] for row in held if row["signup_date"]]
        last = max(held, key=lambda row: (row["signup_date"] or dt.date.min, row["account_id"]))
        if "subscriptions" in tables:
            days = sorted(
                (row["start_date"], row["end_date"] or FAR)
                for row in tables["subscriptions"]
                if row["customer_id"] == customer
            )
        else:
            days = [(min(signups), last["churn_date"] or FAR)] if signups else []
        merged = []
        for start, end in days:
            if merged and (start - merged[-1][1]).days <= seen.grace_days:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        if merged and "subscriptions" in tables and signups and merged[0][0] <= seen.covered_from("subscriptions"):
            merged[0][0] = min(merged[0][0], *signups)
        for number, (start, end) in enumerate(merged, start=1):
            left = end <= seen.as_of
            kind = last["churn_kind"] if left and number == len(merged) else None
            found.append(
                {"customer_id": customer, "spell": number, "start": start, "end": end if left else None, "kind": kind}
            )
    return found


def episodes(stretches: list[dict], seen) -> list[dict]:
    """Walk through each spell day by day; a row ends at a quarter end, on leaving and on the as-of date."""
    found = []
    for spell in stretches:
        day = landmark = max(spell["start"], seen.entry)
        stop = min(spell["end"] or FAR, seen.as_of)
        while day < stop:
            day += DAY
            if quarter_end(day) or day == stop:
                found.append(episode(spell, landmark, (day - spell["start"]).days, event=day == spell["end"]))
                landmark = day
        # Beyond the contract, whose interval is empty here: who leaves on the day of joining is at risk for half a day.
        if spell["start"] == spell["end"] > seen.entry:
            found.append(episode(spell, landmark, 0.5, event=True))
    return found


def episode(spell: dict, landmark: dt.date, stop: float, *, event: bool) -> dict:
    return {
        "customer_id": spell["customer_id"], "spell": spell["spell"], "spell_start": spell["start"],
        "landmark": landmark, "start": (landmark - spell["start"]).days / MONTH, "stop": stop / MONTH,
        "event": int(event), "kind": spell["kind"] if event else None,
    }  # fmt: skip


def on_the_books(spell: dict, day: dt.date) -> bool:
    return spell["start"] <= day < (spell["end"] or FAR)


def exposures(stretches: list[dict], eve: dt.date, last: dt.date) -> list[dict]:
    """Who was there at the end of the eve, and who joined by the last day."""
    found = []
    for spell in stretches:
        joined = eve < spell["start"] <= last
        if joined or on_the_books(spell, eve):
            event = int((spell["end"] or FAR) <= last)
            found.append({
                "customer_id": spell["customer_id"], "spell": spell["spell"], "spell_start": spell["start"],
                "landmark": spell["start"] if joined else eve, "joined": int(joined),
                "event": event, "kind": spell["kind"] if event else None,
            })  # fmt: skip
    return found


def outlook(rows: list[dict], stretches: list[dict], approaches: dict, seen) -> list[dict]:
    """What came after each landmark until the as-of date; `approaches` are each customer's days."""
    found = []
    for row in rows:
        own = [spell for spell in stretches if spell["customer_id"] == row["customer_id"]]
        spell, landmark = own[row["spell"] - 1], row["landmark"]
        new = [day for day in approaches.get(row["customer_id"], ()) if landmark < day < (spell["end"] or FAR)]
        came_back = spell is not own[-1] and any(other["kind"] for other in stretches)
        found.append(row | {
            "ahead_days": ((spell["end"] or seen.as_of) - landmark).days,
            "left": int(spell["end"] is not None),
            "left_kind": "voluntary" if came_back else spell["kind"],
            "contact_days": min((day - landmark).days for day in new) if new else None,
            "at_quarter_end": int(quarter_end(landmark) or landmark == seen.entry),
        })  # fmt: skip
    return found


def customers(stretches: list[dict], tables: dict, seen, known_about) -> list[dict]:
    """Everyone on the books since observation began, by the last spell, as known at the as-of date."""
    found = []
    for customer in {spell["customer_id"] for spell in stretches if (spell["end"] or FAR) > seen.entry}:
        own = sorted((s for s in stretches if s["customer_id"] == customer), key=lambda s: s["start"])
        last, accounts = own[-1], [row for row in tables["customers"] if row["customer_id"] == customer]
        newest = max(accounts, key=lambda row: (row["signup_date"] or dt.date.min, row["account_id"]))
        state = "left" if last["end"] else "suspended" if newest["status"] == "suspended" else "active"
        point = {
            "customer_id": customer, "spell": last["spell"], "spell_start": last["start"], "landmark": seen.as_of,
        }  # fmt: skip
        found.append(point | known_about(customer, point, tables, seen) | {
            "state": state, "churn_date": last["end"], "churn_kind": last["kind"], "spells": len(own),
            "signup_date": min((row["signup_date"] for row in accounts if row["signup_date"]), default=None),
        })  # fmt: skip
    return found


def months(stretches: list[dict], tables: dict, seen) -> list[dict]:
    """Each customer's months, counted day by day; revenue is what was billed for the month."""
    found, month = [], seen.observed_from.replace(day=1)
    month = month if month == seen.observed_from else months_earlier(month, -1)
    while month <= seen.as_of:
        days = [month + n * DAY for n in range(calendar.monthrange(month.year, month.month)[1])]
        for customer in {row["customer_id"] for row in tables["customers"]}:
            own = [spell for spell in stretches if spell["customer_id"] == customer]
            there = sum(any(on_the_books(spell, day) for spell in own) for day in days)
            bills = tables["invoices"] if month >= seen.covered_from("invoices") else ()
            lines = [row for row in bills if row["customer_id"] == customer and row["month"] == month]
            if there or lines:
                found.append({"customer_id": customer, "month": month, "days": there, "share": there / len(days),
                              "revenue": sum(row["amount"] for row in lines) if lines else None})  # fmt: skip
        month = months_earlier(month, -1)
    return found
