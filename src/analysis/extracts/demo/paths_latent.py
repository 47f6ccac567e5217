"""What no column shows of a customer, drawn anew for each path from what the records tell of it.

Frailty is not drawn but carried as nine possible values with their chances (Gauss and Hermite's nodes). Level and
mood, sensitivity, the kind of payer and what stands behind an unpaid bill are drawn, evenly over the paths of a
block. A path weighs as much as the customer's own history is likely on it: having stayed so long, having left
and returned, having answered a survey as it did. Told by the records but not used: answers before the last,
surveys without an answer, what tickets tell of the mood, and what neighbours tell of a competitor's offer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import ndtr, ndtri

from analysis.extracts.demo.billing import pay_days
from analysis.extracts.demo.days import NEVER
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.parameters import Bills, Service
from analysis.extracts.demo.paths_world import BLOCK, Block, stratified
from analysis.extracts.demo.state import Bools, Floats, Ints, State

NODES = 9


@dataclass(frozen=True)
class Start:
    """Customers at the start of a block's paths, path by path, and how likely each is with each frailty."""

    state: State  # with a frailty of zero
    frailty: Floats  # its possible values
    chance: Floats  # a row for each of them; over all paths of a customer they need not sum to 1


def start(state: State, block: Block, *, chunk: int) -> Start:
    """Customers at the end of the window on every path of a block."""
    random = block.world.draws.stream(Subject.LATENT, chunk)
    p, until = block.world.parameters, block.world.until
    got = state.take(np.tile(np.arange(state.size), BLOCK))
    got.account[:] = np.arange(got.size)
    got.area = block.place(state.area)
    got.frailty[:] = 0
    got.sensitivity = np.exp(p.population.price_sensitivity * _normal(random, state.size))
    got.level = p.population.satisfaction * _normal(random, state.size)
    then = _moods(got, p.service, until_month=block.world.last, random=random)
    _draw_payers(got, p.bills, until=until, random=random)
    nodes, shares = hermegauss(NODES)
    frailty = p.population.frailty * nodes
    survived = _survived(got, frailty, felt=p.hazard.satisfaction * got.level)
    likely = np.where(_answered(got, until), _answer_likelihood(got, p.service, then), 1.0)
    return Start(got, frailty, shares[:, None] / shares.sum() * survived * likely)


def _normal(random: np.random.Generator, size: int) -> Floats:
    """Standard normal numbers, path by path, spread evenly over the paths of each customer."""
    return ndtri(stratified(random, size)).ravel()


def _answered(state: State, until: int) -> Bools:
    return state.answered_on <= until


def _moods(state: State, s: Service, *, until_month: int, random: np.random.Generator) -> Floats:
    """Draw the mood when the last survey was answered and now; gives the former, with the level, back.

    The mood is what satisfaction has beside its level and the recorded events: m' = (1 - pull) m + noise.
    """
    size = state.size // BLOCK
    memory = 1 - s.return_to_level
    spread = s.mood / np.sqrt(1 - memory**2)
    kept = memory ** np.where(state.answered_on < NEVER, until_month - state.asked_in, 0)
    then = spread * _normal(random, size)
    mood = kept * then + spread * np.sqrt(1 - kept**2) * _normal(random, size)
    state.satisfaction = state.shown + state.level + mood
    return state.level + then


def _answer_likelihood(state: State, s: Service, unseen: Floats) -> Floats:
    """How likely the last answer is, by the satisfaction that was felt then."""
    felt = state.shown_then + unseen
    nps = _rounded_likelihood(state.nps, s.nps[0] + s.nps[1] * felt, s.nps[2], ends=(0, 10))
    csat = _rounded_likelihood(state.csat, s.csat[0] + s.csat[1] * felt, s.csat[2], ends=(1, 5))
    return nps * csat / (1 + np.exp(-(s.answer + s.answer_happy * felt)))


def _rounded_likelihood(score: Ints, mean: Floats, spread: float, *, ends: tuple[int, int]) -> Floats:
    """Probability that a normal number is rounded, and cut at the ends, to a score."""
    high = np.where(score == ends[1], np.inf, score + 0.5)
    low = np.where(score == ends[0], -np.inf, score - 0.5)
    return ndtr((high - mean) / spread) - ndtr((low - mean) / spread)


def _survived(state: State, frailty: Floats, *, felt: Floats) -> Floats:
    """How likely it is to have stayed so long, and to have left by choice as often, by frailty and level.

    exp(-e^f (B + e^l A)) e^(n (f + l)) with the hazards lived through before the warm-up B and since A.
    """
    lived = state.endured_before + np.exp(felt) * state.endured
    return np.exp(-np.exp(frailty[:, None]) * lived + state.choices * (frailty[:, None] + felt))


def _draw_payers(state: State, bills: Bills, *, until: int, random: np.random.Generator) -> None:
    """Draw the kind of payer, whether an unpaid bill is only late, and when those who stopped will pay."""
    size = state.size // BLOCK
    chances = payer_chances(state, bills, until=until)
    edges = np.cumsum(chances, axis=1) / chances.sum(axis=1, keepdims=True)
    state.payer = (stratified(random, size).reshape(-1, 1) > edges).sum(axis=1).clip(0, len(bills.payers) - 1)
    stop = np.array(bills.stops_paying)[state.payer]
    still_open = _still_open(state, bills, until)[np.arange(state.size), state.payer]
    stopped = (state.pays_last > until) & (stratified(random, size).ravel() * still_open < stop)
    state.unpaid[:] = stopped
    state.pays_on = np.where(stopped, pay_days(until + 1, bills, random.random((2, state.size))), NEVER)


def payer_chances(state: State, bills: Bills, *, until: int) -> Floats:
    """How likely each kind of payer is with the bills so far: a row per account; they need not sum to 1."""
    stop, late = np.array(bills.stops_paying), np.array(bills.late)
    waiting = state.pays_last > until
    stopped_now = waiting & (state.unpaid > 0)
    late_now = waiting & ~stopped_now & (state.pays_last > state.billed_on + bills.due_days)
    stops, lates = state.stops - stopped_now, state.late_bills - late_now
    in_time = state.bills - waiting - stops - lates
    paid = ((1 - stop) * late) ** lates[:, None] * ((1 - stop) * (1 - late)) ** in_time[:, None]
    last = np.where(waiting[:, None], _still_open(state, bills, until), 1.0)
    return np.array(bills.payers) * stop ** stops[:, None] * paid * last


def _still_open(state: State, bills: Bills, until: int) -> Floats:
    """Probability that the last bill is unpaid at the window's end, by kind of payer: a row per account."""
    low, high = bills.late_days
    stop, late = np.array(bills.stops_paying), np.array(bills.late)
    due = state.billed_on + bills.due_days
    in_time_later = _share_after(until, state.billed_on + 1, bills.due_days - 1)[:, None]
    late_later = _share_after(until, due + low, high - low)[:, None]
    return stop + (1 - stop) * (late * late_later + (1 - late) * in_time_later)


def _share_after(day: int, first: Ints, length: int) -> Floats:
    """Share of some days, from a first one on, that come after a day."""
    return 1 - ((day + 1 - first) / length).clip(0, 1)
