"""Hours until tickets are closed, by hand: open ones count for as long as they have been open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.models.time_to_close import closing


@pytest.fixture
def made():
    """`made((hours, state), …)`: tickets with the hours until closed, or open so far."""
    with Engine() as engine:

        def table(*rows, closings=1):
            data = pd.DataFrame(
                [(h if s != "open" else np.nan, h if s == "open" else np.nan, s) for h, s in rows],
                columns=["hours", "hours_open", "state"],
            )
            return engine.table(data.assign(period="now", closings=closings))

        yield table


def one(table, smallest=1):
    return closing(table, by="period", smallest=smallest).iloc[0]


def test_the_median_counts_open_tickets_as_open_so_long(made):
    closed = [(float(h), "closed") for h in (1, 2, 3, 4)]
    assert one(made(*closed))["median"] == pytest.approx(2.5)
    # Three more are open beyond: of seven, four closed by hour four.
    assert one(made(*closed, *[(100.0, "open")] * 3))["median"] == 4


def test_a_share_by_a_day_is_that_of_the_product_limit(made):
    got = one(made((5.0, "closed"), (10.0, "open"), (20.0, "closed"), (30.0, "closed")))
    assert got["day"] == pytest.approx(1 - 3 / 4 * 1 / 2)
    assert got["still_open"] == 1


def test_a_share_beyond_what_was_followed_is_missing(made):
    assert np.isnan(one(made((5.0, "closed"), (10.0, "open")))["day"])
    assert one(made((5.0, "closed"), (10.0, "closed")))["day"] == 1


def test_a_ticket_closed_when_opened_is_closed_and_one_closed_before_is_left_out(made):
    got = one(made((0.0, "closed"), (0.0, "closed"), (-5.0, "closed")))
    assert (got["contacts"], got["median"]) == (2, pytest.approx(1 / 60))


def test_nothing_is_told_without_any_day_of_closing(made):
    assert closing(made((5.0, "open"), closings=0), by="period", smallest=1).empty


def test_a_median_that_few_stood_at_is_not_told(made):
    assert np.isnan(one(made(*[(float(h), "closed") for h in range(1, 9)]), smallest=11)["median"])
