"""The folder `truth`: beside the extracts, about the same customers, the same bytes, and never read as an extract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.basis.errors import StorageFailed
from analysis.extracts.demo import write_demo
from analysis.extracts.demo.hazard import REASON_FAMILIES
from analysis.extracts.demo.names import KINDS
from analysis.extracts.demo.truth_files import FILES
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source
from analysis.extracts.raw_files import raw_files
from analysis.frames.customers import customers
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells

SMALL = {"customers": 300, "months": 12, "seed": 3}
AS_OF = date(2026, 9, 30)
CHANCES = ["leaves_1m", "leaves_3m", "leaves_12m", "voluntary_1m", "voluntary_3m", "voluntary_12m"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told") / "demo"
    write_demo(folder, **SMALL, truth=True)
    return folder


@pytest.fixture(scope="module")
def truth(told: Path) -> pd.DataFrame:
    return pd.read_parquet(told / "truth" / "truth.parquet")


@pytest.fixture(scope="module")
def future(told: Path) -> pd.DataFrame:
    return pd.read_parquet(told / "truth" / "future.parquet")


@pytest.fixture(scope="module")
def words(told: Path) -> dict:
    return json.loads((told / "truth" / "truth.json").read_text(encoding="utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_the_extracts_are_the_same_with_the_truth_and_without(told, tmp_path):
    write_demo(tmp_path / "demo", **SMALL)
    assert not (tmp_path / "demo" / "truth").exists()
    assert contents(tmp_path / "demo") == contents(told)


def test_no_extract_has_a_column_of_the_truth(told, truth, future):
    hidden = (set(truth.columns) | set(future.columns)) - {"customer_id", "kind"}
    heads = {name: set(data.split(b"\n", 1)[0].decode().split(",")) for name, data in contents(told).items()}
    assert {name: found & hidden for name, found in heads.items() if found & hidden} == {}


def test_the_same_arguments_give_the_same_truth(told, tmp_path):
    write_demo(tmp_path / "demo", **SMALL, truth=True)
    got = contents(tmp_path / "demo" / "truth")
    assert got == contents(told / "truth")
    assert set(got) == set(FILES)


def test_the_truth_of_a_chunk_is_the_same_whatever_comes_after_it(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.extracts.demo.write.CHUNK", 100)
    write_demo(tmp_path / "one", customers=100, months=3, truth=True)
    write_demo(tmp_path / "two", customers=150, months=3, truth=True)
    one, two = (pd.read_parquet(tmp_path / name / "truth" / "truth.parquet") for name in ("one", "two"))
    pd.testing.assert_frame_equal(one, two.head(len(one)))
    assert len(two) > len(one)


def test_a_demo_with_its_truth_is_replaced_by_one_without(tmp_path):
    write_demo(tmp_path / "demo", customers=50, months=2, truth=True)
    write_demo(tmp_path / "demo", customers=50, months=2)
    assert not (tmp_path / "demo" / "truth").exists()


def test_a_strange_file_among_the_truth_is_left_alone(tmp_path):
    write_demo(tmp_path / "demo", customers=50, months=2, truth=True)
    (tmp_path / "demo" / "truth" / "notes.txt").write_text("mine")
    with pytest.raises(StorageFailed, match=r"or an earlier demo to replace, found truth/notes\.txt"):
        write_demo(tmp_path / "demo", customers=50, months=2)
    assert (tmp_path / "demo" / "truth" / "notes.txt").read_text() == "mine"


def test_the_reader_does_not_see_the_truth(told):
    assert "truth" not in raw_files(read_source(told, environ={})).tables


@pytest.fixture(scope="module")
def active(told: Path) -> Iterator[set[str]]:
    """The customers that the report counts as active."""
    with Engine(threads=1) as engine:
        extracts = intake(read_source(told, environ={}), engine, as_of=AS_OF)
        tables = population(extracts.tables, engine=engine).tables
        seen = Observation(observed_from=date(2025, 10, 1), as_of=AS_OF).informed(extracts.supplied)
        everyone = to_pandas(customers(engine.table(spells(tables, seen)), tables, seen).select("customer_id", "state"))
        yield set(everyone.loc[everyone["state"] == "active", "customer_id"])


def test_the_truth_is_about_the_customers_that_the_report_counts_as_active(truth, future, active):
    assert len(active) > 150
    assert set(truth["customer_id"]) == active
    assert list(future["customer_id"]) == list(truth["customer_id"])
    assert truth["customer_id"].is_unique


def test_chances_lie_between_nothing_and_certainty_and_grow_with_the_months(truth):
    assert truth[CHANCES].gt(0).all(axis=None)
    assert truth[CHANCES].lt(1).all(axis=None)
    for kind in ("leaves", "voluntary"):
        assert (truth[f"{kind}_1m"] < truth[f"{kind}_3m"]).all()
        assert (truth[f"{kind}_3m"] < truth[f"{kind}_12m"]).all()
    for months in (1, 3, 12):
        assert (truth[f"voluntary_{months}m"] < truth[f"leaves_{months}m"]).all()


def test_every_column_is_filled_with_plausible_values(truth):
    reasons = [f"reason_{name}" for name in REASON_FAMILIES]
    assert list(truth.columns) == ["customer_id", *CHANCES, "current_value", "margin_12m", "months_left_36", *reasons]
    assert truth.notna().all(axis=None)
    assert truth["months_left_36"].between(3, 36).all()
    assert 300 < truth["current_value"].mean() < 2_000
    assert truth["reason_payment"].min() >= 0
    assert (truth[reasons].std() > 0.001).all()


def test_days_and_kinds_of_leaving_are_told_together_and_lie_within_a_year(future):
    left = future["left_on"].notna()
    assert (future["kind"].notna() == left).all()
    assert 0.08 < left.mean() < 0.25
    assert set(future["kind"].dropna()) <= set(KINDS)
    days = pd.to_datetime(future["left_on"].dropna())
    assert days.between("2026-10-01", "2027-09-30").all()


def test_what_the_year_brings_agrees_with_its_expectation_and_stops_when_the_customer_leaves(truth, future):
    rows = truth.merge(future, on="customer_id", suffixes=("_expected", ""), validate="1:1")
    assert rows["margin_12m"].sum() / rows["margin_12m_expected"].sum() == pytest.approx(1, abs=0.12)
    days = (pd.to_datetime(rows["left_on"]) - pd.Timestamp("2026-09-30")).dt.days
    early, stayed = days < 120, rows["left_on"].isna()
    brought = rows["margin_12m"] / rows["margin_12m_expected"]
    assert early.sum() >= 5
    assert brought[early].mean() < 0.5 < 0.9 < brought[stayed].mean()


@pytest.fixture(scope="module")
def added(told: Path) -> pd.DataFrame:
    return pd.read_parquet(told / "truth" / "added.parquet")


def test_what_is_added_is_told_once_and_is_no_product_held_unless_a_faster_plan(told, truth, added):
    assert list(added.columns) == ["customer_id", "product", "kind"]
    assert 0.01 < added["customer_id"].nunique() / len(truth) < 0.15
    assert set(added["customer_id"]) <= set(truth["customer_id"])
    assert set(added["kind"]) <= {"new", "upgrade"}
    assert not added.duplicated().any()
    rows = pd.read_csv(told / "subscriptions.csv", dtype=str)
    held = rows[rows["end_date"].isna()][["customer_id", "product"]].drop_duplicates()
    known = added.merge(held, how="left", indicator=True)["_merge"] == "both"
    assert not known[added["kind"] == "new"].any()
    assert (added.loc[added["kind"] == "upgrade", "product"] == "broadband").all()


def test_the_description_holds_the_table_of_affinities_and_the_types(words):
    table = {(one["given"], one["product"]): one["log_odds"] for one in words["parameters"]["affinities"]}
    assert table["cloud", "security"] == 1.9
    assert words["parameters"]["behaviours"]["known"][0]["name"] == "streaming"
    assert words["parameters"]["behaviours"]["newcomer"] is None
    assert words["types"]["quarter_end"] == "2026-09-30"
    assert sum(words["types"]["customers"].values()) == words["portfolio"]["customers"]
    assert 0.7 < words["types"]["clear"] < 0.9


def test_the_description_says_how_it_was_made(words, truth):
    assert (words["as_of"], words["seed"], words["months"]) == ("2026-09-30", 3, 12)
    assert words["paths"] >= 32
    assert words["portfolio"]["customers"] == len(truth)
    assert words["portfolio"]["leaves_3m"] == pytest.approx(truth["leaves_3m"].mean(), abs=1e-6)
    assert words["portfolio"]["current_value"] == pytest.approx(truth["current_value"].sum(), abs=0.01)
    assert words["parameters"]["hazard"]["base"] == -3.94
    assert words["parameters"]["plans"][-1]["mbps"] is None
    assert words["economics"]["discount_rate"] == 0.08
    assert "no new" not in words["how"]["averaged_out"]


def test_enough_paths_are_walked_for_a_small_error(words):
    assert 0 < words["standard_error"] < 0.08


def test_a_demo_of_nobody_active_has_an_empty_truth(tmp_path):
    write_demo(tmp_path / "demo", customers=1, months=1, truth=True)
    got = pd.read_parquet(tmp_path / "demo" / "truth" / "truth.parquet")
    words = json.loads((tmp_path / "demo" / "truth" / "truth.json").read_text())
    assert words["portfolio"]["customers"] == len(got) <= 1
