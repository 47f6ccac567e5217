"""Columns that know the outcome are refused by the product's own rules, and honest ones are not."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source
from analysis.frames.episodes import episodes
from analysis.frames.features import features
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells
from analysis.models.covariates import candidate_columns, refused

if TYPE_CHECKING:
    from tests.reports.conftest import Project

ROOT = Path(__file__).parents[2]
FIELDS = {
    "attr_satisfaction_score": 't."Satisfaction Score"',
    "attr_churn_score": 't."Churn Score"',
    "attr_cltv": 't."CLTV"',
    "attr_churn_category": """nullif(t."Churn Category", '')""",
    "attr_total_charges": 's."Total Charges"',
    "attr_gender": 'd."Gender"',
    "attr_married": 'd."Married"',
    "attr_referrals": 's."Number of Referrals"',
    "attr_offer": 's."Offer"',
}


def rows_at_landmarks(source: Path, *, as_of: dt.date, **environ: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """The episodes of a source with their features, and what the source says of when columns are known."""
    described = read_source(source, environ={**os.environ, **environ})
    with Engine() as engine:
        extracts = intake(described, engine, as_of=as_of)
        seen = Observation(
            as_of, described.observed_from, described.covers_from, described.known_at,
            snapshot_date=described.snapshot_date,
        ).informed(extracts.supplied)  # fmt: skip
        people = population(extracts.tables, engine=engine).tables
        spell = engine.table(spells(people, seen).collect("pyarrow").to_native())
        return to_pandas(features(episodes(spell, seen), people, seen)), dict(described.known_at)


def selecting(fields: dict[str, str], folder: Path, *, known_at: dict[str, str]) -> Path:
    """A copy of the source ibm_telco whose customers.sql also selects these fields."""
    shutil.copytree(ROOT / "params/sources/ibm_telco", folder)
    select, described = folder / "customers.sql", folder / "source.yml"
    named = "".join(f"    {field} AS {name},\n" for name, field in fields.items())
    select.write_text(select.read_text().replace("    d._file,\n", f"{named}    d._file,\n"))
    lines = "".join(f"  {name}: {moment}\n" for name, moment in known_at.items())
    described.write_text(f"{described.read_text().rstrip()}\n{lines}")
    return folder


@pytest.fixture(scope="module")
def ibm_rows(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, dict[str, str]]:
    """The sample's episodes with every field that gives the answer away, and some that do not."""
    honest = ("attr_gender", "attr_married", "attr_referrals", "attr_offer")
    known_at = {"attr_cltv": "snapshot"} | dict.fromkeys(honest, "observed_from")
    folder = selecting(FIELDS, tmp_path_factory.mktemp("leaks") / "ibm_telco", known_at=known_at)
    return rows_at_landmarks(folder, as_of=dt.date(2019, 9, 30), LINECARD_SHARED_DATA=str(shared_data))


@pytest.fixture(scope="module")
def ibm_refused(ibm_rows: tuple[pd.DataFrame, dict[str, str]]) -> pd.DataFrame:
    rows, known_at = ibm_rows
    assert set(FIELDS) <= set(candidate_columns(rows))
    return refused(rows, candidate_columns(rows), known_at=known_at).set_index("covariate")


def test_the_five_fields_are_refused_and_no_other(ibm_refused: pd.DataFrame):
    got = ibm_refused["rule"].to_dict()
    assert got == {
        "attr_churn_category": "leavers_only",
        "attr_churn_score": "auc",
        "attr_cltv": "snapshot",
        "attr_satisfaction_score": "auc",
        "attr_total_charges": "tenure",
    }


def test_the_figures_are_those_of_the_contract(ibm_refused: pd.DataFrame):
    got = ibm_refused["figure"].round(3)
    assert got["attr_satisfaction_score"] == 0.950
    assert got["attr_churn_score"] == 0.943
    assert got["attr_total_charges"] == 0.889
    assert got["attr_churn_category"] == 1
    assert pd.isna(got["attr_cltv"])


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("attr_satisfaction_score", "almost alone (AUC 0.950"),
        ("attr_churn_score", "almost alone (AUC 0.943"),
        ("attr_cltv", "Known on the day of the extract only"),
        ("attr_total_charges", "Grows with the time somebody has been a customer (rank correlation 0.889)"),
        ("attr_churn_category", "Filled for leavers only: of the 1,869 customers who have it 100.0% left."),
    ],
)
def test_each_is_refused_for_its_stated_reason(ibm_refused: pd.DataFrame, field: str, words: str):
    assert words in ibm_refused.loc[field, "reason"]


def test_without_a_declaration_the_five_are_refused_all_the_same(ibm_rows: tuple[pd.DataFrame, dict[str, str]]):
    rows, _ = ibm_rows
    five = [name for name in FIELDS if name.split("_")[1] in ("satisfaction", "churn", "cltv", "total")]
    got = refused(rows, five, known_at={}).set_index("covariate")["rule"]
    assert sorted(got.index) == sorted(five)
    assert got["attr_cltv"] == "undated"


def test_no_feature_of_the_demo_is_refused(few: Project):
    rows, known_at = rows_at_landmarks(few.root / "params/sources/demo", as_of=dt.date(2026, 9, 30))
    assert rows["event"].sum() > 50
    got = refused(rows, candidate_columns(rows), known_at=known_at)
    assert got.empty, got.to_string()
