"""Whether renewals open a new row or write a new date over the old one, by hand."""

from __future__ import annotations

import pytest

from analysis.frames.renewals import contract_ends_are_told, renewals_overwrite


@pytest.fixture
def contracts(contract):
    """Subscriptions from (start, months, end of contract)."""

    def made(*terms: tuple[str, int | None, str | None]):
        lines = [
            {
                "subscription_id": str(number), "customer_id": "a", "product": "broadband", "monthly_fee": 9,
                "start_date": start, "contract_months": months, "contract_end_date": end,
            }
            for number, (start, months, end) in enumerate(terms)
        ]  # fmt: skip
        return contract("subscriptions", *lines)

    return made


def test_a_contract_that_outlasts_its_months_by_more_than_45_days_was_overwritten(contracts):
    told = ("2024-01-01", 12, "2025-01-01")
    assert renewals_overwrite(contracts(told, ("2024-01-01", 12, "2025-02-14"))) == 0
    assert renewals_overwrite(contracts(told, ("2024-01-01", 12, "2025-02-15"))) == 0.5
    assert renewals_overwrite(contracts(told, ("2024-01-01", 12, "2026-01-01"))) == 0.5


def test_a_row_that_was_opened_late_in_its_contract_is_no_sign_of_overwriting(contracts):
    assert renewals_overwrite(contracts(("2024-10-01", 12, "2025-01-01"))) == 0


def test_rows_without_a_contract_count_neither_way(contracts):
    told, monthly = ("2024-01-01", 12, "2026-01-01"), ("2024-01-01", 1, None)
    assert renewals_overwrite(contracts(told, monthly, ("2024-01-01", None, "2026-01-01"))) == 1


def test_it_cannot_be_told_without_months_or_without_ends_or_without_rows(contracts):
    for table in (contracts(("2024-01-01", None, "2025-01-01")), contracts(("2024-01-01", 12, None)), contracts()):
        assert renewals_overwrite(table) is None
        assert not contract_ends_are_told(table)


def test_one_row_in_a_hundred_is_forgiven_and_two_are_not(contracts):
    told, over = ("2024-01-01", 12, "2025-01-01"), ("2024-01-01", 12, "2026-01-01")
    assert contract_ends_are_told(contracts(*[told] * 99, over))
    assert not contract_ends_are_told(contracts(*[told] * 98, over, over))
