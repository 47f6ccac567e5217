"""Why customers leave: the log-hazard of a month as a sum of named contributions, each from the state alone.

Everything that makes anyone leave is in this file. A contribution is computed from the state at the start of
the month and from what the calendar already fixes (a contract or promotion that ends in it).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.extracts.demo.days import NEVER, first_day
from analysis.extracts.demo.parameters import Hazard
from analysis.extracts.demo.products import technology_of
from analysis.extracts.demo.state import Bools, Floats, Ints, State
from analysis.extracts.demo.world import Month

LASTS = 2  # a promotion's end and a price rise are felt for so many months after their own
VOLUNTARY, NON_PAYMENT, MOVED, DECEASED, OTHER = range(5)


def ends_in(day: Ints, now: Month) -> Bools:
    """Where a date lies within the month."""
    return (day >= now.first) & (day < now.end)


def price(state: State, now: Month) -> Floats:
    """A running discount holds, a promotion's end and a price rise drive away."""
    h = now.parameters.hazard
    share = state.of_main("discount") / np.maximum(state.of_main("fee"), 1)
    lost = np.where(state.lost_age <= LASTS, state.lost, 0.0)
    lost = np.where(ends_in(state.of_main("discount_end"), now), share, lost)
    risen = np.where(state.rise_age <= LASTS, state.rise, 0.0)
    return h.discount * share + h.promotion_end * lost + h.price_rise * risen


def service(state: State, now: Month) -> Floats:
    """Dissatisfaction, recent tickets and complaints, trouble in the area's network."""
    h = now.parameters.hazard
    contacts = h.ticket * state.tickets + h.complaint * state.complaints
    return h.satisfaction * state.satisfaction + contacts + h.outage * now.area.felt[state.area]


def competitor(state: State, now: Month) -> Floats:
    """A competitor named to the service desk not long ago."""
    return now.parameters.hazard.mention * np.minimum(state.mentions, 1.0)


def use(state: State, now: Month) -> Floats:
    """Usage that has fallen."""
    return now.parameters.hazard.falling * state.felt_fall


def contract(state: State, now: Month) -> Floats:
    """Bound until the contract's end; in its month the door is open."""
    h = now.parameters.hazard
    end = state.of_main("term_end")
    soon = end < first_day(now.number + 3)
    bound = np.where(soon, h.bound + h.last_months, h.bound)
    return np.where(ends_in(end, now), h.contract_end, np.where(end == NEVER, 0.0, bound))


def payment(state: State, now: Month) -> Floats:
    """Bills unpaid."""
    return now.parameters.hazard.overdue * np.minimum(state.unpaid, 3)


def lasting(state: State, hazard: Hazard, rural: Bools, *, year: int) -> Floats:
    """The part of the profile that an account brings with it."""
    age = np.where(state.birth_year > 0, year - state.birth_year, 45)
    aged = hazard.young * (age < 30) + hazard.old * (age >= 65)
    kind = np.array(hazard.types)[state.type] + np.array(hazard.channels)[state.channel]
    return kind + aged + hazard.rural * rural


def profile(state: State, now: Month) -> Floats:
    """Who it is, by what line, with how many products, for how long."""
    h = now.parameters.hazard
    rural = now.world.areas.rural[state.area]
    technology = np.array([*h.technology, 0.0])[technology_of(state, now.parameters)]
    extra = h.extra_product * np.maximum(state.held.sum(axis=1) - 1, 0)
    years = state.tenure(now.first) / 12
    return lasting(state, h, rural, year=now.number // 12) + technology + extra + h.tenure * np.log1p(years)


def season(state: State, now: Month) -> Floats:
    """The time of year."""
    return np.full(state.size, now.parameters.hazard.season * now.season)


def contact(state: State, _now: Month) -> Floats:
    """A campaign's contact: in full for three months, by half for three more."""
    return state.contact_effect * np.select([state.contact_age < 3, state.contact_age < 6], [1.0, 0.5], 0.0)


def frailty(state: State, _now: Month) -> Floats:
    """What lasts and no column shows."""
    return state.frailty


def offers(state: State, now: Month) -> Floats:
    """An offer of a competitor in the area, recorded nowhere."""
    return now.parameters.hazard.offer * state.sensitivity * now.area.offer[state.area]


def shock(state: State, now: Month) -> Floats:
    """The quarter's shock."""
    return np.full(state.size, now.shock)


def unseen(state: State, hazard: Hazard) -> Floats:
    """The part of the service's contribution that comes from level and mood, which no column shows."""
    return hazard.satisfaction * (state.satisfaction - state.shown)


Part = Callable[[State, Month], Floats]

# In the order of the first entries of `names.REASONS`.
REASON_FAMILIES: dict[str, Part] = {
    "price": price, "service": service, "competitor": competitor, "use": use, "contract": contract,
    "payment": payment,
}  # fmt: skip
OTHER_FAMILIES: dict[str, Part] = {"profile": profile, "season": season, "contact": contact}
HIDDEN: dict[str, Part] = {"frailty": frailty, "offers": offers, "shock": shock}


def contributions(state: State, now: Month) -> dict[str, Floats]:
    """Log-hazard contributions by family, the hidden ones last; with `Hazard.base` they sum to the log-hazard."""
    families = REASON_FAMILIES | OTHER_FAMILIES | HIDDEN
    return {name: part(state, now) for name, part in families.items()}


def voluntary(state: State, now: Month) -> Floats:
    """Monthly hazard of leaving by one's own choice."""
    return np.exp(now.parameters.hazard.base + sum(contributions(state, now).values()))


def endured(state: State, now: Month, rate: Floats) -> Floats:
    """The hazard of leaving by choice with everything hidden at zero, from the whole one."""
    hidden = sum(part(state, now) for part in HIDDEN.values())
    return rate * np.exp(-(hidden + unseen(state, now.parameters.hazard)))


def non_payment(state: State, now: Month) -> Floats:
    """Monthly hazard of being cut off for unpaid bills."""
    steps = np.array(now.parameters.hazard.unpaid)
    return steps[np.minimum(state.unpaid, len(steps) - 1)]


def house_move(state: State, now: Month) -> Floats:
    """Monthly hazard of moving house, whether the account moves along or ends."""
    h = now.parameters.hazard
    age = np.where(state.birth_year > 0, now.number // 12 - state.birth_year, 45)
    return h.house_move * np.select([age < 35, age >= 60], [h.move_young, h.move_old], 1.0)


def death(state: State, now: Month) -> Floats:
    """Monthly hazard of dying; zero where no year of birth is known."""
    level, growth = now.parameters.hazard.death
    age = now.number // 12 - state.birth_year
    return np.where(state.birth_year > 0, level * np.exp(growth * (age - 30)), 0.0)


def hazards(state: State, now: Month) -> Floats:
    """Monthly hazards, a row per way to leave in the order of `names.KINDS`; zero for who is not there."""
    rest = np.full(state.size, now.parameters.hazard.other)
    rates = np.stack([voluntary(state, now), non_payment(state, now), house_move(state, now), death(state, now), rest])
    return rates * (state.active & (state.line == 0))
