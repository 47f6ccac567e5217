from __future__ import annotations

import threading
import time

import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.run.pipeline import run_stages
from analysis.run.stages import Stage
from analysis.run.stop import Interrupted, Stop

CHAIN = (
    Stage("10"),
    Stage("20", needs=("10",)),
    Stage("40", needs=("10",)),
    Stage("90", needs=("10", "20", "40")),
    Stage("00", needs=("10", "20", "40", "90")),
)
ALL = {stage.name for stage in CHAIN}


def test_every_stage_runs_once_and_after_what_it_needs() -> None:
    done: list[str] = []
    run_stages(CHAIN, chosen=ALL, execute=lambda stage: done.append(stage.name), jobs=2, stop=Stop())
    assert sorted(done) == sorted(ALL)
    assert all(done.index(need) < done.index(stage.name) for stage in CHAIN for need in stage.needs)


def test_stages_that_do_not_need_each_other_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)

    def execute(stage: Stage) -> None:
        if stage.name in {"20", "40"}:
            meeting.wait()  # raises unless the other one is running too

    run_stages(CHAIN, chosen=ALL, execute=execute, jobs=2, stop=Stop())
    assert not meeting.broken


def test_one_job_runs_one_at_a_time_in_run_order() -> None:
    done: list[str] = []
    running = threading.Semaphore(1)

    def execute(stage: Stage) -> None:
        assert running.acquire(blocking=False)
        time.sleep(0.01)
        done.append(stage.name)
        running.release()

    run_stages(CHAIN, chosen=ALL, execute=execute, jobs=1, stop=Stop())
    assert done == ["10", "20", "40", "90", "00"]


def test_only_the_chosen_run() -> None:
    done: list[str] = []
    run_stages(CHAIN, chosen={"40", "00"}, execute=lambda stage: done.append(stage.name), jobs=2, stop=Stop())
    assert done == ["40", "00"]


def test_the_first_failure_is_raised_ends_the_others_and_starts_no_more() -> None:
    stop, started = Stop(), []

    def execute(stage: Stage) -> None:
        started.append(stage.name)
        if stage.name == "20":
            raise AnalysisFailed("20_base", expected="an end", found="a failure", do="Look.")
        while stage.name == "40" and not stop.asked:
            time.sleep(0.01)

    with pytest.raises(AnalysisFailed, match="20_base: expected an end"):
        run_stages(CHAIN, chosen=ALL, execute=execute, jobs=2, stop=stop)
    assert sorted(started) == ["10", "20", "40"]


def test_a_signal_wins_over_the_failures_it_causes() -> None:
    stop = Stop()

    def execute(stage: Stage) -> None:
        stop.signum = 15
        raise AnalysisFailed(stage.name, expected="a kernel", found="none", do="Look.")

    with pytest.raises(Interrupted, match="stopped by SIGTERM") as caught:
        run_stages(CHAIN, chosen=ALL, execute=execute, jobs=2, stop=stop)
    assert caught.value.exit_code == 143
