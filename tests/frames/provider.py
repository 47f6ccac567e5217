"""Small random providers, their dates crowded on the edges, and what else might have become of them."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from itertools import pairwise

from analysis.frames.observation import Observation

DAY = dt.timedelta(days=1)
ENDS = [dt.date(2023, 12, 31), dt.date(2024, 3, 31), dt.date(2024, 6, 30), dt.date(2024, 9, 30)]
OBSERVED_FROM = [dt.date(2023, 10, 1), dt.date(2024, 1, 1), dt.date(2024, 2, 15), dt.date(2024, 3, 31)]
PRODUCTS = ["broadband", "broadband", "mobile", "voice", "tv", "dongle"]
CAMPAIGNS = ["retention", "upsell", None]
AREAS = [None, "north", "south"]
HALVES = (dt.date(2024, 3, 31), dt.date(2024, 6, 30), dt.date(2024, 5, 17))
TABLES = ("customers", "subscriptions", "invoices", "usage", "tickets", "surveys", "network", "contacts")


class Provider:
    """Contract tables of a provider that never was, as lists of dicts."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        begins = self.random.choice(OBSERVED_FROM)
        covers = {
            name: begins + self.random.choice([31, 45, 91]) * DAY
            for name in ("usage", "tickets", "contacts", "network", "invoices")
            if self.random.random() < 0.3
        }
        grace = self.random.choice([0, 30])
        self.seen = Observation(dt.date(2024, 9, 30), begins, covers_from=covers, grace_days=grace)
        self.overwrites = seed % 5 == 1
        self.tables = {name: [] for name in TABLES}
        self.tables["campaigns"] = [
            {"campaign_id": aim or "quiet", "name": aim or "quiet", "objective": aim, "start_date": dt.date(2023, 1, 1)}
            for aim in CAMPAIGNS
        ]
        for number in range(50):
            self._customer(f"c{number:02}")
        self.tables["network"] = [
            {"area_id": area, "month": month, "outage_minutes": self._number(9)}
            for area in AREAS[1:]
            for month in self._months()
            if self.random.random() < 0.8
        ]
        if seed % 4 == 3:
            del self.tables["subscriptions"]
        if seed % 3 == 2:
            del self.tables["campaigns"]

    def day(self, after: dt.date | None = None) -> dt.date:
        """A day on or near an edge, or any; not before `after`."""
        edges = [*ENDS, *[self.seen.observed_from] * 4, self.seen.as_of]
        near = self.random.choice(edges) + self.random.choice([-1, 0, 1, 2]) * DAY
        any_day = dt.date(2023, 6, 1) + self.random.randrange(500) * DAY
        steps = [0, 1, 29, 30, 31, self.seen.grace_days, self.seen.grace_days + 1]
        chosen = [near, near, any_day, *([after + self.random.choice(steps) * DAY] * 2 if after else [])]
        return max(self.random.choice(chosen), after or dt.date.min)

    def _customer(self, key: str) -> None:
        long_ago = dt.date(2022, 1, 1) + self.random.randrange(600) * DAY
        signup, replaced = self.random.choice([self.day(), long_ago]), None
        out = self.random.choice([None] * 12 + ["test", "staff"])
        for number in range(1 if out else self.random.choice([1, 1, 1, 2, 3])):
            account, churn = f"{key}/{number}", self.random.choice([None, self.day(signup)])
            status = out or ("churned" if churn else self.random.choice(["active", "active", "suspended", None]))
            self._account(account, signup, churn, replaces_customer_id=replaced, status=status)
            self._products(account, signup, churn)
            self._monthly(account, signup)
            self._contacts(account)
            signup, replaced = (churn or self.day(signup)) + DAY, account

    def _account(self, account: str, signup: dt.date, churn: dt.date | None, **more: str | None) -> None:
        pick = self.random.choice
        self.tables["customers"].append({
            "customer_id": account, "signup_date": signup, "churn_date": churn,
            "churn_kind": churn and pick(["voluntary", "moved", None]), "area_id": pick(AREAS),
            "birth_year": pick([None, 1980]), "region": pick(["east", "west"]), **more,
        })  # fmt: skip

    def _products(self, account: str, signup: dt.date, churn: dt.date | None) -> None:
        """The first product begins at signup, or later where the rows closed before observation were purged."""
        begins = self.seen.observed_from
        purged = signup < begins and self.random.random() < 0.3
        first = signup + self.random.randrange((begins - signup).days + 1) * DAY if purged else signup
        for number in range(self.random.choice([1, 2, 2, 3, 5])):
            start = self.day(first) if number else first
            end = self.random.choice([None, churn, self.day(start), self.day(start)])
            line = {"customer_id": account, "plan": f"{account}.{number}", "product": self.random.choice(PRODUCTS)}
            self._lines(line, start, end and max(end, start))
            if self.random.random() < 0.2:
                self._lines(line, self.day(start), None)

    def _lines(self, line: dict, start: dt.date, end: dt.date | None) -> None:
        """A line on its terms, and often on from its end, or from some day, on the same plan at another price."""
        changes = sorted({start, *(self.day(start) for _ in range(self.random.choice([0, 0, 1, 3])))})
        days = [*(day for day in changes if not end or day <= end), end]
        for since, until in pairwise(days):
            months, number = self.random.choice([1, 12, None]), len(self.tables["subscriptions"])
            bound = (months or 6) * 30 + (self.random.choice([-200, 0, 44, 60]) if self.overwrites else 0)
            self.tables["subscriptions"].append(line | {
                "subscription_id": f"{line['customer_id']}.{number:04}", "start_date": since, "end_date": until,
                "monthly_fee": self.random.choice([Decimal(10), Decimal(20), Decimal("21.5")]),
                "discount": self._cents(300), "discount_end_date": self.random.choice([None, self.day(since)]),
                "contract_months": months,
                "contract_end_date": self.random.choice([None, since + max(bound, 0) * DAY]),
            })  # fmt: skip

    def _monthly(self, account: str, signup: dt.date) -> None:
        for month in self._months():
            if self.random.random() < 0.6:
                self.tables["usage"].append({
                    "customer_id": account, "month": month, "download_gb": self._number(9),
                    "voice_minutes": self._number(50), "app_logins": self._whole(5),
                })  # fmt: skip
            for _ in range(self.random.choice([0, 1, 2]) if month >= signup.replace(day=1) else 0):
                issued = self.random.choice([None, month + self.random.randrange(40) * DAY])
                due, paid = (self.random.choice([None, self.day(issued or month)]) for _ in range(2))
                self.tables["invoices"].append({
                    "customer_id": account, "month": month, "invoice_id": f"{account}.{month}", "issued_on": issued,
                    "due_date": due, "paid_date": paid, "amount": self._cents(4000) or Decimal(-5),
                })  # fmt: skip

    def _contacts(self, account: str) -> None:
        for number in range(self.random.choice([0, 2, 6])):
            key, moment = {"customer_id": account}, self._moment()
            answered = self.random.choice([None, self._moment(moment.date())])
            complaint, mention = (self.random.choice([True, False, None]) for _ in range(2))
            arm, aim = self.random.choice(["control", "call"]), self.random.choice(CAMPAIGNS) or "quiet"
            nobody = {"customer_id": None} if number == 5 else key
            flags = {"is_complaint": complaint, "mentions_competitor": mention}
            self.tables["tickets"].append(nobody | {"opened_at": moment} | flags)
            self.tables["contacts"].append(key | {"arm": arm, "contacted_at": moment, "campaign_id": aim})
            scores = {"nps_score": answered and self._whole(10), "csat_score": answered and self._whole(4)}
            name = f"{account}.{number}"
            self.tables["surveys"].append(
                key | {"survey_id": name, "sent_at": moment, "answered_at": answered} | scores
            )

    def _months(self) -> list[dt.date]:
        return [dt.date(2023 + n // 12, n % 12 + 1, 1) for n in range(8, 23)]

    def _moment(self, after: dt.date | None = None) -> dt.datetime:
        return dt.datetime.combine(self.day(after), self.random.choice([dt.time(0), dt.time(9), dt.time(23, 59, 59)]))

    def _cents(self, most: int) -> Decimal | None:
        return self.random.choice([None, Decimal(self.random.randrange(most)) / 100])

    def _number(self, most: float) -> float | None:
        return self.random.choice([None, round(self.random.random() * most, 2), round(self.random.random() * most, 2)])

    def _whole(self, most: int) -> int | None:
        return self.random.choice([None, self.random.randrange(most + 1)])


SETTLED = {  # the first is the day that fills them all
    "customers": ("churn_date", "churn_kind"), "subscriptions": ("end_date",), "invoices": ("paid_date",),
    "surveys": ("answered_at", "nps_score", "csat_score"),
}  # fmt: skip
MAY_CHANGE = {  # no keys, no account that a customer moves to, nothing that tells whether renewals overwrite
    "customers": ("area_id", "birth_year", "region", "churn_kind"),
    "subscriptions": ("product", "plan", "monthly_fee", "discount", "discount_end_date", "end_date"),
    "invoices": ("due_date", "paid_date", "amount"),
    "usage": ("download_gb", "voice_minutes", "app_logins"),
    "tickets": ("is_complaint", "mentions_competitor", "opened_at"),
    "surveys": ("sent_at", "answered_at", "nps_score", "csat_score"),
    "network": ("outage_minutes",),
    "contacts": ("campaign_id", "arm", "contacted_at"),
    "campaigns": (),
}


def another_future(tables: dict, landmark: dt.date, *, seed: int) -> dict:
    """The same tables up to a landmark, rows in another order; whatever was dated or settled later went otherwise."""
    chance = random.Random(seed)
    found = {}
    for name, rows in tables.items():
        known = [_settled_otherwise(row, SETTLED.get(name, ()), landmark, chance) for row in rows]
        past = [row for row in known if _day_known(name, row) <= landmark]
        later = [dict(row) for row in known if _day_known(name, row) > landmark]
        for column in MAY_CHANGE[name]:
            values = chance.sample([row[column] for row in later], len(later))
            for row, value in zip(later, values, strict=True):
                row[column] = value
        kept = later if name == "customers" else [row for row in later if chance.random() < 0.7]
        found[name] = chance.sample(past + kept, len(past + kept))
    return found


def _settled_otherwise(row: dict, cells: tuple[str, ...], landmark: dt.date, chance: random.Random) -> dict:
    if not cells or not row[cells[0]] or _day(row[cells[0]]) <= landmark:
        return row
    later = chance.choice([None, row[cells[0]] + 3 * DAY, row[cells[0]] + 40 * DAY])
    return row | {cells[0]: later} | {name: later and row[name] for name in cells[1:]}


def _day_known(name: str, row: dict) -> dt.date:
    """A month's sums are known when it is over, anything else on its own day."""
    if name in ("usage", "network"):
        return (row["month"] + 31 * DAY).replace(day=1) - DAY
    own = {
        "customers": "signup_date", "subscriptions": "start_date", "tickets": "opened_at", "surveys": "sent_at",
        "contacts": "contacted_at", "campaigns": "start_date",
    }  # fmt: skip
    return _day(row[own[name]] if name in own else row["issued_on"] or row["month"])


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment
