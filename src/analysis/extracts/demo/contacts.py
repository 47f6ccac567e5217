"""A campaign's contacts: what each does to a customer, and the rows of `contacts` and `work_orders`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.extracts.demo.days import DAY, NEVER, NEVER_SECOND, first_day
from analysis.extracts.demo.parameters import Parameters
from analysis.extracts.demo.products import choose, open_products
from analysis.extracts.demo.shapes import Campaign
from analysis.extracts.demo.state import Bools, Floats, Ints, State
from analysis.extracts.demo.world import Month

CLOUD = 4
CREDITED_MONTHS = 3
RETURN_WAIT = 20  # days from a win-back letter to the new start, at least
UNKNOWN = -1


@dataclass(frozen=True)
class Contacts:
    """Contacts of a round in a month, an entry each: the account's row, the arm, when, and the answer."""

    rows: Ints
    arm: Ints
    at: Ints
    responds: Bools
    answered_at: Ints


def arm_names(parameters: Parameters) -> list[str]:
    """The names of all arms, each once, in the order of the campaigns."""
    return list(dict.fromkeys(arm.name for campaign in parameters.campaigns for arm in campaign.arms))


def effects(state: State, made: Contacts, now: Month, campaign: Campaign) -> Floats:
    """What each contact adds to the log-hazard: the true effect, by arm and by the customer's situation."""
    rows, arms = made.rows, campaign.arms
    promised, term_end = state.of_main("discount_end")[rows], state.of_main("term_end")[rows]
    pressed = (promised < first_day(now.number + 3)) | (state.lost_age[rows] <= 3) | (term_end == NEVER)
    complained = state.complaints[rows] > 0.3
    asleep = (term_end != NEVER) & (term_end >= first_day(now.number + 6))
    table = np.array([(a.effect, a.at_price, a.at_complaint, a.asleep) for a in arms])[made.arm]
    return (table * np.stack([np.ones(len(rows)), pressed, complained, asleep], axis=1)).sum(axis=1)


def follow(state: State, made: Contacts, now: Month, campaign: Campaign) -> None:
    """What a contact does to the customers: the hazard moves, a product is taken, a leaver comes back."""
    state.contacted[made.rows] = now.number
    yes, day = made.rows[made.responds], made.answered_at[made.responds] // DAY
    if campaign.objective == "retention":
        state.contact_effect[made.rows] = effects(state, made, now, campaign)
        state.contact_age[made.rows] = 0
        state.credit[made.rows] = _credit(state, made, campaign)
        state.credits_left[made.rows] = CREDITED_MONTHS
    elif campaign.objective == "upsell":
        plan = choose(state, yes, CLOUD, luck=np.zeros(len(yes)), parameters=now.parameters)
        open_products(state, yes, plan, day=day, parameters=now.parameters)
    else:
        state.returns_on[yes] = np.minimum(state.returns_on[yes], day + RETURN_WAIT)


def _credit(state: State, made: Contacts, campaign: Campaign) -> Ints:
    """Monthly credit promised to who responds, in cents, rounded down to half a euro."""
    share = np.array([arm.discount for arm in campaign.arms])[made.arm]
    return (share * state.of_main("fee")[made.rows] / 50).astype(np.int64) * 50 * made.responds


def write_contacts(state: State, made: Contacts, now: Month, *, place: int, campaign: Campaign) -> None:
    """The rows of a round's contacts in a month, and the work orders of those made by the service desk."""
    arms = campaign.arms
    codes = np.array([arm_names(now.parameters).index(arm.name) for arm in arms])
    asked = np.array([arm.name != "control" for arm in arms])[made.arm]
    done = made.answered_at + (RETURN_WAIT * DAY if campaign.objective == "win_back" else 0)
    credit = _credit(state, made, campaign) if campaign.objective == "retention" else 0
    now.book.add(
        "contacts", campaign=place, customer=state.account[made.rows], arm=codes[made.arm], contacted_at=made.at,
        contact_cost=np.array([arm.cost for arm in arms])[made.arm], offer_cost=CREDITED_MONTHS * credit,
        responded=np.where(asked, made.responds, UNKNOWN), converted_at=np.where(made.responds, done, NEVER_SECOND),
        outcome_amount=np.where(made.responds, state.of_main("fee")[made.rows], NEVER),
    )  # fmt: skip
    if campaign.key == "CARE":
        _order_calls(state, made, now)


def _order_calls(state: State, made: Contacts, now: Month) -> None:
    """A retention call was a work order, handed out the evening before; a few were never closed."""
    forgotten = made.at % 23 == 0
    reached = made.at % 7 > 0
    outcome = np.where(made.responds, 0, np.where(reached, 2, 1))
    now.book.add(
        "work_orders", customer=state.account[made.rows], action=0,
        status=np.where(forgotten, 0, np.where(outcome == 2, 2, 1)), opened_at=made.at - 15 * 3600,
        closed_at=np.where(forgotten, NEVER_SECOND, made.at + 900), outcome=np.where(forgotten, UNKNOWN, outcome),
    )  # fmt: skip
