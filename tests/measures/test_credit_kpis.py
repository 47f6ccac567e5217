"""Key figures of bills that are not paid: none that tells of few customers."""

from __future__ import annotations

from analysis.measures.ageing import Owed
from analysis.measures.credit_kpis import few, left_told, loss_kpis, owed_kpis, risk_fee_kpi

OWED = Owed(100.0, 80.0, 0.0, 40, 30, 0)


def told(kpis: list) -> dict[str, float]:
    return {kpi.metric: kpi.value for kpi in kpis}


def test_few_are_some_but_not_enough() -> None:
    assert [few(count, 11) for count in (0, 1, 10, 11)] == [False, True, True, False]


def test_a_share_that_would_tell_how_few_owe_is_no_key_figure() -> None:
    assert told(owed_kpis(OWED, overdue=(30, 400), smallest=11))["overdue_customers"] == 30 / 400
    for overdue in ((10, 400), (395, 400), (0, 0)):
        assert "overdue_customers" not in told(owed_kpis(OWED, overdue=overdue, smallest=11))
    assert told(owed_kpis(OWED, overdue=(0, 400), smallest=11))["overdue_customers"] == 0
    (got,) = owed_kpis(OWED._replace(told=False), overdue=(30, 400), smallest=11, before=(20, 500), year=(5, 500))
    assert (got.value, got.previous, got.year_before) == (30 / 400, 20 / 500, None)  # five are too few to be told


def test_sums_that_would_tell_of_few_are_no_key_figures() -> None:
    assert set(told(owed_kpis(OWED, overdue=(0, 0), smallest=11))) == {"owed_total", "owed_overdue"}
    hidden = OWED._replace(overdue_told=False)
    assert set(told(owed_kpis(hidden, overdue=(0, 0), smallest=11))) == {"owed_total"}
    assert owed_kpis(OWED._replace(told=False), overdue=(0, 0), smallest=11) == []
    assert left_told(OWED, smallest=11) and not left_told(OWED._replace(left_told=False), smallest=11)


def test_a_loss_is_told_of_who_is_here_and_as_a_share_of_bills() -> None:
    got = loss_kpis((20.0, 18.0, 22.0), (5.0, 4.0, 6.0), billed=1000.0, owing=40)
    assert told(got) == {"expected_loss": 20.0, "expected_loss_here": 5.0, "expected_loss_share": 0.005}
    assert told(loss_kpis((20.0, 18.0, 22.0), None, billed=1000.0, owing=40)) == {"expected_loss": 20.0}
    nothing = (float("nan"),) * 3
    assert loss_kpis(nothing, nothing, billed=1000.0, owing=40) == []


def test_unknown_fees_are_no_key_figure() -> None:
    assert risk_fee_kpi(12, float("nan")) == [] and risk_fee_kpi(0, 0.0) == []
    assert told(risk_fee_kpi(12, 300.0)) == {"fees_at_risk": 300.0}
