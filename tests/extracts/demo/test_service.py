"""The service desk, the network and surveys: what moves with what."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.demo.areas import AreaMonth
from analysis.extracts.demo.service import serve
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.surveys import ask


@pytest.fixture
def month_long(january):
    def made(size: int) -> Span:
        return Span(np.full(size, january.first), np.full(size, january.end))

    return made


def test_some_areas_have_a_fault_of_several_months_with_slow_lines_and_outages(tables):
    network = tables["network"]
    slow = network["download_mbps"] < 0.7 * network["advertised_mbps"]
    by_area = slow.groupby(network["area_id"]).sum()
    assert 3 <= (by_area > 0).sum() <= 25
    assert by_area.max() >= 3
    assert network.loc[slow, "outage_minutes"].mean() > 10 * network.loc[~slow, "outage_minutes"].mean()


def test_an_area_with_a_fault_has_more_tickets_and_complaints(tables):
    network = tables["network"]
    slow = network[network["download_mbps"] < 0.7 * network["advertised_mbps"]][["area_id", "month"]]
    customers = tables["customers"].set_index("customer_id")
    tickets = tables["tickets"].dropna(subset=["customer_id"]).drop_duplicates("ticket_id")
    tickets = tickets.assign(
        area_id=customers.loc[tickets["customer_id"], "area_id"].to_numpy(),
        month=tickets["opened_at"].dt.to_period("M").dt.to_timestamp(),
    )
    found = tickets.groupby(["area_id", "month"])["is_complaint"].agg(["size", "sum"])
    found = found.join(tables["usage"].merge(tables["customers"]).groupby(["area_id", "month"]).size().rename("base"))
    faulty = found.index.isin(pd.MultiIndex.from_frame(slow))
    rate = found[["size", "sum"]].astype(float).div(found["base"], axis=0)
    assert rate.loc[faulty, "size"].mean() > 2 * rate.loc[~faulty, "size"].mean()
    assert rate.loc[faulty, "sum"].mean() > 2 * rate.loc[~faulty, "sum"].mean()


def test_outages_and_dissatisfaction_bring_tickets(households, january, month_long):
    state = households(20_000, signup=january.first - 900)
    state.area[10_000:] = 1
    minutes = np.zeros(len(january.area.outage))
    minutes[1] = 600
    stormy = {"outage": minutes, "trouble": np.log1p(minutes / 60)}
    january.world.months[january.number] = AreaMonth(**{**vars(january.area), **stormy})
    serve(state, month_long(20_000), january)
    tickets = january.book.rows("tickets")
    got = np.bincount(tickets["customer"][tickets["customer"] >= 0] // 10_000)
    assert got[1] / got[0] == pytest.approx(np.exp(0.55 * np.log1p(10)), rel=0.15)
    assert state.satisfaction[10_000:].mean() < state.satisfaction[:10_000].mean() - 0.2
    assert state.tickets.sum() == len(tickets["customer"])


def test_the_satisfied_answer_surveys_more_often_and_give_higher_scores(households, january, month_long):
    state = households(60_000, signup=january.first - 900)
    state.satisfaction[:30_000] = -1.0
    state.satisfaction[30_000:] = 1.0
    ask(state, month_long(60_000), january)
    rows = january.book.rows("surveys")
    happy = rows["customer"] >= 30_000
    answered = rows["nps_score"] >= 0
    assert answered[happy].mean() > 1.5 * answered[~happy].mean()
    assert rows["nps_score"][answered & happy].mean() > rows["nps_score"][answered & ~happy].mean() + 2
    assert rows["csat_score"][answered].min() >= 1


def test_under_half_of_the_surveys_are_answered(tables):
    assert 0.2 < tables["surveys"]["answered_at"].notna().mean() < 0.45


def test_tickets_name_competitors_and_some_callers_are_unknown(tables):
    tickets = tables["tickets"]
    assert 0.02 < tickets["mentions_competitor"].mean() < 0.2
    assert 0.002 < tickets["customer_id"].isna().mean() < 0.03
    assert tickets["text"].nunique() == 21


def test_leads_that_became_customers_name_a_joiner_of_that_day(tables):
    won = tables["leads"].dropna(subset=["converted_customer_id"])
    customers = tables["customers"].set_index("customer_id").loc[won["converted_customer_id"]]
    assert (customers["signup_date"].to_numpy() == won["converted_at"].dt.normalize().to_numpy()).all()
    assert customers["replaces_customer_id"].isna().all()
    assert 0.1 < len(won) / len(tables["leads"]) < 0.35


def test_consents_differ_by_channel_and_hold_requests_to_be_left_alone_and_erased(tables):
    consents = tables["consents"]
    granted = consents.groupby("channel")["granted"].mean()
    assert granted["post"] > granted["sms"]
    assert consents.duplicated(["customer_id", "channel"]).any()
    assert granted["do_not_contact"] == granted["erasure"] == 1
    assert (consents["channel"] == "erasure").sum() >= 3
    erased = consents[consents["channel"] == "erasure"].merge(tables["customers"], on="customer_id")
    assert (erased["changed_at"] > erased["churn_date"]).all()
