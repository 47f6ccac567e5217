from __future__ import annotations

import pytest

from analysis.basis import errors


def test_a_message_says_where_what_was_expected_what_was_found_and_what_to_do() -> None:
    error = errors.InputRefused("invoices.csv, line 12", expected="an amount ≥ 0", found="-35.90", do="Give it a kind.")
    assert str(error) == "invoices.csv, line 12: expected an amount ≥ 0, found -35.90. Give it a kind."
    assert (error.where, error.expected, error.found, error.do) == (
        "invoices.csv, line 12",
        "an amount ≥ 0",
        "-35.90",
        "Give it a kind.",
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("LinecardError", 1),
        ("ParamsError", 2),
        ("InputRefused", 3),
        ("AnalysisFailed", 4),
        ("QualityGate", 5),
        ("StorageFailed", 6),
        ("Locked", 7),
        ("TimeLimit", 8),
    ],
)
def test_every_class_ends_the_command_with_its_own_code(name: str, code: int) -> None:
    error = getattr(errors, name)
    assert error.exit_code == code
    assert issubclass(error, errors.LinecardError)
