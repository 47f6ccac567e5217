from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.models.families import FAMILIES
from analysis.models.reasons.groups import NONE, Stability
from analysis.models.reasons.ranked import ACTIONABLE, COLUMNS, Reasons
from analysis.present.wording import reasons as wording

GROUPS = pd.DataFrame(
    {
        "reason": ["contract", "use", "price"], "customers": [300, 100, np.nan], "share": [0.6, 0.2, np.nan],
        "low": [0.55, 0.19, np.nan], "high": [0.65, 0.21, np.nan], "times": [2.1, 6.6, np.nan],
        "times_low": [2.0, 6.0, np.nan], "times_high": [2.2, 7.3, np.nan], "again": [0.95, 0.99, np.nan],
        "masked": [False, False, True],
    }
)  # fmt: skip
CARRIERS = pd.DataFrame(
    {
        "reason": ["contract", "contract", "use"], "carrier": ["contract_months_left", "contract_months", None],
        "state": ["no contract running", None, None], "customers": [250, 50, 100], "share": [5 / 6, 1 / 6, 1.0],
    }
)  # fmt: skip


def why(*, trees: bool = False, by_choice: bool = True, highest: int = 500) -> Reasons:
    rows = pd.DataFrame({"highest": [1] * highest}, index=range(highest)).reindex(columns=COLUMNS)
    none = np.zeros((2, len(ACTIONABLE)))
    return Reasons(rows, none.astype(np.int64), none, by_choice, trees)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_every_family_to_act_on_has_a_name_and_says_what_it_speaks_of():
    assert {*ACTIONABLE, NONE} == wording.NAMES.keys() == wording.MEANINGS.keys()
    assert set(ACTIONABLE) < set(FAMILIES)


def test_the_finding_names_the_most_frequent_reason_with_its_interval():
    got = wording.group_words(GROUPS, why())
    said = "The contract is the first reason of 60 % (55 to 65 %) of the customers most at risk"
    assert plain(got["finding"]) == said
    assert "500 customers at the highest risk (the 10 % likeliest to leave)" in plain(got["subtitle"])
    assert "leaving by choice most" in got["subtitle"]
    assert plain(got["alt"]).endswith("Contract 60.0 %, Use 20.0 %.")
    assert "by choice" not in wording.group_words(GROUPS, why(by_choice=False))["subtitle"]


def test_where_all_are_masked_or_few_are_at_risk_no_number_is_told():
    hidden = GROUPS.assign(masked=True, customers=np.nan)
    got = wording.group_words(hidden, why(highest=4))
    assert got["finding"] == "Too few customers are at high risk to tell their reasons"
    assert "fewer than 11 customers" in got["subtitle"]


def test_where_nothing_can_be_acted_on_that_is_said():
    got = wording.group_words(GROUPS.assign(reason=[NONE, "use", "price"]), why())
    assert got["finding"].startswith("Nothing that can be acted on is the first reason of")


def test_without_a_model_that_knows_reasons_that_is_said_throughout():
    empty = GROUPS.iloc[:0]
    assert wording.group_words(empty, None)["finding"] == wording.NOBODY
    assert wording.table_words(empty, None)["finding"] == wording.NOBODY
    assert wording.stability_sentence(Stability(0, *[np.nan] * 4), None) == "How sure the reasons are cannot be told."


def test_the_table_tells_where_a_reason_raises_the_risk_most():
    got = wording.table_words(GROUPS, why())["finding"]
    assert got == "Use raises the risk most where it comes first: to 6.6 times the usual"
    assert wording.shown_rows(GROUPS)["name"].tolist() == ["Contract", "Use", "Price"]


def test_carriers_are_called_by_the_name_of_their_value_or_by_their_own():
    got = wording.carrier_rows(CARRIERS)["what"].tolist()
    assert got == ["No contract running", "Contract term", wording.OTHERS]
    finding = wording.carrier_words(CARRIERS)["finding"]
    assert finding == "What raises the risk first is most often “no contract running”: 250 customers"
    assert wording.carrier_words(CARRIERS.tail(1))["finding"].startswith("Too few customers share a feature")


def test_stability_is_told_in_all_and_where_the_lead_is_close():
    sure = Stability(500, 0.954, 0.163, 0.757, 0.993)
    got = plain(wording.stability_sentence(sure, why()))
    assert "is the same in 95.4 % of cases. For 16.3 % of them" in got
    assert "there it is the same in 75.7 % of cases, elsewhere in 99.3 %" in got
    assert "at most" not in got
    few = plain(wording.stability_sentence(Stability(500, 0.954, np.nan, np.nan, np.nan), why(trees=True)))
    assert "in at most 95.4 % of cases. What the trees' own error" in few
