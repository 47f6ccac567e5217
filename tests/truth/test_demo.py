from __future__ import annotations

from tests.truth.demo import QUICK, made


def test_leaving_and_value_of_a_small_provider_lie_near_their_truth(tmp_path, capsys):
    """C18, C23: the whole report on a provider of 8,000 accounts; `make truth` does the same on ten of 60,000."""
    for table in made(QUICK, tmp_path):
        assert table.holds, table.text()
    assert "seed 1: ratio_3m" in capsys.readouterr().err
