"""The data contract once more, the slow way: loops over dicts, one rule a line, nothing shared with the package."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict

DAY = dt.timedelta(days=1)
FAR = dt.date(9999, 12, 31)
MONTH = 30.4375
PRODUCTS = {"broadband": "has_broadband", "mobile": "has_mobile", "tv": "has_tv"}
PROFILE = ("customer_type", "region", "area_id")
USE = ("download_gb", "voice_minutes", "app_logins")
LATER_CELLS = {  # the first is the day that fills them all
    "customers": ("churn_date", "churn_kind", "churn_reason"), "subscriptions": ("end_date",),
    "invoices": ("paid_date",), "surveys": ("answered_at", "nps_score", "csat_score"),
}  # fmt: skip
OWN_DATE = {
    "customers": ("signup_date",), "subscriptions": ("start_date",), "invoices": ("issued_on", "month"),
    "usage": ("month",), "tickets": ("opened_at",), "surveys": ("sent_at",), "network": ("month",),
    "contacts": ("contacted_at",),
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


def features(points: list[dict], tables: dict, seen) -> list[dict]:
    return [point | known_about(point["customer_id"], point, tables, seen) for point in points]


def known_about(customer: str, point: dict, tables: dict, seen) -> dict:
    """Everything a landmark may tell, from the rows of one customer."""
    landmark = point["landmark"]
    own = {name: [row for row in rows if row.get("customer_id") == customer] for name, rows in tables.items()}
    found = {"tenure_months": (landmark - point["spell_start"]).days / MONTH} | profile(own["customers"], landmark)
    for name, part in PARTS.items():
        if name in tables:
            found |= part(own[name], landmark, seen)
    area = [row for row in tables["network"] if found["area_id"] and row["area_id"] == found["area_id"]]
    found["outage_minutes_3m"] = recent_mean(area, "outage_minutes", landmark, seen.covered_from("network"))
    return found


def profile(accounts: list[dict], landmark: dt.date) -> dict:
    """The account signed last by the landmark, the one held now first among equals."""
    signed = [row for row in accounts if (row["signup_date"] or dt.date.min) <= landmark]
    last = max(signed, key=lambda row: (row["signup_date"], row["account_id"] == row["customer_id"]), default={})
    born = last.get("birth_year")
    return {name: last.get(name) for name in PROFILE} | {"age": born and landmark.year - born}


def held(lines: list[dict], landmark: dt.date, _) -> dict:
    lines = [row for row in lines if row["start_date"] <= landmark < (row["end_date"] or FAR)]
    if not lines:
        return dict.fromkeys(("products", "monthly_fee", "discount", "plan", "contract_months", *PRODUCTS.values()))
    different = {row["product"] for row in lines}
    main = min(lines, key=lambda row: (row["product"] != "broadband", -row["monthly_fee"], row["subscription_id"]))
    return {
        "products": len(different),
        "monthly_fee": sum(row["monthly_fee"] for row in lines),
        "discount": sum(row["discount"] or 0 for row in lines if (row["discount_end_date"] or FAR) > landmark),
        "plan": main["plan"],
        "contract_months": main["contract_months"],
        **{has: int(name in different) for name, has in PRODUCTS.items()},
    }


def recent_mean(rows: list[dict], name: str, landmark: dt.date, covered: dt.date, *, back: int = 0):
    """The mean over three whole months, over by the landmark or `back` months earlier; missing when not covered."""
    first = months_earlier((landmark + DAY).replace(day=1), 3 + back)
    months = [months_earlier(first, -later) for later in range(3)]
    values = [row[name] for row in rows if row["month"] in months and row[name] is not None]
    return sum(values) / len(values) if values and first >= covered else None


def use(rows: list[dict], landmark: dt.date, seen) -> dict:
    covered = seen.covered_from("usage")
    last = {f"{name}_3m": recent_mean(rows, name, landmark, covered) for name in USE}
    return last | {f"{name}_previous_3m": recent_mean(rows, name, landmark, covered, back=3) for name in USE}


def recent_count(days: list[dt.date], landmark: dt.date, covered: dt.date):
    """Days in the three calendar months that end with the landmark; missing where those are not covered."""
    first = months_earlier(landmark + DAY, 3)
    return sum(first <= day <= landmark for day in days) if first >= covered else None


def contacts(rows: list[dict], landmark: dt.date, seen) -> dict:
    days = {"tickets_3m": rows, "complaints_3m": [row for row in rows if row["is_complaint"]]}
    covered = seen.covered_from("tickets")
    return {
        key: recent_count([day_of(row["opened_at"]) for row in some], landmark, covered) for key, some in days.items()
    }


def campaigns(rows: list[dict], landmark: dt.date, seen) -> dict:
    days = [day_of(row["contacted_at"]) for row in rows if row["arm"] != "control"]
    return {"contacted_3m": recent_count(days, landmark, seen.covered_from("contacts"))}


def overdue(rows: list[dict], landmark: dt.date, seen) -> dict:
    """Bills (not lines) of three months, past due and unpaid at the landmark; missing until three are covered."""
    first = months_earlier(landmark + DAY, 3)
    late = {
        row["invoice_id"]
        for row in rows
        if first <= (row["issued_on"] or row["month"]) <= landmark
        and (row["due_date"] or FAR) < landmark < (row["paid_date"] or FAR)
    }
    covered = recent_count([], landmark, seen.covered_from("invoices")) is not None
    return {"overdue_bills": len(late) if covered else None}


def answers(rows: list[dict], landmark: dt.date, _) -> dict:
    answered = [row for row in rows if row["answered_at"] and day_of(row["answered_at"]) <= landmark]
    last = max(answered, key=lambda row: (row["answered_at"], row["survey_id"]), default={})
    return {"nps_score": last.get("nps_score"), "csat_score": last.get("csat_score")}


PARTS = {
    "subscriptions": held, "usage": use, "tickets": contacts, "contacts": campaigns, "invoices": overdue,
    "surveys": answers,
}  # fmt: skip


def customers(stretches: list[dict], tables: dict, seen) -> list[dict]:
    """Everyone on the books since observation began, by the last spell, as known at the as-of date."""
    found = []
    for customer in {spell["customer_id"] for spell in stretches if (spell["end"] or FAR) > seen.entry}:
        own = sorted((s for s in stretches if s["customer_id"] == customer), key=lambda s: s["start"])
        last, accounts = own[-1], [row for row in tables["customers"] if row["customer_id"] == customer]
        newest = max(accounts, key=lambda row: (row["signup_date"] or dt.date.min, row["account_id"]))
        state = "left" if last["end"] else "suspended" if newest["status"] == "suspended" else "active"
        point = {"customer_id": customer, "spell_start": last["start"], "landmark": seen.as_of}
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
