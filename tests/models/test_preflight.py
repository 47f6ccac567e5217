from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.models.cox import fit_cox
from analysis.models.preflight import preflight


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def episodes(rng, rows=400, pace=0.0):
    """Episodes of customers some of whom join late; `pace` is each row's log hazard."""
    entry = rng.integers(0, 24, rows).astype(float)
    stay = np.ceil(rng.exponential(8 * np.exp(-np.zeros(rows) - pace)))
    return pd.DataFrame({"entry": entry, "exit": entry + np.minimum(stay, 6), "event": (stay <= 6) * 1})


def design(rng, rows=400, **columns):
    return pd.DataFrame({"fee": rng.normal(size=rows), "fibre": (rng.random(rows) < 0.4) * 1.0, **columns})


def reasons(got):
    return dict(zip(got.remarks["covariate"], got.remarks["reason"], strict=True))


def test_sound_covariates_pass_without_a_remark(rng):
    got = preflight(design(rng), episodes(rng))
    assert (got.possible, got.verdict, got.kept, got.penalty) == (True, "", ["fee", "fibre"], 0)
    assert got.remarks.empty


@pytest.mark.parametrize(("event", "whom"), [(0, "Nobody"), (1, "Everybody")])
def test_where_nobody_or_everybody_left_nothing_can_be_learned(rng, event, whom):
    got = preflight(design(rng), episodes(rng).assign(event=event))
    assert (got.possible, got.kept, len(got.remarks)) == (False, [], 0)
    assert got.verdict == f"{whom} left while observed, so nothing tells who leaves from who stays."


def test_a_covariate_that_says_nothing_is_dropped_with_its_reason(rng):
    few = np.zeros(400)
    few[:9] = 1
    gaps = rng.normal(size=400)
    gaps[:100] = np.nan
    got = preflight(design(rng, empty=np.nan, gaps=gaps, same=3.0, few=few), episodes(rng))
    assert got.kept == ["fee", "fibre"]
    assert reasons(got) == {
        "empty": "It is empty.",
        "gaps": "It is unknown for 25.0% of the rows; fill it in or leave it out.",
        "same": "It is the same for everyone.",
        "few": "It is the same for all but fewer than 10 rows.",
    }
    assert set(got.remarks["outcome"]) == {"dropped"}


@pytest.mark.parametrize(
    ("exposed", "reason"),
    [
        (lambda left: ~left & (np.arange(400) % 2 == 0), "None of the rows that have it left"),
        (lambda left: left & (np.arange(400) % 2 == 0), "All of the rows that have it left"),
        (lambda left: left | (np.arange(400) % 2 == 0), "None of the rows that do not have it left"),
        (lambda left: ~left | (np.arange(400) % 2 == 0), "All of the rows that do not have it left"),
    ],
)
def test_a_level_of_whom_nobody_or_everybody_left_is_dropped(rng, exposed, reason):
    times = episodes(rng)
    level = exposed(times["event"].to_numpy() == 1) * 1.0
    got = preflight(design(rng, level=level), times)
    assert got.kept == ["fee", "fibre"]
    assert reasons(got) == {"level": f"{reason}, so its effect has no bound."}


def test_of_covariates_that_repeat_one_another_the_later_goes(rng):
    rows = design(rng)
    rows["with_tax"] = rows["fee"] * 1.19 + 4
    rows["copper"] = 1 - rows["fibre"]
    rows["own"] = rng.normal(size=400)
    rows["sum"] = rows["fee"] - 2 * rows["fibre"] + rows["own"]
    times = episodes(rng)
    assert preflight(rows, times).kept == ["fee", "fibre", "own"]
    assert reasons(preflight(rows, times)) == {
        "with_tax": "It repeats fee.",
        "copper": "It repeats fibre.",
        "sum": "It repeats fee, fibre and own.",
    }
    assert preflight(rows[["with_tax", "copper", "fee", "fibre"]], times).kept == ["with_tax", "copper"]


def test_a_column_after_a_repetition_is_not_taken_for_one(rng):
    rows = design(rng)
    rows.insert(1, "fee_again", rows["fee"])
    got = preflight(rows, episodes(rng))
    assert got.kept == ["fee", "fibre"]


def test_a_covariate_close_to_another_but_not_equal_stays(rng):
    rows = design(rng)
    rows["billed"] = rows["fee"] + rng.normal(size=400) / 50
    assert preflight(rows, episodes(rng)).kept == ["fee", "fibre", "billed"]


