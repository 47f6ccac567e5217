"""Covariates written as numbers: what is learned, and that it serves any rows that come later."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analysis.models.designed import telling
from analysis.models.encoder import Encoder, fit_encoder
from analysis.models.families import FAMILIES, family, label
from analysis.models.readings import coded
from analysis.models.terms import fitted_bands, fitted_levels, fitted_number


def rows(size: int = 1200, *, quarters: int = 4, **columns: object) -> pd.DataFrame:
    """Rows at landmarks, each of them a customer, every seventh of whom left, with the columns given."""
    place = np.arange(size)
    made = pd.DataFrame({"landmark": pd.date_range("2022-03-31", periods=quarters, freq="QE")[place % quarters]})
    usual = {"tenure_months": place % 97 / 1.0, "event": (place % 7 == 0).astype(int)}
    return made.assign(customer_id=[f"C{i}" for i in place], **(usual | columns))


def designed(data: pd.DataFrame, *columns: str, tenure: bool = False) -> pd.DataFrame:
    return fit_encoder(data, columns, tenure=tenure).design(data)


@pytest.fixture(scope="module")
def wide() -> pd.DataFrame:
    """Rows with a column of every kind."""
    rng = np.random.default_rng(4)
    size = 3000
    left = np.where(rng.random(size) < 0.4, rng.uniform(0.1, 20, size), np.nan)
    return rows(
        size,
        quarters=8,
        monthly_fee=[Decimal(f"{fee:.2f}") for fee in rng.lognormal(3.5, 0.4, size)],
        discount=rng.choice([0, 5, 10], size),
        promotion_months_left=left,
        contract_months=rng.choice([1, 12, 24], size),
        contract_months_left=np.where(rng.random(size) < 0.5, rng.uniform(0, 24, size), np.nan),
        download_gb_1m=rng.lognormal(5, 0.7, size),
        download_gb_3m=rng.lognormal(5, 0.7, size),
        download_gb_previous_3m=np.where(rng.random(size) < 0.2, np.nan, rng.lognormal(5, 0.7, size)),
        tickets_3m=rng.poisson(0.3, size),
        mentions_3m=rng.poisson(0.1, size),
        nps_score=np.where(rng.random(size) < 0.7, np.nan, rng.integers(0, 11, size)),
        answer_age_months=rng.uniform(0, 30, size),
        age=np.where(rng.random(size) < 0.1, np.nan, rng.integers(18, 90, size)),
        overdue_bills=pd.array(rng.choice([0, 0, 0, 1, None], size), dtype="Int64"),
        region=rng.choice(["north", "south", None], size),
        has_tv=rng.random(size) < 0.3,
        attr_stars=[str(i) for i in rng.integers(1, 6, size)],
    )


CHOSEN = [
    "monthly_fee", "discount", "promotion_months_left", "contract_months", "contract_months_left", "download_gb_1m",
    "download_gb_3m", "download_gb_previous_3m", "tickets_3m", "mentions_3m", "nps_score", "answer_age_months", "age",
    "overdue_bills", "region", "has_tv", "attr_stars",
]  # fmt: skip


@pytest.fixture(scope="module")
def encoder(wide: pd.DataFrame) -> Encoder:
    return fit_encoder(wide, CHOSEN)


def test_a_design_has_no_gaps_and_the_columns_it_names(encoder: Encoder, wide: pd.DataFrame):
    got = encoder.design(wide)
    assert got.columns.tolist() == encoder.columns["design"].tolist()
    assert len(set(got.columns)) == len(got.columns)
    assert (got.dtypes == "float64").all()
    assert np.isfinite(got.to_numpy()).all()
    assert got.index.equals(wide.index)
    assert (got.nunique() > 1).all()


def test_every_column_belongs_to_its_covariate_and_family(encoder: Encoder):
    got = encoder.columns.set_index("design")
    assert set(got["family"]) == {"price", "contract", "use", "service", "competitor", "payment", "profile", "season"}
    assert got.loc["contract ends within 1 month"].tolist() == ["contract_months_left", "contract"]
    assert got.loc["discount ending in 1 to 3 months"].tolist() == ["promotion_months_left", "price"]
    assert got.loc["fall of download, last 3 months"].tolist() == ["download_gb_3m", "use"]
    assert got.loc["mentions of a competitor, last 3 months"].tolist() == ["mentions_3m", "competitor"]
    assert got.loc["quarter ahead: Q2"].tolist() == ["quarter_ahead", "season"]
    assert set(got["covariate"]) <= {*CHOSEN, "tenure_months", "quarter_ahead"}


def test_the_same_is_learned_from_rows_and_columns_in_any_order(encoder: Encoder, wide: pd.DataFrame):
    mixed = wide.sample(frac=1, random_state=2)[list(wide.columns[::-1])]
    got = fit_encoder(mixed, CHOSEN[::-1])
    assert got == encoder
    pd.testing.assert_frame_equal(got.design(mixed), encoder.design(wide).loc[mixed.index], check_exact=True)


def test_what_was_learned_goes_through_json(encoder: Encoder, wide: pd.DataFrame):
    got = Encoder.from_dict(json.loads(json.dumps(encoder.to_dict(), allow_nan=False)))
    assert got == encoder
    pd.testing.assert_frame_equal(got.design(wide), encoder.design(wide), check_exact=True)


def test_each_row_is_written_by_itself(encoder: Encoder, wide: pd.DataFrame):
    whole = encoder.design(wide)
    pd.testing.assert_frame_equal(encoder.design(wide.iloc[[5]]), whole.iloc[[5]], check_exact=True)
    assert encoder.design(wide.head(0)).shape == (0, whole.shape[1])


def test_rows_without_the_columns_count_as_rows_without_the_values(encoder: Encoder, wide: pd.DataFrame):
    bare = wide[["landmark", "tenure_months"]]
    emptied = wide.assign(**dict.fromkeys(CHOSEN))
    pd.testing.assert_frame_equal(encoder.design(bare), encoder.design(emptied))
    assert np.isfinite(encoder.design(bare).to_numpy()).all()


def test_a_number_is_standardised_and_its_absence_told():
    values = np.where(np.arange(1200) % 10 == 0, np.nan, np.arange(1200) % 7 * 10.0 - 30)
    got = designed(rows(age_of_line=values), "age_of_line")
    assert got.columns.tolist() == ["age of line", "age of line not known"]
    known = ~np.isnan(values)
    expected = (values[known] - values[known].mean()) / values[known].std()
    assert got.loc[known, "age of line"].to_numpy() == pytest.approx(expected)
    assert got.loc[~known, "age of line"].unique() == pytest.approx((0 - values[known].mean()) / values[known].std())
    assert got["age of line not known"].tolist() == (~known).astype(float).tolist()


def test_a_skewed_amount_is_logged_and_an_even_one_is_not():
    size = 1200
    skewed = np.exp(np.arange(size) / 200)
    got = fitted_number("monthly_fee", "fee", skewed)
    assert got is not None
    assert got.scale == pytest.approx(skewed.clip(got.low, got.high).mean())
    even = fitted_number("monthly_fee", "fee", np.arange(size, dtype=float))
    assert even is not None
    assert even.scale is None


def test_extreme_values_are_cut():
    data = rows(monthly_fee=np.arange(1200) % 100 + 1.0)
    encoder = fit_encoder(data, ["monthly_fee"], tenure=False)
    later = data.head(3).assign(monthly_fee=[-1e12, 1e12, np.inf])
    got = encoder.design(later)["monthly fee"].tolist()
    assert got[:2] == [encoder.design(data)["monthly fee"].min(), encoder.design(data)["monthly fee"].max()]
    assert abs(got[2]) < 0.1


def test_what_most_have_none_of_is_not_cut_away():
    tickets = np.zeros(20_000)
    tickets[:80] = np.where(np.arange(80) < 10, 2, 1)
    got = fitted_number("tickets_1m", "tickets", tickets)
    assert got is not None
    assert got.high == 2


def test_what_a_handful_have_is_no_column_and_what_few_have_is_not_blown_up():
    size = 20_000
    rise = np.where(np.arange(size) < 49, 0.1, 0.0)
    assert fitted_number("price_rise_1m", "rise", rise) is None
    rise[49] = 0.1
    got = fitted_number("price_rise_1m", "rise", rise)
    assert got is not None
    assert max(values.max() for _, values in got.design(rise)) <= 20


def test_yes_and_no_stay_as_they_are():
    data = rows(has_tv=np.arange(1200) % 3 == 0)
    assert designed(data, "has_tv")["has tv"].tolist() == data["has_tv"].astype(float).tolist()


def test_levels_are_compared_with_the_commonest():
    level = np.array(["b", "a", "b", None])[np.arange(1200) % 4]
    got = designed(rows(region=level, event=1), "region")
    assert got.columns.tolist() == ["region: a", "region: not given"]
    assert got["region: a"].tolist() == [0.0, 1.0, 0.0, 0.0] * 300
    assert got["region: not given"].tolist() == [0.0, 0.0, 0.0, 1.0] * 300


def test_rare_levels_and_those_nobody_left_are_other_and_so_are_new_ones():
    level = np.array(["b"] * 800 + ["a"] * 300 + ["rare"] * 9 + ["loyal"] * 91)
    data = rows(region=level, event=(level != "loyal").astype(int))
    encoder = fit_encoder(data, ["region"], tenure=False)
    assert encoder.columns["design"].tolist() == ["region: a", "region: other"]
    later = data.head(5).assign(region=["rare", "loyal", "never seen", "a", None])
    got = encoder.design(later)
    assert got["region: other"].tolist() == [1, 1, 1, 0, 0]
    assert got["region: a"].tolist() == [0, 0, 0, 1, 0]


def test_without_other_a_new_level_counts_as_the_commonest():
    data = rows(region=np.array(["b", "a", "b"])[np.arange(1200) % 3], event=1)
    got = fit_encoder(data, ["region"], tenure=False).design(data.head(1).assign(region="never seen"))
    assert got.to_numpy().tolist() == [[0.0]]


def test_a_level_called_other_is_among_the_others():
    codes = coded(pd.Series(["a"] * 100 + ["other"] * 60 + ["x"] * 3))
    got = fitted_levels("region", "region", codes, None)
    assert got is not None
    assert got.levels == ("a", "other")
    assert got.places(codes).tolist() == [0] * 100 + [1] * 63


def test_too_many_levels_days_and_empty_columns_are_left_out_and_named():
    data = rows(
        area_id=[f"A{i % 31}" for i in range(1200)], attr_seen=pd.Timestamp("2024-01-01"), attr_none=None, industry="x",
        plan="p",
    )  # fmt: skip
    encoder = fit_encoder(data, ["area_id", "attr_seen", "attr_none", "industry", "plan", "not there"], tenure=False)
    assert encoder.columns.empty
    assert encoder.design(data).shape == (1200, 0)
    got = encoder.remarks.set_index("covariate")
    assert (got["outcome"] == "left out").all()
    assert got["reason"].to_dict() == {
        "area_id": "It has 31 different values: too many to tell apart.",
        "attr_none": "It is missing in every row a model could learn from.",
        "attr_seen": "It is a day, not a quantity; months to or from it would be one.",
        "industry": "It is the same for all, or nearly all, or says what another column says.",
        "plan": "It is the same for all, or nearly all, or says what another column says.",
    }


def test_what_other_columns_say_is_not_said_twice():
    fibre = np.arange(1200) % 2 == 0
    data = rows(
        technology=np.where(fibre, "fibre", "dsl"), plan=np.where(fibre, "Fibre 500", "Copper 50"),
        bandwidth_mbps=np.where(fibre, 500.0, np.nan), has_broadband=fibre.astype(int), contract_bound=0,
    )  # fmt: skip
    encoder = fit_encoder(data, ["technology", "plan", "bandwidth_mbps", "has_broadband"], tenure=False)
    assert encoder.columns["design"].tolist() == ["has broadband"]
    assert encoder.remarks.set_index("covariate")["reason"]["plan"] == "What it says enters through other columns."


def test_of_flags_that_agree_or_are_opposites_the_first_is_kept():
    flag = (np.arange(1000) % 4 == 0).astype(float)
    nearly = np.where(np.arange(1000) == 0, 1 - flag, flag)
    other = np.where(np.arange(1000) % 40 == 0, 1 - flag, flag)
    design = {"same": np.ones(1000), "flag": flag, "opposite": 1 - flag, "nearly": nearly, "other": other}
    assert telling(design) == ["flag", "other"]


def test_months_left_are_bands_closed_above():
    left = np.array([0.5, 1.0, 1.1, 3.0, 5.0, 8.0, 11.0, 13.0, np.nan, np.nan, np.nan, np.nan])[np.arange(1200) % 12]
    got = designed(rows(contract_months_left=left), "contract_months_left").head(12)
    assert got["contract ends within 1 month"].tolist() == [1, 1] + [0] * 10
    assert got["contract ends in 1 to 3 months"].tolist() == [0, 0, 1, 1] + [0] * 8
    assert got["contract ends after 12 months"].tolist() == [0] * 7 + [1] + [0] * 4
    assert got.sum(axis=1).tolist() == [1] * 8 + [0] * 4


def test_thin_bands_join_the_next():
    left = np.where(np.arange(20_000) < 30, 0.5, np.where(np.arange(20_000) < 400, 2.0, np.nan))
    words = {"first": "to {b:g}", "middle": "{a:g} to {b:g}", "last": "over {a:g}", "any": "any", "missing": "none"}
    got = fitted_bands("contract_months_left", left, edges=(1, 3, 6), words=words)
    assert got is not None
    assert got.names == ("any", "none")
    left[400:500] = 4.5
    got = fitted_bands("contract_months_left", left, edges=(1, 3, 6), words=words)
    assert got is not None
    assert got.names == ("to 3", "over 3", "none")
    assert fitted_bands("contract_months_left", np.full(100, np.nan), edges=(1,), words=words) is None


def test_age_is_in_bands_with_the_unknown_apart():
    age = np.array([29, 30, 39, 40, 64, 65, 80, np.nan])[np.arange(1200) % 8]
    got = designed(rows(age=age), "age").head(8)
    assert got["aged up to 29"].tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert got["age not known"].tolist() == [0, 0, 0, 0, 0, 0, 0, 1]
    # Two of eight are 30 to 39, as many as are 65 or older: the younger band is what others are compared with.
    assert set(got) == {
        "aged up to 29", "aged over 39, up to 49", "aged over 49, up to 64", "aged over 64", "age not known",
    }  # fmt: skip


def test_a_change_of_use_is_the_log_of_a_ratio_and_its_fall():
    before = np.where(np.arange(1200) % 2 == 0, 100.0, 300.0)
    recent = before * np.where(np.arange(1200) % 3 == 0, 0.5, 1.5)
    data = rows(download_gb_3m=recent, download_gb_previous_3m=before)
    encoder = fit_encoder(data, ["download_gb_3m", "download_gb_previous_3m"], tenure=False)
    table, _ = encoder.raw(data)
    offset = 0.05 * 200
    expected = np.log((recent + offset) / (before + offset))
    assert table["change of download, last 3 months"].to_numpy() == pytest.approx(expected)
    fall = encoder.design(data)["fall of download, last 3 months"]
    assert np.corrcoef(fall, np.maximum(-expected, 0))[0, 1] == pytest.approx(1)
    assert encoder.remarks["covariate"].tolist() == ["download_gb_previous_3m"]


def test_no_use_at_all_is_a_column_of_its_own():
    logins = np.array([0.0, 0.0, 2.0, 8.0, np.nan])[np.arange(1200) % 5]
    got = designed(
        rows(app_logins_1m=logins, app_logins_3m=np.arange(1200) % 9 + 1.0), "app_logins_1m", "app_logins_3m"
    )
    assert got["no app logins, last month"].iloc[1200 - 5 :].tolist() == [1, 1, 0, 0, 0]
    assert "no app logins, last 3 months" not in got


def test_that_a_newcomer_has_not_used_anything_yet_says_nothing():
    tenure = np.tile([0.5, 2.0, 2.9, 3.0, 40.0], 240)
    data = rows(tenure_months=tenure, app_logins_1m=0.0 + (np.arange(1200) >= 600), app_logins_3m=0.0)
    data.loc[data.index >= 600, "app_logins_3m"] = 4.0
    got = designed(data, "app_logins_1m", "app_logins_3m", tenure=True)
    assert got["no app logins, last month"].head(5).tolist() == [0, 1, 1, 1, 1]
    assert got["no app logins, last 3 months"].head(5).tolist() == [0, 0, 0, 1, 1]


def test_bills_overdue_are_told_apart_by_number():
    got = designed(rows(overdue_bills=np.array([0, 0, 0, 1, 2, 3, 4])[np.arange(1200) % 7]), "overdue_bills").head(7)
    assert got.columns.tolist() == ["bills overdue: 1", "bills overdue: 2", "bills overdue: more than 2"]
    assert got.sum(axis=1).tolist() == [0, 0, 0, 1, 1, 1, 1]


def test_no_use_before_and_none_now_is_no_change():
    data = rows(voice_minutes_3m=np.arange(1200) % 4 * 10.0, voice_minutes_previous_3m=np.arange(1200) % 4 * 10.0)
    got = fit_encoder(data, ["voice_minutes_3m", "voice_minutes_previous_3m"]).raw(data)[0]
    assert got["change of voice minutes, last 3 months"].unique().tolist() == [0.0]


@pytest.mark.parametrize("given", ["discount", "discount_share"])
def test_a_promotion_about_to_end_counts_by_its_size(given: str):
    size = 1200
    left = np.array([0.5, 2.0, 5.0, np.nan])[np.arange(size) % 4]
    share = np.array([0.1, 0.2, 0.3])[np.arange(size) % 3]
    data = rows(promotion_months_left=left, monthly_fee=50.0)
    data[given] = share * 50 if given == "discount" else share
    got = designed(data, "promotion_months_left", "monthly_fee", given)
    for name, at in (("within 1 month", 0.5), ("in 1 to 3 months", 2.0), ("in 3 to 6 months", 5.0)):
        expected = np.where(left == at, share, 0.0)
        assert np.corrcoef(got[f"discount ending {name}"], expected)[0, 1] == pytest.approx(1), name
    assert np.corrcoef(got["discount share"], share)[0, 1] == pytest.approx(1)


def test_a_discount_on_nothing_is_none():
    data = rows(monthly_fee=np.where(np.arange(1200) % 2 == 0, 0.0, 40.0), discount=np.arange(1200) % 4 * 5.0)
    got = fit_encoder(data, ["monthly_fee", "discount"]).raw(data)[0]["discount_share"]
    assert got.head(4).tolist() == [0.0, 5 / 40, 0.0, 15 / 40]


def test_the_first_terms_end_stands_in_where_no_contract_end_is_told():
    data = rows(contract_months=np.array([1, 12, 24])[np.arange(1200) % 3], tenure_months=np.arange(1200) % 30 + 0.5)
    got = fit_encoder(data, ["contract_months"], tenure=False).design(data)
    expected = (data["contract_months"] == 12) & (data["tenure_months"].between(11, 12))
    expected |= (data["contract_months"] == 24) & (data["tenure_months"].between(23, 24))
    assert got["first term ends within 1 month"].tolist() == expected.astype(float).tolist()
    told = fit_encoder(data.assign(contract_months_left=1.0), ["contract_months", "contract_months_left"]).columns
    assert not told["design"].str.startswith("first term").any()


def test_old_answers_count_less_than_recent_ones():
    score = np.arange(1200) % 11 * 1.0
    data = rows(nps_score=score, answer_age_months=np.where(np.arange(1200) % 2 == 0, 6.0, 7.0))
    got = designed(data, "nps_score", "answer_age_months")
    fresh = got["recommendation score, last 6 months"]
    assert fresh[1::2].nunique() == 1
    assert np.corrcoef(fresh[::2], score[::2])[0, 1] == pytest.approx(1)


def test_tenure_bends_and_is_left_out_where_it_is_the_time_scale():
    data = rows(has_tv=np.arange(1200) % 3 == 0)
    got = designed(data, "has_tv", tenure=True)
    log_years = np.log1p(data["tenure_months"] / 12)
    assert np.corrcoef(got["tenure, log of years"], log_years)[0, 1] == pytest.approx(1)
    bend = np.maximum(log_years - np.log1p(24 / 12), 0)
    assert np.corrcoef(got["tenure beyond 24 months"], bend)[0, 1] == pytest.approx(1)
    without = fit_encoder(data, ["has_tv"], tenure=False)
    assert without.columns["covariate"].tolist() == ["has_tv"]
    assert without.raw(data)[0].columns.tolist() == ["has_tv"]
    assert fit_encoder(data, ["has_tv"]).raw(data)[0].columns.tolist() == ["has_tv", "tenure_months"]


@pytest.mark.parametrize(("quarters", "seasons"), [(7, 0), (8, 3)])
def test_the_season_enters_from_eight_quarters_on(quarters: int, seasons: int):
    got = fit_encoder(rows(quarters=quarters), [], tenure=False).columns
    assert (got["family"] == "season").sum() == seasons


def test_the_quarter_ahead_is_that_of_the_day_after():
    data = rows(quarters=8)
    encoder = fit_encoder(data, [], tenure=False)
    later = pd.DataFrame({"landmark": pd.to_datetime(["2025-12-31", "2026-01-01", "2026-03-30", "2026-03-31"])})
    table, categories = encoder.raw(later)
    assert categories == [True]
    assert table["quarter_ahead"].tolist() == [0, 0, 0, 1]


def test_trees_get_gaps_and_categories(encoder: Encoder, wide: pd.DataFrame):
    table, categories = encoder.raw(wide)
    kinds = dict(zip(table.columns, categories, strict=True))
    assert [name for name, category in kinds.items() if category] == ["quarter_ahead", "region"]
    assert table["nps_score"].isna().sum() == wide["nps_score"].isna().sum()
    assert table["monthly_fee"].tolist() == [float(fee) for fee in wide["monthly_fee"]]
    assert table["attr_stars"].tolist() == [float(stars) for stars in wide["attr_stars"]]
    named = wide["region"].map({"north": 0.0, None: 1.0, "south": 2.0})
    assert table["region"].tolist() == named.tolist()
    assert encoder.raw(wide.head(1).assign(region="west"))[0]["region"].isna().all()


def test_every_family_is_known_and_names_read_like_words():
    assert {family(name) for name in (*CHOSEN, "contacted_3m", "quarter_ahead", "attr_x")} == set(FAMILIES)
    assert label("price_rise_3m") == "price rise, third last month"
    assert label("tickets_3m") == "tickets, last 3 months"
    assert label("download_gb_previous_3m") == "download, 3 months before those"
    assert label("attr_zone") == "attr zone"
