"""What a landmark may tell, the slow way: every look-back window row by row, nothing shared with the package."""

from __future__ import annotations

import calendar
import datetime as dt

DAY = dt.timedelta(days=1)
FAR = dt.date(9999, 12, 31)
MONTH = 30.4375
PRODUCTS = {"broadband": "has_broadband", "mobile": "has_mobile", "tv": "has_tv"}
PROFILE = ("customer_type", "region", "area_id")
USE = ("download_gb", "voice_minutes", "app_logins")
DEARER = [f"{name}_{month}m" for name in ("price_rise", "promotion_lost") for month in (1, 2, 3)]


def day_of(moment):
    return moment.date() if isinstance(moment, dt.datetime) else moment


def months_earlier(first: dt.date, months: int) -> dt.date:
    """The same day of an earlier month, or that month's last day where it is shorter."""
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return dt.date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def features(points: list[dict], tables: dict, seen) -> list[dict]:
    return [point | known_about(point["customer_id"], point, tables, seen) for point in points]


def known_about(customer: str, point: dict, tables: dict, seen) -> dict:
    """Everything a landmark may tell, from the rows of one customer."""
    landmark = point["landmark"]
    own = {name: [row for row in rows if row.get("customer_id") == customer] for name, rows in tables.items()}
    found = {"tenure_months": (landmark - point["spell_start"]).days / MONTH} | profile(own["customers"], landmark)
    if "spell" in point:
        found["returner"] = int(point["spell"] > 1)
    for name, part in PARTS.items():
        if name in tables:
            found |= part(own[name], landmark, seen)
    if "subscriptions" in tables and overwritten(tables["subscriptions"]):
        found |= dict.fromkeys(("contract_bound", "contract_months_left"))
    found |= campaigns(approaches(own["contacts"], tables), landmark, seen)
    area = [row for row in tables["network"] if found["area_id"] and row["area_id"] == found["area_id"]]
    covered = seen.covered_from("network")
    found["outage_minutes_3m"] = recent_mean(area, "outage_minutes", landmark, covered)
    found["outage_minutes_1m"] = recent_mean(area, "outage_minutes", landmark, covered, months=1)
    return found


def profile(accounts: list[dict], landmark: dt.date) -> dict:
    """The account signed last by the landmark, the one held now first among equals."""
    signed = [row for row in accounts if (row["signup_date"] or dt.date.min) <= landmark]
    last = max(signed, key=lambda row: (row["signup_date"], row["account_id"] == row["customer_id"]), default={})
    born = last.get("birth_year")
    return {name: last.get(name) for name in PROFILE} | {"age": born and landmark.year - born}


def overwritten(lines: list[dict]) -> bool:
    """More than one in a hundred contracts outlast the row that they stand in, or none can be checked."""
    both = [row for row in lines if row["contract_end_date"] and row["contract_months"] is not None]
    late = [
        row for row in both if (row["contract_end_date"] - row["start_date"]).days - 45 > row["contract_months"] * MONTH
    ]
    return len(late) > len(both) / 100 or not both


def held(lines: list[dict], landmark: dt.date, seen) -> dict:
    now = [row for row in lines if held_on(landmark, row)]
    if not now:
        terms = ("discount_share", "promotion_months_left", "contract_bound", "contract_months_left", *DEARER)
        return dict.fromkeys(
            ("products", "monthly_fee", "discount", "plan", "contract_months", *PRODUCTS.values(), *terms)
        )
    different = {row["product"] for row in now}
    main = min(now, key=lambda row: (row["product"] != "broadband", -row["monthly_fee"], row["subscription_id"]))
    return {
        "products": len(different),
        "monthly_fee": sum(row["monthly_fee"] for row in now),
        "discount": sum(discount_on(landmark, row) for row in now),
        "plan": main["plan"],
        "contract_months": main["contract_months"],
        "discount_share": float(discount_on(landmark, main) / main["monthly_fee"]),
        "promotion_months_left": months_until(main["discount_end_date"], landmark),
        "contract_bound": bound(main, landmark),
        "contract_months_left": months_until(main["contract_end_date"], landmark),
        **{has: int(name in different) for name, has in PRODUCTS.items()},
        **dearer(lines, now, landmark, seen),
    }


def discount_on(day: dt.date, row: dict):
    return (row["discount"] or 0) if (row["discount_end_date"] or FAR) > day else 0


def months_until(day: dt.date | None, landmark: dt.date) -> float | None:
    return (day - landmark).days / MONTH if day and day > landmark else None


def bound(line: dict, landmark: dt.date) -> int | None:
    if line["contract_end_date"]:
        return int(line["contract_end_date"] > landmark)
    return 0 if line["contract_months"] == 1 else None


