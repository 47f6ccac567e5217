"""The reading of the IBM sample that nearly every public notebook prints, and that must come out marked as suspect.

Tenure as time, everyone seen from the first day, every column but the total charges: contract, fee and services as
they were after the customer had left. The honest reading is in `test_survival.py`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.brier import integrated_brier
from analysis.models.concordance import concordance
from analysis.models.cox import conditional_survival, fit_cox
from analysis.models.preflight import preflight
from analysis.models.validation import suspect

MONTHS = tuple(range(3, 64))
FOLDS = 5
NO_SERVICE = "No internet service"


@pytest.fixture(scope="module")
def classic(shared_data):
    file = shared_data / "ibm_telco_classic" / "WA_Fn-UseC_-Telco-Customer-Churn.csv"
    return pd.read_csv(file, na_filter=False).sort_values("customerID", ignore_index=True)


@pytest.fixture(scope="module")
def covariates(classic):
    columns = classic.drop(columns=["customerID", "tenure", "Churn", "TotalCharges"])
    return pd.get_dummies(columns, drop_first=True, dtype=float)


def survival_times(classic):
    """Tenure as if everyone had been seen from the first day; the eleven of tenure 0 were there for half a month."""
    tenure = classic["tenure"].astype(float)
    event = (classic["Churn"] == "Yes").astype(int)
    return pd.DataFrame({"entry": 0.0, "exit": tenure.where(tenure > 0, 0.5), "event": event})


def judged_out_of_fold(covariates, times, fold, number):
    """Concordance and integrated Brier score on one fold of a Cox model fitted to the others."""
    fitted, held = fold != number, fold == number
    able = preflight(covariates[fitted], times[fitted])
    cox = fit_cox(covariates.loc[fitted, able.kept], times=times[fitted], penalty=able.penalty)
    ahead = conditional_survival(cox, covariates[held], tenure=np.zeros(held.sum()), ahead=MONTHS)
    rows = times[held]
    return {
        "concordance": concordance(rows, cox.log_hazard(covariates[held])),
        "ibs": integrated_brier(rows["exit"], rows["event"], 1 - ahead, MONTHS),
    }


@pytest.fixture(scope="module")
def folds(classic, covariates):
    fold = np.random.default_rng(1).permutation(len(classic)) % FOLDS
    times = survival_times(classic)
    return pd.DataFrame([judged_out_of_fold(covariates, times, fold, number) for number in range(FOLDS)])


def test_the_naive_reading_tells_leavers_apart_too_well(folds):
    assert 0.85 <= folds["concordance"].mean() <= 0.87
    assert folds["concordance"].min() > 0.84


def test_the_naive_reading_is_marked_as_suspect(folds):
    assert str(suspect(folds["concordance"].mean())).startswith("A concordance of 0.86 is suspect: above 0.85")


def test_the_naive_reading_has_the_integrated_brier_score_that_is_known(folds):
    assert 0.083 <= folds["ibs"].mean() <= 0.091


def test_columns_that_all_say_no_internet_are_told_as_repeating_one_another(classic, covariates):
    got = preflight(covariates, survival_times(classic))
    repeated = got.remarks.loc[got.remarks["reason"].str.startswith("It repeats"), "covariate"]
    no_internet = {name for name in covariates.columns if name.endswith(NO_SERVICE)}
    assert len(no_internet) == 6
    assert set(repeated) == no_internet | {"MultipleLines_No phone service"}
    assert len(got.kept) == covariates.shape[1] - 7
