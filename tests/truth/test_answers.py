from __future__ import annotations

from tests.truth.answers import QUICK, SETTINGS, Size, made, world


def test_intervals_of_the_nps_hold_the_truth_and_weighting_takes_the_bias_away(tmp_path):
    """C38: few runs of few settings; `make truth` runs each of all settings 1,000 times."""
    for table in made(QUICK, tmp_path):
        assert table.holds, table.text()


def test_what_is_planted_moves_the_plain_score_and_an_own_wish_to_answer_also_the_weighted_one(tmp_path):
    planted = world(SETTINGS[4])
    assert planted.nps_of_answering - planted.nps > 3
    levels = made(Size(SETTINGS[-1:], 30, 1), tmp_path)[0].rows.set_index("score")
    assert levels.at["weighted", "bias"] > 3
    assert levels["holds"].isna().all()
