"""The key `scorecard`: checked, with lines that can be left out."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from analysis.basis.metric import METRICS
from analysis.run.params import Economics
from analysis.run.scorecard_params import MOST, owners


def test_the_shipped_scorecard_is_of_known_metrics_and_fits_on_a_page():
    shipped = Economics().scorecard
    assert 0 < len(owners(shipped)) <= MOST
    assert set(shipped) <= set(METRICS)


def test_a_line_set_to_null_is_left_out_and_the_order_stays():
    lines = {"arpu": "Ada", "nps": None, "churn_rate": "Rita"}
    assert list(owners(Economics(scorecard=lines).scorecard).items()) == [("arpu", "Ada"), ("churn_rate", "Rita")]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ({"churn_rat": "Rita"}, "expected the name of a metric, found 'churn_rat'. Did you mean `churn_rate`?"),
        ({"zzzz": "Rita"}, "expected the name of a metric, found 'zzzz'. Metrics are named as in summary.json."),
        ({"arpu": ""}, "expected who answers for `arpu`, found ''. Write a name or a role, or null"),
        (dict.fromkeys(list(METRICS)[:13], "Ada"), "expected at most 12 lines, found '13'. Set those to null"),
    ],
)
def test_what_cannot_be_a_line_is_refused_in_words(lines, words):
    with pytest.raises(ValidationError, match=words.replace("?", r"\?").replace(".", r"\.")):
        Economics(scorecard=lines)
