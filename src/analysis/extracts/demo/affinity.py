"""Which products go together: log-odds of taking one, by what is held, the line's technology and the behaviour."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from analysis.extracts.demo.behaviour import everyone, levels
from analysis.extracts.demo.catalogue import catalogue
from analysis.extracts.demo.parameters import BROADBAND, PRODUCTS, TECHNOLOGIES, Parameters
from analysis.extracts.demo.parameters_behaviour import Behaviours
from analysis.extracts.demo.shapes import Affinity
from analysis.extracts.demo.state import Floats, Ints, State

USUAL_SPEED = 250.0  # Mbit/s, of which `Terms.usual_use` counts


class Tables(NamedTuple):
    """Log-odds, a column per product; the last row of the second and third is for none."""

    held: Floats
    technology: Floats
    behaviour: Floats


@cache
def tables(affinities: tuple[Affinity, ...], behaviours: Behaviours) -> Tables:
    """The affinities as arrays."""
    known = {(one.given, one.product): one.log_odds for one in affinities}

    def rows(given: tuple[str, ...]) -> Floats:
        return np.array([[known.get((name, product), 0.0) for product in PRODUCTS] for name in given])

    return Tables(rows(PRODUCTS), rows((*TECHNOLOGIES, "")), rows((*(b.name for b in everyone(behaviours)), "")))


def takers(state: State, product: int, *, luck: Floats, base: float, parameters: Parameters) -> Ints:
    """Accounts whose luck lies below their chance of taking a product, whether they may take it or not.

    logit P = logit(base) + sum of the log-odds of all that is given. Certainties stay certain.
    """
    highest = expit(logit(base) + most(parameters.affinities, parameters.behaviours)[product])
    rows = np.flatnonzero(luck < highest)  # few: the others' log-odds need not be known
    return rows[luck[rows] < expit(logit(base) + log_odds(state, rows, product, parameters))]


@cache
def most(affinities: tuple[Affinity, ...], behaviours: Behaviours) -> Floats:
    """More than which no account's log-odds are, by product."""
    known = tables(affinities, behaviours)
    return np.maximum(known.held, 0).sum(axis=0) + known.technology.max(axis=0) + known.behaviour.max(axis=0)


def log_odds(state: State, rows: Ints, product: int, parameters: Parameters) -> Floats:
    """What the account's products, technology and behaviour add to the log-odds of taking a product."""
    known = tables(parameters.affinities, parameters.behaviours)
    technology = catalogue(parameters.plans).technology[state.plan[rows, BROADBAND]]
    technology = np.where(state.held[rows, BROADBAND], technology, -1)
    by_line = known.technology[technology, product] + known.behaviour[state.behaviour[rows], product]
    return state.held[rows] @ known.held[:, product] + by_line


def upgrading(state: State, parameters: Parameters) -> Floats:
    """Monthly chance of choosing the next faster broadband plan: it grows with the use beside the plan's usual."""
    terms, prices = parameters.terms, catalogue(parameters.plans)
    use = levels(parameters.behaviours)[0, state.behaviour] + state.gb - state.fall
    usual = terms.usual_use * np.log(prices.mbps[state.plan[:, BROADBAND]] / USUAL_SPEED)
    odds = np.where(state.held[:, BROADBAND], terms.upgrade_use * (use - usual), 0.0)
    return expit(logit(terms.upgrade) + odds)
