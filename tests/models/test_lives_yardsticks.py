"""Restricted means, kinds of leaving and tests of proportional hazards beside R's package survival."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from lifelines.datasets import load_lung
from tests.models.truncated_rows import in_days, in_months

from analysis.models.competing import aalen_johansen
from analysis.models.cox import fit_cox
from analysis.models.proportional import proportionality
from analysis.models.restricted import restricted_means

ENDS = [6, 12, 24, 36]
TIMES = ["entry", "exit", "event"]
COVARIATES = ["score", "bound", "calls"]
GROUPS = ["all", "stratum 0", "stratum 1", "stratum 2"]


@pytest.fixture(scope="module")
def kept():
    return json.loads((Path(__file__).parent / "yardsticks/lives.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def data():
    return {"months": in_months(), "days": in_days()}


def of_group(rows, group):
    own = rows if group == "all" else rows[rows["stratum"] == float(group.split()[1])]
    return own.assign(n=1, kind=own["kind"].map({1: "one", 2: "two"}))


def close(got, kept, within):
    return list(got) == pytest.approx(kept, rel=within, abs=0)


def counted(rows):
    """The same customers, those with equal times as one row; each cut in two where it spans a month in the middle."""
    middle = (rows["entry"] + rows["exit"]) // 2
    spans = (middle > rows["entry"]) & (middle < rows["exit"])
    early = rows.assign(exit=middle, event=0)[spans]
    late = rows.assign(entry=rows["entry"].where(~spans, middle))
    both = pd.concat([early, late])
    return both.groupby(["entry", "exit", "event", "kind"], as_index=False)["n"].sum()


@pytest.mark.parametrize("name", ["months", "days"])
@pytest.mark.parametrize("group", GROUPS)
def test_restricted_means_and_their_errors_are_those_of_r(data, kept, name, group):
    got, r = restricted_means(of_group(data[name], group), ENDS), kept["means"][name][group]
    assert close(got["mean"], r["mean"], 1e-8)
    assert close(got["se"], r["se"], 1e-8)


@pytest.mark.parametrize("name", ["months", "days"])
@pytest.mark.parametrize("group", GROUPS)
def test_shares_by_kind_their_errors_and_intervals_are_those_of_r(data, kept, name, group):
    got, r = aalen_johansen(of_group(data[name], group)), kept["shares"][name][group]
    for kind in ("one", "two"):
        steps = got[got["kind"] == kind].set_index("time")
        read = steps.iloc[[steps.index.searchsorted(end, "right") - 1 for end in ENDS]]
        for column in ("incidence", "se", "low", "high"):
            assert close(read[column], r[kind][column], 1e-8)


def test_errors_are_near_those_that_r_takes_over_whole_customers(data, kept):
    got = aalen_johansen(of_group(data["months"], "all"))
    for kind in ("one", "two"):
        read = got[(got["kind"] == kind) & got["time"].isin(ENDS)]
        assert close(read["se"], kept["robust"][kind], 0.02)


@pytest.mark.parametrize("name", ["months", "days"])
def test_counts_and_cut_episodes_give_the_same_means_and_shares(data, name):
    rows = of_group(data[name], "all")
    pd.testing.assert_frame_equal(restricted_means(counted(rows), ENDS), restricted_means(rows, ENDS), rtol=1e-10)
    left = aalen_johansen(rows)
    pd.testing.assert_frame_equal(aalen_johansen(counted(rows)).drop(index=0), left.drop(index=0), rtol=1e-10)


def checked(rows, covariates, *, terms=None, strata=None):
    fit = fit_cox(rows[covariates], times=rows[TIMES], strata=strata)
    return proportionality(fit, rows[covariates], times=rows[TIMES], strata=strata, terms=terms)


def by_level(rows):
    levels = {f"calls {level}": (rows["calls"] == level) * 1.0 for level in range(1, 5)}
    terms = {"score": ["score"], "calls": list(levels)}
    return checked(rows.assign(**levels), ["score", *levels], terms=terms, strata=rows["stratum"])


def of_one_kind(rows):
    return checked(rows.assign(event=rows["event"] * (rows["kind"] == 1)), COVARIATES)


CASES = {
    "months": lambda data: checked(data["months"], COVARIATES),
    "months_stratified": lambda data: checked(data["months"], COVARIATES, strata=data["months"]["stratum"]),
    "months_by_level": lambda data: by_level(data["months"]),
    "months_of_one_kind": lambda data: of_one_kind(data["months"]),
    "days_stratified": lambda data: checked(data["days"], COVARIATES, strata=data["days"]["stratum"]),
    "lung": lambda _: checked(lung(), ["age", "sex", "ecog"]),
}


def lung():
    rows = load_lung().rename(columns={"time": "exit", "status": "event", "ph.ecog": "ecog"}).assign(entry=0)
    return rows[[*TIMES, "age", "sex", "ecog"]].dropna()


@pytest.mark.parametrize("case", CASES)
def test_the_test_of_proportional_hazards_is_that_of_r(data, kept, case):
    got, r = CASES[case](data), kept["proportional"][case]
    assert close(got["chi_squared"], r["chi_squared"], 1e-7)
    assert got["degrees_of_freedom"].tolist() == r["degrees_of_freedom"]
    assert close(got["p_value"], r["p_value"], 1e-7)
