"""Policies, teams and customers, written by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.policy.actions import Frame
from analysis.policy.table import Policy, Team

AS_OF = dt.date(2026, 9, 30)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as one:
        yield one


@pytest.fixture
def policy() -> Callable[..., Policy]:
    def made(name: str = "price", **changes: object) -> Policy:
        told: dict[str, object] = {
            "action": f"{name} call", "offer": "an offer", "team": "retention", "channel": "phone", "effect": 0.2,
            "days": 7, "who": {"lifecycle": ("mature",)}, "cost": 6.0, "offer_cost": 4.0,
        }  # fmt: skip
        return Policy(name, **(told | changes))

    return made


@pytest.fixture
def frame() -> Callable[..., Frame]:
    def made(**changes: object) -> Frame:
        teams = {"retention": Team("retention", "Head of retention", 300), "post": Team("post", "Head of post")}
        told: dict[str, object] = {"budget": None, "teams": teams, "holdout": 0.0, "as_of": AS_OF}
        return Frame(**(told | changes))

    return made


@pytest.fixture
def customers() -> Callable[..., pd.DataFrame]:
    """`customers({...}, …)`: mature, at risk for price, free to be approached, unless said otherwise."""

    def made(*rows: dict[str, object]) -> pd.DataFrame:
        usual: dict[str, object] = {
            "lifecycle_class": "mature", "reason_1": "price", "voluntary_3m": 0.1, "clv": 1000.0, "refuses": 0,
            "consents_phone": 1, "approached": 0, "ordered": 0,
        }  # fmt: skip
        return pd.DataFrame([usual | row for row in rows])

    return made