def test_a_covariate_that_settles_alone_who_leaves_is_dropped_though_both_levels_left(rng):
    """At every leaving time the leavers are those with the highest score: the likelihood rises for ever."""
    times = pd.DataFrame({"entry": 0.0, "exit": np.repeat(np.arange(1.0, 41), 10), "event": [1, *[0] * 9] * 40})
    times.loc[0, "event"] = 1
    score = np.where(times["event"] == 1, 50 - times["exit"], 0) + rng.random(400) / 10
    rows = pd.DataFrame({"fee": rng.normal(size=400), "score": score})
    got = preflight(rows, times)
    assert got.kept == ["fee"]
    assert reasons(got) == {"score": "With the others it settles alone who leaves: its effect has no bound."}


def test_two_levels_that_together_settle_who_leaves_lose_the_later(rng):
    """Whoever has one of them and not the other never left; each alone has leavers on both sides."""
    fibre, new = rng.random(400) < 0.5, rng.random(400) < 0.5
    times = episodes(rng)
    times["event"] = np.where(fibre & ~new, 0, times["event"])
    times["event"] = np.where(~fibre & new, 0, times["event"])
    both = pd.DataFrame({"fibre": fibre * 1.0, "new": new * 1.0, "either": (fibre ^ new) * 1.0})
    assert preflight(both[["fibre", "new"]], times).kept == ["fibre", "new"]
    assert preflight(both, times).kept == ["fibre", "new"]


def test_a_coefficient_beyond_ten_is_never_fitted(rng):
    score = rng.normal(size=400)
    rows = pd.DataFrame({"score": score / 100, "fee": rng.normal(size=400)})
    got = preflight(rows, episodes(rng, pace=score))
    assert got.kept == ["fee"]
    assert reasons(got) == {"score": "One unit of it would count more than e^10-fold."}
    assert preflight(rows * 100, episodes(rng, pace=score)).kept == ["score", "fee"]


def test_fewer_than_ten_leavers_per_coefficient_bring_a_penalty_of_the_missing_ones(rng):
    times = episodes(rng)
    times.loc[times.index[times["event"] == 1][24:], "event"] = 0
    rows = design(rng, third=rng.normal(size=400))
    got = preflight(rows, times)
    assert (got.kept, got.penalty) == (["fee", "fibre", "third"], 6)
    assert got.remarks.to_dict("records") == [
        {
            "covariate": "all covariates",
            "outcome": "penalised",
            "reason": "24 leavers for 3 coefficients are fewer than 10 each, "
            "so all coefficients are drawn towards no difference.",
        }
    ]
    assert preflight(rows, times, fewest_events=8).penalty == 0


def test_the_penalty_tames_what_five_leavers_and_eight_covariates_would_do(rng):
    times = episodes(rng)
    times.loc[times.index[times["event"] == 1][5:], "event"] = 0
    rows = pd.DataFrame(rng.normal(size=(400, 8)), columns=list("abcdefgh"))
    got = preflight(rows, times)
    fit = fit_cox(rows[got.kept], times=times, penalty=got.penalty)
    assert (got.penalty, len(got.kept)) == (75, 8)
    assert fit.coefficients["coefficient"].abs().max() < 0.3


def test_what_passes_can_be_fitted(rng):
    rows = design(rng, same=1.0, again=0.0)
    rows["again"] = rows["fee"] / 3
    times = episodes(rng)
    got = preflight(rows, times)
    assert list(fit_cox(rows[got.kept], times=times, penalty=got.penalty).names) == ["fee", "fibre"]


def test_a_covariate_that_never_differs_within_a_stratum_goes(rng):
    rows = design(rng)
    rows["region"] = np.arange(400) % 2 * 1.0
    got = preflight(rows, episodes(rng), strata=rows["region"])
    assert got.kept == ["fee", "fibre"]


def test_no_covariates_at_all_pass(rng):
    got = preflight(pd.DataFrame(index=range(400)), episodes(rng))
    assert (got.possible, got.kept, got.penalty) == (True, [], 0)


def test_an_exit_before_its_entry_is_refused(rng):
    times = episodes(rng)
    times.loc[2, "exit"] = times.loc[2, "entry"]
    with pytest.raises(AnalysisFailed, match="row 3 of 400: expected 0 <= entry < exit"):
        preflight(design(rng), times)


def test_the_fit_that_came_to_rest_is_that_of_what_was_kept(rng):
    rows, times = design(rng, same=3.0), episodes(rng)
    customer = np.arange(400) // 2
    got = preflight(rows, times, cluster=customer)
    expected = fit_cox(rows[got.kept], times=times, cluster=customer)
    pd.testing.assert_frame_equal(got.fit.coefficients, expected.coefficients)
    assert preflight(rows, times.assign(event=0)).fit is None
