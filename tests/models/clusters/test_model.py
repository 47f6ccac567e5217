from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from analysis.models.clusters.model import found_groups, from_text, kept_model
from analysis.models.clusters.quarter import Earlier, quarter_groups

KINDS = {"gb": "amount", "evening": "share", "logins": "count", "has_tv": "fact"}


def behaviour(customers: int = 3000, *, third: int = 0, seed: int = 1) -> pd.DataFrame:
    """Heavy evening users and light daytime users by halves, and `third` customers who log in a great deal."""
    random = np.random.default_rng(seed)
    kind = np.repeat([0, 1, 2], [customers // 2, customers - customers // 2 - third, third])
    noise = random.standard_normal((3, customers))
    return pd.DataFrame(
        {
            "customer_id": [f"C{number:05d}" for number in range(customers)],
            "gb": np.exp(np.array([5.0, 2.0, 3.5])[kind] + 0.4 * noise[0]),
            "evening": 1 / (1 + np.exp(-(np.array([1.0, -1.0, 0.0])[kind] + 0.3 * noise[1]))),
            "logins": np.exp(np.array([1.0, 1.0, 4.0])[kind] + 0.3 * noise[2]),
            "has_tv": random.integers(0, 2, customers),
        }
    )


def test_groups_are_the_same_whatever_the_order_of_the_rows():
    rows = behaviour()
    one, other = (
        found_groups(each, quarter="2026-Q3", kinds=KINDS) for each in (rows, rows.sample(frac=1, random_state=3))
    )
    assert one.model.text() == other.model.text()


def test_a_model_comes_back_from_its_text_and_groups_alike():
    rows = behaviour()
    model = found_groups(rows, quarter="2026-Q3", kinds=KINDS).model.named(["a", "b"])
    again = kept_model(pd.DataFrame({"model": [model.text()]}))
    assert again == model == from_text(model.text())
    assert again.group_of(rows).equals(model.group_of(rows))
    assert kept_model(None) is None


def test_a_customer_without_values_is_in_no_group_and_one_gap_does_not_matter():
    rows = behaviour()
    model = found_groups(rows, quarter="2026-Q3", kinds=KINDS).model
    rows.loc[0, ["gb", "evening", "logins"]] = None
    rows.loc[1, "logins"] = None
    got = model.group_of(rows)
    assert pd.isna(got[0])
    assert got[1] == got[2]


def test_customers_who_are_all_alike_are_not_grouped_and_the_reason_is_told():
    alike = behaviour().assign(gb=10.0, evening=0.5, logins=3)
    got = found_groups(alike, quarter="2026-Q3", kinds=KINDS)
    assert (got.model, got.reason) == (None, "unvaried")
    assert got.variables["reason"].tolist() == ["one_value", "one_value", "one_value", "fact"]


def test_a_source_without_use_is_not_grouped():
    got = found_groups(behaviour()[["customer_id", "has_tv"]], quarter="2026-Q3", kinds=KINDS)
    assert (got.model, got.reason) == (None, "no_use")


@pytest.mark.parametrize("threads", ["1", "2"])
def test_groups_do_not_depend_on_how_many_threads_there_are(threads: str):
    code = (
        "from tests.models.clusters.test_model import behaviour, KINDS\n"
        "from analysis.models.clusters.model import found_groups\n"
        "print(found_groups(behaviour(1500), quarter='2026-Q3', kinds=KINDS).model.text())"
    )
    environ = os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": "1", "PYTHONPATH": "src:."}
    got = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    here = found_groups(behaviour(1500), quarter="2026-Q3", kinds=KINDS).model.text()
    assert json.loads(got.stdout) == json.loads(here)


def named(profile: pd.DataFrame, taken) -> list[str]:
    return [f"group {number + len(taken)}" for number in sorted(profile["group"].unique())]


def quarters(now: pd.DataFrame, then: pd.DataFrame, **options):
    earlier = Earlier(then.assign(landmark=dt.date(2026, 6, 30)), **options)
    return quarter_groups(now, earlier, quarter="2026-Q3", method="z_score", naming=named)


KNOWN = {"gb": "download_gb", "evening": "evening_share", "logins": "app_logins"}


def test_names_stay_with_the_groups_and_a_planted_group_is_new():
    then, now = behaviour(seed=1).rename(columns=KNOWN), behaviour(third=500, seed=2).rename(columns=KNOWN)
    got = quarters(now, then)
    assert got.pairs["status"].tolist().count("kept") == 2
    assert got.pairs["status"].tolist().count("new") == 1
    members = got.members.to_numpy()
    light, newcomers = members[1500:2500], members[2500:]
    before = got.before.to_numpy()
    assert (members[:1500] == before[:1500]).mean() > 0.99
    assert (light == before[1500:2500]).mean() > 0.99
    (name,) = set(got.pairs.loc[got.pairs["status"] == "new", "name"])
    assert (newcomers == name).mean() > 0.99
    assert name not in got.pairs["former_name"].tolist()


def test_kept_groups_are_applied_as_they_are():
    then = behaviour(seed=1).rename(columns=KNOWN)
    former = quarters(then, then.iloc[:0]).model
    got = quarters(behaviour(third=500, seed=2).rename(columns=KNOWN), then, model=former, keep=True)
    assert (got.model.centres, got.model.groups) == (former.centres, former.groups)
    assert got.names == list(former.names)
