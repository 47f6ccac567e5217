"""Words on the page of one customer: what the lists of the run propose to do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis.policy.actions import HOLD_OUT
from analysis.present.numbers import day, interval, money
from analysis.present.text import MISSING, clean
from analysis.present.wording import reasons
from analysis.present.wording.phrase import capital

LEFT_ALONE = "None: held out by lot, so that the next quarter can tell what actions do. Do not approach."


def proposal(row: Mapping[str, Any], *, currency: str) -> dict[str, str]:
    """What is to be done, why, by whom and until when, at what cost and for what; empty where nothing is proposed."""
    if not row:
        return {}
    if row.get("arm") == HOLD_OUT:
        return {"Action": LEFT_ALONE}
    amount = partial(money, currency=currency)
    benefit = "Expected to bring" if "months_since" in row else "Expected to keep"  # who left is kept no more
    texts = {
        "Action": capital(clean(row.get("action"))), "Reason": reasons.name(clean(row.get("reason"))),
        "By": clean(row.get("owner")), "Channel": clean(row.get("channel")),
        "Until": day(row["due_date"]) if pd.notna(row.get("due_date")) else MISSING,
        "Cost": amount(row.get("cost")), benefit: _benefit(row, amount),
    }  # fmt: skip
    return {label: text for label, text in texts.items() if text != MISSING}


def _benefit(row: Mapping[str, Any], amount: Any) -> str:
    """The expected benefit, with the interval of the effect where it has one."""
    between = interval(row.get("benefit_low"), row.get("benefit_high"), amount)
    benefit = str(amount(row.get("expected_benefit")))
    return benefit if between == MISSING else f"{benefit} ({between})"
