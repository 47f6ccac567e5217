"""Of whom is warned, by sign, model or both, and for which reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.policy.warned import LIKELY, chances, warned

LABELS = {"ends": "Promotion about to end", "rises": "Complaints rise"}


def scores(*rows: tuple) -> pd.DataFrame:
    columns = ["customer_id", "voluntary_1m", "churn_1m", "reason_1", "reason_2", "reason_3"]
    return pd.DataFrame([(*row, *[None] * (6 - len(row))) for row in rows], columns=columns)


def flags(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["customer_id", "rule"])


def test_the_chance_is_that_of_leaving_by_choice_where_the_source_tells_it() -> None:
    assert chances(scores(("a", 0.01, 0.02)))["chance"].tolist() == [0.01]
    assert chances(scores(("a", np.nan, 0.02)))["chance"].tolist() == [0.02]


def test_a_sign_or_a_high_chance_warns_and_who_has_neither_is_left_out() -> None:
    told = chances(scores(("a", 0.03, 0.1), ("b", 0.029, 0.1), ("c", 0.04, 0.1), ("d", 0.001, 0.1)))
    got = warned(told, flags(("c", "ends"), ("d", "ends")), LABELS, chance=0.03).set_index("customer_id")
    assert got["warned_by"].to_dict() == {"a": "model", "c": "both", "d": "sign"}


def test_signs_that_do_not_earn_their_place_warn_of_nobody() -> None:
    assert warned(chances(scores(("a", 0.001, 0.1))), flags(("a", "logins")), LABELS, chance=0.03).empty


def test_reasons_are_the_models_first_then_the_signs_in_the_order_of_the_rules() -> None:
    told = chances(scores(("a", 0.05, 0.1, "price", "use"), ("b", 0.01, 0.1), ("c", 0.05, 0.1)))
    marked = flags(("a", "rises"), ("a", "ends"), ("b", "rises"))
    got = warned(told, marked, LABELS, chance=0.03).set_index("customer_id")
    assert got["reasons"].tolist() == [
        "price, use, Promotion about to end, Complaints rise", "Complaints rise", "",
    ]  # fmt: skip
    assert got["reason"].tolist() == ["price", "Complaints rise", LIKELY]
    assert got.loc["a", "signs"] == "Promotion about to end, Complaints rise"


def test_who_is_flagged_and_has_no_forecast_is_warned_of_without_a_chance() -> None:
    got = warned(chances(scores()), flags(("a", "ends")), LABELS, chance=0.03)
    assert got["customer_id"].tolist() == ["a"]
    assert np.isnan(got["chance"].iloc[0])


def test_a_chance_at_the_edge_warns() -> None:
    got = warned(chances(scores(("a", 0.03, 0.1))), flags(), LABELS, chance=0.03)
    assert got["chance"].tolist() == [pytest.approx(0.03)]
