"""Content that no model can be made of (M80–M87)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tests.promises.cases import Seen, case
from tests.promises.forecasts import extracts, told

SIGNUP = "{attr_x: signup, attr_y: signup}"


@case("M80", "A single customer: fewer than a model may speak of", "SKIP")
def one_customer(folder: Path) -> Seen:
    got = told(folder, extracts(1, leave=0.0))
    assert len(got.scores.customer_id) == 0 and got.prediction.candidates.empty
    return Seen("SKIP", got.remark("all models"))


@case("M80", "Ten active customers, many leavers", "SKIP")
def ten_customers(folder: Path) -> Seen:
    files = extracts(60, leave=0.85)
    got = told(folder, files)
    assert got.prediction.verdict == "too_few", got.prediction.counts
    assert len(got.scores.customer_id) == 0
    return Seen("SKIP", got.remark("all models"))


@case("M81", "Nobody left in the window: a flat curve and no forecast", "SKIP")
def nobody_left(folder: Path) -> Seen:
    got = told(folder, extracts(200, leave=0.0))
    assert got.prediction.verdict == "nobody_left" and len(got.scores.customer_id) == 0
    assert got.curve["survival"].dropna().eq(1).all()
    return Seen("SKIP", got.remark("all models"))


@case("M82", "Everybody left: a curve and no forecast", "SKIP")
def everybody_left(folder: Path) -> Seen:
    got = told(folder, extracts(200, leave=1.0))
    assert len(got.scores.customer_id) == 0 and got.prediction.candidates.empty
    assert got.curve["survival"].min() < 0.2
    return Seen("SKIP", got.remark("all models"))


@case("M83", "Customers without a difference: one class, nothing to tell them apart by", "SKIP")
def one_class(folder: Path) -> Seen:
    got = told(folder, extracts(400, contract_months=lambda n, left: 12, technology=lambda n, left: "fibre"))
    assert got.tests.empty
    constant = got.remark("technology")
    assert "the same for all" in constant
    return Seen("SKIP", constant)


@case("M84", "A level of thirty customers whom nobody left: counted with the others", "FIX")
def level_without_leavers(folder: Path) -> Seen:
    def payment(n: int, left: bool) -> str:
        return ("card", "transfer")[n % 2] if left or n % 20 else "standing order"

    got = told(folder, extracts(1200, payment_method=payment))
    said = got.remark("payment method: other")
    assert "None of the rows that have it left" in said
    assert np.isfinite(got.scores.hazards).all() and len(got.scores.hazards) > 700
    return Seen("FIX", said)


@case("M85", "Two columns that say the same: the later one goes", "NOTE")
def collinear(folder: Path) -> Seen:
    files = extracts(1200, attr_x=lambda n, left: n % 7, attr_y=lambda n, left: 3 * (n % 7) + 1)
    got = told(folder, files, known_at=SIGNUP)
    said = got.remark("attr y")
    assert said == "attr y dropped in the Cox model: It repeats attr x."
    return Seen("NOTE", said)


@case("M86", "Fewer than ten leavers per coefficient: a penalised model", "NOTE")
def few_events(folder: Path) -> Seen:
    many = {f"attr_x{k}": (lambda n, left, k=k: (n * (k + 3)) % (k + 11)) for k in range(12)}
    known = "{" + ", ".join(f"{name}: signup" for name in many) + "}"
    got = told(folder, extracts(500, leave=0.15, **many), known_at=known)
    said = got.remark("all covariates")
    assert "fewer than 10 each" in said and "penalised" in said
    return Seen("NOTE", said)


@case("M87", "A column that equals the churn flag: refused as a covariate", "REFUSE")
def label_leak(folder: Path) -> Seen:
    files = extracts(800, attr_x=lambda n, left: int(left), attr_y=lambda n, left: n % 5)
    got = told(folder, files, known_at=SIGNUP)
    refused = got.prediction.refused
    [row] = refused[refused["covariate"] == "attr_x"].to_dict("records")
    assert row["rule"] == "auc" and "attr_y" not in set(refused["covariate"])
    return Seen("REFUSE", str(row["reason"]))


@case("M87", "A column filled for leavers only: refused as a covariate", "REFUSE")
def filled_for_leavers(folder: Path) -> Seen:
    files = extracts(800, attr_x=lambda n, left: ("price", "move")[n % 2] if left else "", attr_y=lambda n, left: n % 5)
    got = told(folder, files, known_at=SIGNUP)
    [row] = got.prediction.refused[got.prediction.refused["covariate"] == "attr_x"].to_dict("records")
    assert "left" in row["reason"]
    return Seen("REFUSE", str(row["reason"]))
