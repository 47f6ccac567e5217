from __future__ import annotations

from tests.truth.worth import QUICK, made


def test_value_and_the_year_ahead_of_a_small_provider_lie_near_their_truth(tmp_path, capfd):
    """C8, C23, C48: one provider of 2,000 accounts; `make truth` does the same on a hundred of 4,000."""
    tables = {table.name: table for table in made(QUICK, None, tmp_path)}
    for table in tables.values():
        assert table.holds, table.text()
    assert "seed 101: value_ratio" in capfd.readouterr().err
    assert set(tables) == {"worth_intervals", "worth_errors", "worth_ranks", "worth_tiers"}
    assert (tables["worth_errors"].rows["gain"] > 0).all()
