"""Which columns are candidates, and which are refused: one rule after the other, on tables checked by hand."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analysis.models.covariates import candidate_columns, refused
from analysis.models.leaks import level_separation, rank_correlation, separation
from analysis.models.readings import coded, kind, numbers


def base(customers: int = 400, *, leavers: int = 100, quarters: int = 1) -> pd.DataFrame:
    """Customers 0 … with a row per quarter; the first `leavers` of them leave at the end of their last."""
    who = np.repeat(np.arange(customers), quarters)
    quarter = np.tile(np.arange(quarters), customers)
    joined = (who * 7919) % customers
    return pd.DataFrame(
        {
            "customer_id": [f"C{i:04}" for i in who],
            "spell": 1,
            "landmark": pd.Timestamp("2024-03-31") + pd.to_timedelta(quarter * 91, "D"),
            "start": joined + 3.0 * quarter,
            "stop": joined + 3.0 * quarter + 3.0,
            "event": ((who < leavers) & (quarter == quarters - 1)).astype(int),
            "who": who,
        }
    )


def struck(rows: pd.DataFrame, **known_at: str) -> dict[str, tuple[str, float]]:
    found = refused(rows, candidate_columns(rows.drop(columns="who")), known_at=known_at)
    return {row.covariate: (row.rule, row.figure) for row in found.itertuples()}


def test_keys_times_outcomes_and_classes_are_no_candidates():
    rows = base().assign(
        lifecycle_class="new", tenure_months=1.0, left=0, left_kind=None, contact_days=1, ahead_days=2, kind="moved",
        region="north", attr_zone="a", at_quarter_end=1, returner=0,
    )  # fmt: skip
    assert candidate_columns(rows.drop(columns="who")) == ["attr_zone", "region", "returner"]


def test_an_honest_table_has_nothing_refused():
    rows = base()
    rows["monthly_fee"], rows["region"] = rows["who"] % 37, np.array(["a", "b", "c"])[rows["who"] % 3]
    assert struck(rows) == {}
    assert refused(rows, ["region"], known_at={}).columns.tolist() == ["covariate", "rule", "figure", "reason"]


def test_what_is_known_at_the_snapshot_is_refused_by_declaration():
    got = refused(base().assign(region="a"), ["region"], known_at={"region": "snapshot"}).iloc[0]
    assert (got["covariate"], got["rule"]) == ("region", "snapshot")
    assert math.isnan(got["figure"])
    assert got["reason"].startswith("Known on the day of the extract only")


def test_what_its_date_places_after_nearly_every_landmark_is_refused():
    rows = base().assign(attr_reason=None, attr_score=1.5)
    rows.loc[0, "attr_reason"] = "price"
    got = struck(rows, attr_reason="churn_date", attr_score="signup_date")
    assert got == {"attr_reason": ("later", pytest.approx(1 / 400))}


def test_what_only_leavers_have_is_refused():
    rows = base()
    rows["attr_reason"] = np.where(rows["who"] < 60, "price", None)
    got = refused(rows, ["attr_reason"], known_at={"attr_reason": "signup"}).iloc[0]
    assert (got["rule"], got["figure"]) == ("leavers_only", 1.0)
    assert got["reason"] == "Filled for leavers only: of the 60 customers who have it 100.0% left."


def test_nearly_only_leavers_is_enough():
    rows = base()
    rows["attr_reason"] = np.where((rows["who"] < 60) | (rows["who"] == 399), "price", "")
    got = refused(rows, ["attr_reason"], known_at={"attr_reason": "signup"}).iloc[0]
    assert (got["rule"], got["figure"]) == ("leavers_only", pytest.approx(60 / 61))
    assert "leavers almost only" in got["reason"]


def test_where_nearly_everyone_leaves_having_something_gives_nothing_away():
    rows = base(leavers=390)
    rows["region"] = np.where(rows["who"] < 60, "a", None)
    assert struck(rows) == {}


@pytest.mark.parametrize(("sign", "verb"), [(1, "Grows"), (-1, "Falls")])
def test_what_runs_with_tenure_is_refused(sign: int, verb: str):
    rows = base()
    rows["attr_charges"] = (sign * rows["start"] * (1 + rows["who"] % 5 / 10)).map(str)
    got = refused(rows, ["attr_charges"], known_at={"attr_charges": "signup"}).iloc[0]
    assert got["rule"] == "tenure"
    assert sign * got["figure"] > 0.9
    assert got["reason"].startswith(f"{verb} with the time somebody has been a customer (rank correlation ")


def test_months_left_may_run_with_tenure():
    rows = base()
    assert struck(rows.assign(promotion_months_left=500 - rows["start"])) == {}


def test_rank_correlation_is_spearmans():
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 30, 200).astype(float), rng.integers(0, 30, 200).astype(float)
    a[:100] = b[:100]
    a[7] = np.nan
    expected = pd.DataFrame({"a": a, "b": b}).dropna().corr("spearman").loc["a", "b"]
    assert rank_correlation(a, b) == pytest.approx(expected, abs=1e-12)
    assert math.isnan(rank_correlation(a[:40], b[:40]))


@pytest.mark.parametrize("sign", [1, -1])
def test_what_tells_leavers_alone_is_refused_whichever_way_it_points(sign: int):
    rows = base()
    rows["attr_score"] = sign * np.where(rows["event"] == 1, 50 + rows["who"] % 50, rows["who"] % 60)
    got = refused(rows, ["attr_score"], known_at={"attr_score": "signup"}).iloc[0]
    assert got["rule"] == "auc"
    wins = sum((x > y) + (x == y) / 2 for x in 50 + np.arange(100) % 50 for y in np.arange(100, 400) % 60)
    assert got["figure"] == pytest.approx(wins / (100 * 300), abs=1e-6)
    assert f"(AUC {wins / 30_000:.3f}, where 0.5 is chance and 1 certainty)" in got["reason"]


def test_levels_that_tell_leavers_are_refused():
    rows = base()
    rows["region"] = np.where(rows["who"] < 95, "x", np.where(rows["who"] < 110, "y", "z"))
    got = struck(rows)["region"]
    assert got[0] == "auc"
    assert got[1] > 0.95


def test_a_cell_that_is_emptied_on_leaving_is_refused():
    rows = base()
    rows["attr_owner"] = np.where(rows["who"] < 95, None, "somebody")
    assert struck(rows, attr_owner="signup")["attr_owner"][0] == "auc"


def test_many_small_levels_do_not_look_sharp():
    rows = base()
    rows["area_id"] = [f"A{i * 7 % 200}" for i in rows["who"]]
    assert level_separation(coded(rows["area_id"]), rows["event"].to_numpy() == 1, rows["who"].to_numpy() % 5).auc < 0.7
    rows["area_id"] = [f"A{i}" for i in rows["who"]]
    assert struck(rows) == {}


def test_few_leavers_refuse_nothing_by_luck():
    rows = base(leavers=19)
    rows["attr_score"] = np.where(rows["event"] == 1, 1.0, rows["who"] % 2)
    assert math.isnan(separation(rows["attr_score"].to_numpy(), rows["event"].to_numpy() == 1).auc)
    assert struck(rows, attr_score="signup") == {}


def test_a_level_whose_holders_all_left_is_refused():
    rows = base()
    rows["plan"] = np.where(rows["who"] < 50, "gone", "going on")
    got = refused(rows, ["plan"], known_at={}).iloc[0]
    assert (got["rule"], got["figure"]) == ("level", 50)
    assert got["reason"].startswith("Everyone with the value gone left, 50 customers")
    rows["plan"] = np.where(rows["who"] < 49, "gone", "going on")
    assert struck(rows) == {}


def test_a_number_is_a_level_too():
    rows = base()
    rows["attr_stars"] = np.where(rows["who"] < 60, 1, 1 + rows["who"] % 4)
    rows.loc[rows["who"] >= 100, "attr_stars"] = 2 + rows["who"] % 4
    assert struck(rows, attr_stars="signup")["attr_stars"] == ("level", 70)


def test_a_level_held_once_by_who_stayed_tells_nothing():
    rows = base(quarters=2)
    rows["plan"] = np.where(rows["who"] < 60, "old", "new")
    first = rows["landmark"] == rows["landmark"].min()
    rows.loc[(rows["who"] == 399) & first, "plan"] = "old"
    assert struck(rows) == {}


def test_what_was_copied_back_from_the_extract_is_found_over_all_episodes():
    rows = base(quarters=8)
    rows["attr_score"] = np.where(rows["who"] < 100, 40 + rows["who"] % 60, rows["who"] % 50)
    by_row = separation(rows["attr_score"].to_numpy("float64"), rows["event"].to_numpy() == 1).auc
    assert by_row < 0.9
    got = struck(rows, attr_score="signup")["attr_score"]
    assert got[0] == "auc"
    assert got[1] > 0.9


def test_a_sources_own_column_that_nobody_dated_is_refused_last():
    rows = base().assign(attr_zone="a", region="a")
    rows["attr_reason"] = np.where(rows["who"] < 60, "price", None)
    assert {name: rule for name, (rule, _) in struck(rows).items()} == {
        "attr_reason": "leavers_only",
        "attr_zone": "undated",
    }
    assert struck(rows, attr_zone="signup", attr_reason="signup").keys() == {"attr_reason"}


def test_what_was_refused_elsewhere_is_kept_and_not_judged_again():
    extra = pd.DataFrame([("contract_months_left", "contract_end_date", 0.2, "Renewals overwrite it.")])
    extra.columns = ["covariate", "rule", "figure", "reason"]
    rows = base().assign(attr_zone="a", contract_months_left=1.0)
    got = refused(rows, ["contract_months_left", "attr_zone"], known_at={}, extra=extra)
    assert got["covariate"].tolist() == ["attr_zone", "contract_months_left"]
    assert got["rule"].tolist() == ["undated", "contract_end_date"]
    pd.testing.assert_frame_equal(refused(rows, [], known_at={}, extra=extra), extra)


def test_the_order_of_rows_does_not_matter():
    rows = base(quarters=3)
    rows["attr_score"] = rows["start"] + rows["who"] % 7
    rows["attr_other"] = np.where(rows["who"] < 100, 40 + rows["who"] % 60, rows["who"] % 50)
    known_at = {"attr_score": "signup", "attr_other": "signup"}
    got = refused(rows, ["attr_score", "attr_other"], known_at=known_at)
    assert len(got) == 2
    mixed = rows.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(refused(mixed, ["attr_other", "attr_score"], known_at=known_at), got)


def test_nobody_there_refuses_nothing_by_figures():
    rows = base().head(0).assign(region=None, monthly_fee=1.0)
    assert struck(rows) == {}


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("attr_a", ["1", "2.5", "", None], "number"),
        ("attr_a", ["1"] * 18 + ["2", "many"], "number"),
        ("attr_a", ["1"] * 18 + ["few", "many"], "text"),
        ("region", ["1", "2"], "text"),
        ("monthly_fee", [Decimal("1.50"), None], "number"),
        ("attr_a", [True, False, None], "number"),
        ("attr_a", [None, " "], "empty"),
        ("attr_a", [pd.Timestamp("2024-01-01"), None], "date"),
    ],
)
def test_columns_are_read_for_what_they_hold(name: str, values: list, expected: str):
    assert kind(pd.Series(values, dtype=object, name=name)) == expected


def test_numbers_are_read_from_any_type():
    cells = pd.Series(["1", " 2.5 ", "x", None, Decimal("3.5"), True, float("inf"), pd.NA], dtype=object)
    assert numbers(cells).tolist() == pytest.approx(
        [1, 2.5, math.nan, math.nan, 3.5, 1, math.nan, math.nan], nan_ok=True
    )
    assert numbers(pd.Series([1, None], dtype="Int64")).tolist() == pytest.approx([1, math.nan], nan_ok=True)


def test_levels_are_named_as_one_would_write_them():
    got = coded(pd.Series([12.0, 1.0, math.nan]))
    assert (got.codes.tolist(), got.names) == ([1, 0, -1], ["1", "12"])
    got = coded(pd.Series(["b ", "a", "b", " ", None], dtype=object))
    assert (got.codes.tolist(), got.names) == ([1, 0, 1, -1, -1], ["a", "b"])
