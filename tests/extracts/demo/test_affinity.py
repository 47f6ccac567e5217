"""What goes together: log-odds by hand, rates kept, and an order of products that is better than popularity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.special import expit, logit

from analysis.extracts.demo.affinity import log_odds, most, tables, takers, upgrading
from analysis.extracts.demo.chunk import live
from analysis.extracts.demo.draws import Draws
from analysis.extracts.demo.future import continued, lived
from analysis.extracts.demo.parameters import PRODUCTS, Parameters
from analysis.extracts.demo.parameters_behaviour import BEHAVIOURS
from analysis.extracts.demo.state import State, active_rows
from analysis.extracts.demo.terms import NEW, UPGRADE
from analysis.extracts.demo.world import world

P = Parameters()
NAMES = [one.name for one in BEHAVIOURS]
TV, CLOUD, SECURITY = (PRODUCTS.index(name) for name in ("tv", "cloud", "security"))
FIBRE_250 = next(number for number, plan in enumerate(P.plans) if plan.names[0] == "Fibre 250")


def holding(state: State, *products: str) -> State:
    for product in products:
        state.held[:, PRODUCTS.index(product)] = True
    return state


def test_log_odds_add_up_over_products_technology_and_behaviour(households):
    state = holding(households(2, signup=100), "cloud")
    state.plan[:, 0] = FIBRE_250
    state.behaviour[0] = NAMES.index("home_worker")
    broadband_and_fibre, cloud, home_worker = 0.6 + 1.2, -0.3, -0.9
    got = log_odds(state, np.arange(2), TV, P)
    assert got == pytest.approx([broadband_and_fibre + cloud + home_worker, broadband_and_fibre + cloud])


def test_without_broadband_no_technology_counts(households):
    state = holding(households(1, signup=100), "mobile")
    state.plan[:, 0], state.held[:, 0] = FIBRE_250, False
    assert log_odds(state, np.arange(1), CLOUD, P) == pytest.approx([0.4])


def test_a_chance_is_the_base_moved_by_the_log_odds(households):
    state = holding(households(10_000, signup=100), "cloud")
    state.behaviour[:] = NAMES.index("office")
    luck = (np.arange(10_000) + 0.5) / 10_000
    got = takers(state, SECURITY, luck=luck, base=0.01, parameters=P)
    assert len(got) / 10_000 == pytest.approx(expit(logit(0.01) + 1.9 + 1.1), abs=0.0001)


@pytest.mark.parametrize(("base", "expected"), [(0.0, 0), (1.0, 5)])
def test_what_is_certain_stays_certain(households, base, expected):
    state = households(5, signup=100)
    assert len(takers(state, TV, luck=np.full(5, 0.5), base=base, parameters=P)) == expected


def test_nobody_is_missed_by_looking_at_the_lucky_alone(small_world):
    state, _ = live(small_world, chunk=0, size=400)
    rows, luck = np.arange(state.size), np.random.default_rng(1).random(state.size) * 0.1
    for product in range(1, len(PRODUCTS)):
        odds = log_odds(state, rows, product, P)
        got = takers(state, product, luck=luck, base=0.01, parameters=P)
        assert list(got) == list(np.flatnonzero(luck < expit(logit(0.01) + odds)))
        assert odds.max() <= most(P.affinities, P.behaviours)[product]


def test_every_affinity_names_what_there_is():
    known = {*PRODUCTS, "dsl", "cable", "fibre", *NAMES}
    assert {one.given for one in P.affinities} <= known
    assert {one.product for one in P.affinities} <= set(PRODUCTS)
    got = tables(P.affinities, P.behaviours)
    assert sum((table != 0).sum() for table in got) == len(P.affinities)
    assert (got.technology[-1] == 0).all()
    assert (got.behaviour[-1] == 0).all()


def test_the_chance_of_a_faster_plan_grows_with_the_use_beside_the_plans_usual(households):
    state = households(3, signup=100)  # Cable 250
    state.gb[:] = [0.0, 1.0, 0.45 * np.log(2)]
    state.plan[2, 0] = 3  # Cable 500
    got = upgrading(state, P)
    odds = got / (1 - got)
    assert got[0] == pytest.approx(P.terms.upgrade)
    assert odds[1] / odds[0] == pytest.approx(np.exp(P.terms.upgrade_use))
    assert got[2] == pytest.approx(P.terms.upgrade)


def test_products_are_taken_about_as_often_as_ever(tables):
    """Shares of those who hold each now: as with the fixed rates that the affinities replaced."""
    rows = tables["subscriptions"]
    now = rows[rows["end_date"].isna()]
    got = now.groupby("product")["customer_id"].nunique() / now["customer_id"].nunique()
    before = {"broadband": 0.854, "mobile": 0.424, "voice": 0.436, "tv": 0.252, "cloud": 0.187, "security": 0.160,
              "smart_home": 0.154}  # fmt: skip
    assert {name: got[name] for name in before} == pytest.approx(before, abs=0.04)


def test_what_goes_together_is_held_together(tables):
    rows = tables["subscriptions"]
    held = rows[rows["end_date"].isna()].groupby("customer_id")["product"].agg(set)
    cloud, security = (held.map(lambda one, name=name: name in one) for name in ("cloud", "security"))
    assert security[cloud].mean() > 1.7 * security.mean()


def test_who_knows_the_affinities_names_the_next_product_better_than_popularity():
    there = world(seed=3, months=12, until=date(2026, 9, 30), parameters=P)
    known, popular, ups = [], [], []
    for chunk in range(2):
        state, _ = live(there, chunk=chunk, size=2_000)
        state = state.take(active_rows(state, 2))
        rows = np.arange(state.size)
        odds = [logit(P.terms.added[product]) + log_odds(state, rows, product, P) for product in range(len(PRODUCTS))]
        mean = [expit(one[~state.held[:, place]]).mean() for place, one in enumerate(odds)]
        for path in range(4):
            got = lived(state, continued(there, Draws(3, path=(1, path)), months=3), months=3, chunk=chunk)
            new = got.kind == NEW
            known.append(hits(np.stack(odds, axis=1), state, got.owner[new], got.product[new]))
            popular.append(hits(np.tile(mean, (state.size, 1)), state, got.owner[new], got.product[new]))
            chance = upgrading(state, P)
            ups.append(chance[got.owner[got.kind == UPGRADE]].mean() / chance.mean())
    one, two = np.concatenate(known), np.concatenate(popular)
    assert len(one) > 300
    assert 0.85 < one.mean() < 0.97
    assert one.mean() > two.mean() + 0.10
    assert np.mean(ups) > 1.5


def hits(score: np.ndarray, state: State, owner: np.ndarray, product: np.ndarray) -> np.ndarray:
    """Whether each product taken was among the three of the highest score that were not held."""
    place = np.argsort(np.argsort(-np.where(state.held, -np.inf, score), axis=1), axis=1)
    return place[owner, product] < 3


def test_without_affinities_the_rates_are_the_bases(households, small_world):
    plain = replace(P, affinities=())
    state = households(20_000, signup=small_world.until - 900)
    luck = (np.arange(20_000) + 0.5) / 20_000
    assert len(takers(state, TV, luck=luck, base=0.25, parameters=plain)) == 5_000
