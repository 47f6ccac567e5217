"""The figures of the desk by group: means by hand, few customers hidden, and only the most frequent told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.frames import desk
from analysis.measures.desk_figures import by_group, by_period

BASE = {
    "period": "now", "category": None, "region": "N", "handle_minutes": 10.0, "resolved": 1.0, "lasting": 1.0,
    "at_once": 1.0, "again": 0.0,
    "self_service": 0.0, "complaint": 0.0, "cost": 5.0, "costed": 1, "too_new": 0,
}  # fmt: skip


def contacts(engine, **channels):
    """Contacts by channel: name → (how many, minutes each); every one of a caller of its own."""
    rows = [BASE | {"channel": name, "handle_minutes": m} for name, (n, m) in channels.items() for _ in range(n)]
    data = pd.DataFrame(rows).astype({"category": "string"})
    return engine.table(data.assign(caller=[f"c{i}" for i in data.index]))


def test_means_stand_by_channel_the_largest_first(engine):
    got = by_group(contacts(engine, phone=(20, 8.0), shop=(30, 12.0)), smallest=11)
    assert got["dimension"].unique().tolist() == ["channel"]  # one region, and no category, tell nothing apart
    assert got["group"].tolist() == ["shop", "phone"]
    assert got["handling"].tolist() == [12, 8]
    assert got["contacts"].tolist() == [30, 20]
    whole = by_period(contacts(engine, phone=(20, 8.0), shop=(30, 12.0))).set_index("ratio")
    assert whole.at["handling", "value"] == (20 * 8 + 30 * 12) / 50


def test_a_channel_of_few_customers_is_hidden_and_another_with_it(engine):
    got = by_group(contacts(engine, phone=(40, 8.0), shop=(30, 12.0), fax=(4, 9.0)), smallest=11).set_index("group")
    assert got["contacts_masked"].to_dict() == {"phone": False, "shop": True, "fax": True}
    assert np.isnan(got.at["fax", "handling"])


def test_of_very_many_only_the_most_frequent_are_told_apart(engine, monkeypatch):
    monkeypatch.setattr(desk, "MOST_LABELS", 2)
    got = by_group(contacts(engine, a=(40, 8.0), b=(30, 12.0), c=(20, 9.0), d=(15, 9.0)), smallest=11)
    assert got.set_index("group")["contacts"].to_dict() == {"a": 40, "b": 30, "all others": 35}


def test_what_was_resolved_at_once_is_hidden_where_it_would_tell_of_few_who_came_again(engine):
    rows = []
    for name, n, back in (("phone", 60, 20), ("shop", 50, 15), ("mail", 40, 3)):
        rows += [
            BASE | {"channel": name, "again": float(i < back), "lasting": float(back <= i < n - 12)} for i in range(n)
        ]
    data = pd.DataFrame(rows).astype({"category": "string"})
    got = by_group(engine.table(data.assign(caller=[f"c{i}" for i in data.index])), smallest=11).set_index("group")
    assert got["at_once_masked"].to_dict() == {"phone": False, "shop": True, "mail": True}
    assert np.isnan(got.at["mail", "at_once"])
    assert got.at["mail", "lasting"] == 25 / 40