def dearer(lines: list[dict], now: list[dict], landmark: dt.date, seen) -> dict:
    """Of each plan held now, with as many lines at both ends of a month: what its fees rose and its discounts fell."""
    found = {}
    for month in (1, 2, 3):
        first, next_first = months_earlier(landmark + DAY, month), months_earlier(landmark + DAY, month - 1)
        before, after = first - DAY, next_first - DAY
        rise = lost = fees = 0
        for plan in {(row["product"], row["plan"]) for row in now}:
            same = [row for row in lines if (row["product"], row["plan"]) == plan]
            old, new = ([row for row in same if held_on(day, row)] for day in (before, after))
            if old and len(old) == len(new):
                fees += sum(row["monthly_fee"] for row in old)
                rise += max(sum(row["monthly_fee"] for row in new) - sum(row["monthly_fee"] for row in old), 0)
                lost += max(
                    sum(discount_on(before, row) for row in old) - sum(discount_on(after, row) for row in new), 0
                )
        covered = first >= seen.covered_from("subscriptions")
        found[f"price_rise_{month}m"] = (float(rise / fees) if fees else 0) if covered else None
        found[f"promotion_lost_{month}m"] = (float(lost / fees) if fees else 0) if covered else None
    return found


def held_on(day: dt.date, row: dict) -> bool:
    return row["start_date"] <= day < (row["end_date"] or FAR)


def recent_mean(rows: list[dict], name: str, landmark: dt.date, covered: dt.date, *, back: int = 0, months: int = 3):
    """The mean over whole months, over by the landmark or `back` months earlier; missing when not covered."""
    first = months_earlier((landmark + DAY).replace(day=1), months + back)
    wanted = [months_earlier(first, -later) for later in range(months)]
    values = [row[name] for row in rows if row["month"] in wanted and row[name] is not None]
    return sum(values) / len(values) if values and first >= covered else None


def use(rows: list[dict], landmark: dt.date, seen) -> dict:
    covered = seen.covered_from("usage")
    last = {f"{name}_3m": recent_mean(rows, name, landmark, covered) for name in USE}
    last |= {
        f"{name}_1m": recent_mean(rows, name, landmark, covered, months=1) for name in ("download_gb", "app_logins")
    }
    return last | {f"{name}_previous_3m": recent_mean(rows, name, landmark, covered, back=3) for name in USE}


def recent_count(days: list[dt.date], landmark: dt.date, covered: dt.date, *, months: int = 3):
    """Days in the calendar months that end with the landmark; missing where those are not covered."""
    first = months_earlier(landmark + DAY, months)
    return sum(first <= day <= landmark for day in days) if first >= covered else None


def contacts(rows: list[dict], landmark: dt.date, seen) -> dict:
    covered = seen.covered_from("tickets")
    complaints = [row for row in rows if row["is_complaint"]]
    mentions = [row for row in rows if row["mentions_competitor"]]
    wanted = {
        "tickets_3m": (rows, 3), "complaints_3m": (complaints, 3), "mentions_3m": (mentions, 3),
        "tickets_1m": (rows, 1), "complaints_1m": (complaints, 1),
    }  # fmt: skip
    return {
        key: recent_count([day_of(row["opened_at"]) for row in some], landmark, covered, months=months)
        for key, (some, months) in wanted.items()
    }


def approaches(contacts: list[dict], tables: dict) -> list[dt.date]:
    """Days on which a retention campaign, or one that says no objective, approached somebody it treats."""
    aims = {row["campaign_id"]: row["objective"] for row in tables.get("campaigns", ())}
    meant = [row for row in contacts if aims.get(row["campaign_id"]) in (None, "retention")]
    return [day_of(row["contacted_at"]) for row in meant if row["arm"] != "control"]


def approached(tables: dict) -> dict[str, list[dt.date]]:
    """Those days by customer."""
    keys = {row["customer_id"] for row in tables["contacts"]}
    return {key: approaches([row for row in tables["contacts"] if row["customer_id"] == key], tables) for key in keys}


def campaigns(days: list[dt.date], landmark: dt.date, seen) -> dict:
    covered = seen.covered_from("contacts")
    three, six = (recent_count(days, landmark, covered, months=months) for months in (3, 6))
    return {"contacted_3m": three, "contacted_previous_3m": None if six is None else six - three}


def late(rows: list[dict], landmark: dt.date, seen) -> dict:
    """Bills (not lines): unpaid past due at the landmark, of three months; those and the ones paid late, of six."""
    overdue, slow = set(), set()
    for row in rows:
        issued, due, paid = row["issued_on"] or row["month"], row["due_date"] or FAR, row["paid_date"] or FAR
        if due < landmark < paid and months_earlier(landmark + DAY, 3) <= issued <= landmark:
            overdue.add(row["invoice_id"])
        if (due < landmark < paid or due < paid <= landmark) and months_earlier(
            landmark + DAY, 6
        ) <= issued <= landmark:
            slow.add(row["invoice_id"])
    covered = seen.covered_from("invoices")
    three, six = (recent_count([], landmark, covered, months=months) is not None for months in (3, 6))
    return {"overdue_bills": len(overdue) if three else None, "late_bills_6m": len(slow) if six else None}


def answers(rows: list[dict], landmark: dt.date, _) -> dict:
    answered = [row for row in rows if row["answered_at"] and day_of(row["answered_at"]) <= landmark]
    last = max(answered, key=lambda row: (row["answered_at"], row["survey_id"]), default={})
    age = (landmark - day_of(last["answered_at"])).days / MONTH if last else None
    return {"nps_score": last.get("nps_score"), "csat_score": last.get("csat_score"), "answer_age_months": age}


PARTS = {"subscriptions": held, "usage": use, "tickets": contacts, "invoices": late, "surveys": answers}
