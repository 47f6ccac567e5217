"""What the command line asked for, checked before anything heavy is loaded or anything is written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.extracts.key import Key
from analysis.extracts.mapping import Source, read_source
from analysis.run.params import Params, frozen_text, key_for, read_params
from analysis.run.places import local_path, notebooks_folder, report_name, run_folder, source_folder
from analysis.run.reuse import State
from analysis.run.stages import Stage, alone, chosen_stages, present_stages


@dataclass(frozen=True)
class Order:
    """What the command line asked for."""

    params_file: str
    only: Sequence[str] = ()
    start: str | None = None
    jobs: int | None = None
    allow_partial: bool = False


@dataclass(frozen=True)
class Job:
    """An order that can be carried out: everything it names exists and is well written."""

    report: str
    params: Params
    source: Source
    root: Path
    notebooks: Path
    stages: list[Stage]
    chosen: set[str]
    jobs: int
    key: Key | None = None
    left_out: Sequence[str] = ()

    @property
    def folder(self) -> Path:
        return run_folder(self.root, self.report)

    @property
    def reused(self) -> list[str]:
        return [stage.name for stage in self.stages if stage.name not in self.chosen]

    @property
    def frozen(self) -> str:
        return frozen_text(self.params, source=self.source.folder)


def read_job(order: Order, *, root: Path) -> Job:
    """The order, checked; ParamsError for whatever is wrong with it. Writes nothing."""
    path = local_path(order.params_file)
    report, params = report_name(path), read_params(path, base=root)
    if order.allow_partial:
        params = params.model_copy(update={"allow_partial": True})
    source = read_source(source_folder(params.source, params_file=path, base=root), environ=os.environ)
    notebooks = notebooks_folder(root)
    stages = present_stages(notebooks)
    chosen = chosen_stages(stages, only=order.only, start=order.start)
    everything = [stage.name for stage in stages]
    if is_new(root, report):
        stages = alone(stages, chosen)
    left_out = [name for name in everything if name not in {stage.name for stage in stages}]
    jobs, key = order.jobs or min(2, os.cpu_count() or 1), key_for(params, params_file=path, project=root)
    return Job(report, params, source, root, notebooks, stages, chosen, jobs, key, left_out)


def is_new(root: Path, report: str) -> bool:
    """Whether no chapter of this report was ever finished, and no report of its name published."""
    return not State(run_folder(root, report)).finished and not (root / "reports" / report).exists()
