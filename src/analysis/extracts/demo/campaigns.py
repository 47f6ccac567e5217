"""Campaigns: which rounds there are, who qualifies, who is contacted in which arm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.extracts.demo.contacts import CLOUD, Contacts, follow, write_contacts
from analysis.extracts.demo.days import DAY, NEVER, first_day
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.parameters import BROADBAND
from analysis.extracts.demo.shapes import Campaign
from analysis.extracts.demo.state import Bools, Floats, Ints, State
from analysis.extracts.demo.world import Month, World

CONTACT_DAYS = 5  # contacts are made in the first days of a month, before anyone contacted leaves
QUIET_MONTHS = 6  # nobody is asked to stay more often
WIN_BACK_DAYS = (60, 300)  # after leaving


@dataclass(frozen=True)
class Round:
    """One time that a campaign is run: its place among all rounds, and its first month."""

    place: int
    campaign: Campaign
    month: int

    @property
    def id(self) -> str:
        return f"{self.campaign.key}-{self.month // 12}-{self.month % 12 + 1:02d}"


def rounds(world: World) -> list[Round]:
    """Every round that begins within the window, by date."""
    found = [
        (month, campaign)
        for campaign in world.parameters.campaigns
        for month in range(world.first + campaign.first, world.last + 1, campaign.every)
    ]
    ordered = sorted(found, key=lambda item: (item[0], item[1].key))
    return [Round(place, campaign, month) for place, (month, campaign) in enumerate(ordered)]


def contact_customers(state: State, now: Month) -> None:
    """Contact those who qualify for the rounds under way, and set what it does to them."""
    for one in rounds(now.world):
        if one.month <= now.number < one.month + one.campaign.lasts:
            random = now.world.draws.stream(Subject.CAMPAIGNS, now.chunk, now.number, one.campaign.first)
            luck = random.random((5, state.size))
            rows = np.flatnonzero(QUALIFIES[one.campaign.key](state, now) & (luck[0] < one.campaign.reach))
            made = _contacts(rows, now, campaign=one.campaign, luck=luck[1:, rows])
            follow(state, made, now, one.campaign)
            write_contacts(state, made, now, place=one.place, campaign=one.campaign)


def _contacts(rows: Ints, now: Month, *, campaign: Campaign, luck: Floats) -> Contacts:
    """Arms by chance, a time in the first days of the month, an answer within a day."""
    which, time, answer, wait = luck
    arm = np.searchsorted(np.cumsum([a.share for a in campaign.arms])[:-1], which, side="right")
    at = (now.first + (time * (CONTACT_DAYS - 1)).astype(np.int64)) * DAY
    at = at + 9 * 3600 + (wait * 8 * 3600).astype(np.int64)
    responds = answer < np.array([a.response for a in campaign.arms])[arm]
    return Contacts(rows, arm, at, responds, at + 600 + (wait * 14 * 3600).astype(np.int64))


def _can_be_kept(state: State, now: Month) -> Bools:
    """Who may be asked to stay: a customer for half a year, not asked lately, not leaving by contract this week."""
    leaving = (state.of_main("term_end") >= now.first) & (state.of_main("term_end") < now.first + CONTACT_DAYS)
    settled = state.active & (state.line == 0) & (state.tenure(now.first) >= 6)
    return settled & (state.contact_age >= QUIET_MONTHS) & ~leaving


def _households_to_keep(state: State, now: Month) -> Bools:
    return _can_be_kept(state, now) & (state.type == 0)


def risk_points(state: State, now: Month) -> Ints:
    """The provider's own rule of thumb for who may leave: a point for each thing its staff look at."""
    soon = first_day(now.number + 2)
    ends = (state.of_main("discount_end") < soon) | (state.of_main("term_end") < soon)
    signs = [ends, state.complaints > 0.3, state.mentions > 0.3, state.unpaid > 0, state.felt_fall > 0.15,
             state.lost_age <= 2, state.rise_age <= 1, state.of_main("term_end") == NEVER]  # fmt: skip
    return np.sum(signs, axis=0)


def _at_risk(state: State, now: Month) -> Bools:
    return _can_be_kept(state, now) & (risk_points(state, now) >= 2)


def _without_cloud(state: State, now: Month) -> Bools:
    there = state.active & (state.line == 0) & state.held[:, BROADBAND] & ~state.held[:, CLOUD]
    ends = state.of_main("term_end")
    return there & ~((ends >= now.first) & (ends < now.first + CONTACT_DAYS))


def _left_by_choice(state: State, now: Month) -> Bools:
    since = now.first - state.left
    return ~state.active & (state.kind == 0) & (since > WIN_BACK_DAYS[0]) & (since < WIN_BACK_DAYS[1])


QUALIFIES: dict[str, Callable[[State, Month], Bools]] = {
    "STAY": _households_to_keep, "CARE": _at_risk, "MORE": _without_cloud, "BACK": _left_by_choice,
}  # fmt: skip
