from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.models.clusters.test_model import KINDS, behaviour

from analysis.models.clusters.model import found_groups
from analysis.models.clusters.profiles import profiles


def made(**more) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = behaviour(2000).assign(**more)
    kinds = KINDS | {"change": "ratio", "paid_by": "category"}
    model = found_groups(rows, quarter="2026-Q3", kinds=KINDS).model
    return rows, profiles(rows, model.group_of(rows), model, kinds=kinds)


def test_the_difference_of_two_groups_of_equal_size_is_told_from_both_sides():
    rows, got = made()
    gb = got[got["variable"] == "gb"].set_index("group")
    heavy, light = np.log(rows["gb"][:1000]), np.log(rows["gb"][1000:])
    expected = (heavy.mean() - light.mean()) / np.log(rows["gb"]).std(ddof=0)
    assert gb["difference"].max() == pytest.approx(expected, rel=1e-3)
    assert gb["difference"].sum() == pytest.approx(0, abs=0.01)
    assert gb["typical"].max() == pytest.approx(rows["gb"][:1000].median(), rel=0.01)
    assert (gb["low"] < gb["difference"]).all()
    assert gb["searched"].all()


def test_what_describes_is_told_beside_what_was_searched():
    change, paid = np.repeat([4.0, 1.0], 1000), ["card"] * 1500 + ["bill"] * 500
    _, got = made(change=change * np.tile([0.5, 2.0], 1000), paid_by=paid)
    facts = got[~got["searched"]]
    assert sorted(facts["variable"].unique()) == ["change", "has_tv", "paid_by"]
    assert facts.loc[facts["variable"] == "change", "difference"].abs().min() == pytest.approx(1.414, abs=0.01)
    assert facts.loc[facts["variable"] == "paid_by", "level"].unique().tolist() == ["bill", "card"]


def test_a_difference_from_fewer_than_eleven_customers_is_not_told():
    few = np.where(np.arange(2000) < 10, 1.0, np.nan)
    _, got = made(has_tv=few)
    assert got.loc[got["variable"] == "has_tv", "difference"].isna().all()
