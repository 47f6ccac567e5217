"""The order in which notebooks run, side by side where none needs the other."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from analysis.run.stages import Stage
from analysis.run.stop import Stop

LOOK_S = 0.2  # how often the main thread looks up, so that a signal's handler gets its turn


def run_stages(
    stages: Sequence[Stage], *, chosen: Collection[str], execute: Callable[[Stage], None], jobs: int, stop: Stop
) -> None:
    """Execute the chosen stages, each after those it needs, at most `jobs` at a time.

    The first failure ends the others and is raised; a signal raises Interrupted.
    """
    waiting = [stage for stage in stages if stage.name in chosen]
    running: dict[Future[None], Stage] = {}
    with warnings.catch_warnings(), ThreadPoolExecutor(jobs) as pool:
        warnings.simplefilter("ignore")  # papermill's and nbformat's; a notebook's own are in its kernel
        try:
            while waiting or running:
                stop.check()
                open_names = {stage.name for stage in [*waiting, *running.values()]}
                ready = [stage for stage in waiting if not open_names & set(stage.needs)]
                for stage in ready[: jobs - len(running)]:
                    waiting.remove(stage)
                    running[pool.submit(execute, stage)] = stage
                for future in wait(running, timeout=LOOK_S, return_when=FIRST_COMPLETED).done:
                    del running[future]
                    future.result()
        except BaseException:
            stop.ask()
            stop.check()
            raise
