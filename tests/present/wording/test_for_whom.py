"""For whom a policy is, as a manager reads it."""

from __future__ import annotations

import pytest

from analysis.policy.table import Policy
from analysis.present.wording.for_whom import whom
from analysis.run.class_params import class_rules
from analysis.run.params import shipped_classes

RULES = class_rules(shipped_classes(), currency="EUR")


@pytest.mark.parametrize(
    ("who", "reason", "told"),
    [
        ({"lifecycle": ("growing", "mature")}, "price", "Growing and mature customers; first reason: price"),
        ({"lifecycle": ("declining",)}, "service", "Declining customers; first reason: service and network"),
        ({"lifecycle": ("churned",)}, None, "Former customers"),
        ({"lifecycle": ("potential",)}, None, "Leads"),
        ({"lifecycle": ("declining", "churned")}, None, "Declining customers and former customers"),
        ({"rfm": ("frequent", "occasional")}, None, "All customers; RFM group: frequent or occasional"),
        ({}, "competitor", "All customers; first reason: competitor"),
    ],
)
def test_classes_and_reasons_are_told_in_the_words_of_the_other_chapters(who, reason, told) -> None:
    policy = Policy("p", "call", "an offer", "retention", "phone", 0.2, 7, who, reason)
    assert whom(policy, RULES) == told
