"""The one door to disk that a notebook uses: its params, its source, and the tables of its run."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.errors import InputRefused
from analysis.basis.failures import shown
from analysis.basis.metric import Kpi
from analysis.basis.quarter import Quarter
from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import Extracts, intake
from analysis.extracts.key import Key
from analysis.extracts.mapping import Source, read_source
from analysis.extracts.pseudonyms import FREE_TEXT
from analysis.frames.observation import Observation
from analysis.measures.class_rules import ClassRules
from analysis.measures.kpis import tells_single_ones
from analysis.measures.margin import Costs
from analysis.measures.value_tiers import TierEdges
from analysis.policy.actions import Frame
from analysis.policy.table import Policy
from analysis.present.numbers import day
from analysis.run.class_params import class_rules
from analysis.run.gates import check_drift, check_shares, incomplete_notices, missing_period, period_notices, seen_of
from analysis.run.measured import measured, observed
from analysis.run.params import Params, key_for, read_params
from analysis.run.places import NAME, local_path, project_root, report_name, run_folder, source_folder
from analysis.run.policy_params import policies, teams
from analysis.run.quarter_before import check_told, folder_of, gone_notices, quarter_before
from analysis.run.risk_params import risk_rules
from analysis.run.stages import CHAPTER, STAGES, maker
from analysis.run.summary import COLUMNS, plain_kpi, summary_rows
from analysis.run.writing import storage, write_json

NEVER_STORED = ("identities",)
_TABLE = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?")


@dataclass
class Run:
    """One report under way, seen from one notebook: what it is about, and its tables in `folder`."""

    report: str
    params: Params
    source: Source
    quarter: Quarter
    as_of: date
    engine: Engine
    folder: Path
    chapter: str
    key: Key | None = None
    _log: dict[str, Any] = field(default_factory=lambda: {"tables": {}, "notices": []})
    _kpis: dict[tuple[str | None, ...], Kpi] = field(default_factory=dict)

    @property
    def observation(self) -> Observation:
        """What this run can see, in time."""
        return observed(self.source, self.params)

    @property
    def quarters(self) -> list[Quarter]:
        """The quarters the report looks back on: at most twelve, the last one the report's own."""
        return self.observation.quarters[-12:]

    @property
    def partial(self) -> bool:
        """Whether part of the report's own quarter lies outside the data."""
        return missing_period(self.quarter, **seen_of(self.tables(), self.source)) is not None

    @cached_property
    def classes(self) -> ClassRules:
        """The rules of classification, by dimension, amounts in the source's currency."""
        return class_rules(self.params.classes, currency=self.currency)

    @cached_property
    def risk_rules(self) -> ClassRules:
        """The warning signs, amounts in the source's currency."""
        return risk_rules(self.params.risk_rules, currency=self.currency)

    @property
    def value_tiers(self) -> TierEdges:
        """Where high and medium value begin, amounts in the source's currency."""
        return self.params.value_tiers.edges(self.currency)

    @property
    def policies(self) -> list[Policy]:
        """What is done for whom, in the order of the table."""
        return policies(self.params.policies)

    @property
    def action_frame(self) -> Frame:
        """Within what actions are chosen."""
        return Frame(self.params.budget, teams(self.params.teams), self.params.holdout, self.as_of)

    @property
    def costs(self) -> Costs:
        """What products leave of their revenue, and what serving a customer costs."""
        served = self.params.cost_to_serve
        return Costs(self.params.gross_margin.by_product, served.per_month, served.per_contact)

    @property
    def smallest(self) -> int:
        """The smallest group that is published."""
        return self.params.small_group

    @property
    def currency(self) -> str:
        """The source's currency, ISO 4217."""
        return self.source.currency

    @property
    def source_line(self) -> str:
        """What stands under every table and chart."""
        return f"Source: {self.source.name}, extracts as of {day(self.as_of)}."

    def tables(self) -> dict[str, nw.LazyFrame[Any]]:
        """The contract tables of this run, as stored by `intake`."""
        names = [name for name in CONTRACT if self.has(f"tables/{name}")]
        return {name: self.read(f"tables/{name}") for name in names}

    def intake(self) -> Extracts:
        """The source, read, checked and stored: `tables/<t>`, `quarantine/<t>`, and what the doors counted.

        Raises
        ------
        InputRefused
            When part of the quarter lies outside the data and the params do not allow that; when consents were lost.
        QualityGate
            When too many rows of a table were set aside; what was stored stays for a look.
        """
        extracts = intake(self.source, self.engine, as_of=self.as_of, key=self.key)
        self._log["notices"] = period_notices(extracts, self.source, self.params)
        check_told(quarter_before(self.folder, self.params, self.engine), extracts, source=self.source.shown)
        self._store(extracts)
        check_shares(extracts, self.params)
        return extracts

    def quality(self, extracts: Extracts) -> pd.DataFrame:
        """Everything measured of the source, stored as `quality`.

        Raises
        ------
        QualityGate
            When a distribution drifted badly and the params say `strict_drift`; what was stored stays for a look.
        """
        before = quarter_before(self.folder, self.params, self.engine)
        quality = measured(extracts, self.source, self.params, before)
        self._log["cautions"] = gone_notices(quality)
        self._log["notices"] += incomplete_notices(quality, self.quarter) + self._log["cautions"]
        self.write("quality", quality, order_by=["place"])
        check_drift(quality, self.params)
        return quality

    def read(self, name: str) -> nw.LazyFrame[Any]:
        """A stage table of this run (`customers`, `tables/usage`); InputRefused names who makes a missing one."""
        path = self._path(name)
        if not path.is_file():
            do = f"Run notebooks/{maker(name)}.ipynb with the same params first."
            raise InputRefused(f"data/runs/{self.report}", expected=f"the table {name}", found="none", do=do)
        return self.engine.scan_parquet(path)

    def frame(self, name: str) -> pd.DataFrame:
        """A small stage table as pandas, in the order it was written in where it has a `place`."""
        rows = to_pandas(self.read(name))
        return rows.sort_values("place", ignore_index=True) if "place" in rows.columns else rows

    def before(self, name: str) -> pd.DataFrame | None:
        """A small stage table of the report of the quarter before, named as this one; None where there is none."""
        earlier = folder_of(self.folder, self.quarter, self.quarter.previous)
        path = earlier / f"{name}.parquet" if earlier else None
        return to_pandas(self.engine.scan_parquet(path)) if path and path.is_file() else None

    def has(self, name: str) -> bool:
        """Whether this run has the stage table."""
        return self._path(name).is_file()

    def write(
        self, name: str, table: nw.LazyFrame[Any] | pd.DataFrame, *, order_by: Sequence[str], private: bool = False
    ) -> int:
        """Write a stage table, ordered by columns that tell every two rows apart; returns its rows.

        A `private` one is for its owner only.
        """
        path = self._path(name)
        with storage(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        rows = self.engine.table(table) if isinstance(table, pd.DataFrame) else table
        self._log["tables"][name] = self.engine.write_parquet(rows, path, order_by=order_by)
        if private:
            path.chmod(0o600)
        self._write_log()
        return int(self._log["tables"][name])

    def record(self, *kpis: Kpi | Sequence[Kpi]) -> None:
        """Note published values of this chapter; the same metric and class again replaces the earlier value.

        What fewer customers stand behind than may be published is not noted.
        """
        for kpi in (one for group in kpis for one in ([group] if isinstance(group, Kpi) else group)):
            if not tells_single_ones(kpi, smallest=self.smallest):
                self._kpis[kpi.metric, kpi.dimension, kpi.klass] = plain_kpi(kpi)
        write_json(self.folder / "kpis" / f"{self.chapter}.json", [asdict(kpi) for kpi in self._kpis.values()])

    def caution(self, lines: Sequence[str]) -> None:
        """Note what whoever runs the report should put right: the command says it at its end, the manifest keeps it."""
        self._log["cautions"] = list(lines)
        self._write_log()

    def kpis(self) -> pd.DataFrame:
        """Everything recorded so far in this run, one row per value, with the columns of `summary.json`."""
        rows = summary_rows(recorded(self.folder), quarter=self.quarter, targets=self.params.targets)
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _path(self, name: str) -> Path:
        if not _TABLE.fullmatch(name):
            do = "Write it in small letters, digits and _, with one / at most."
            raise InputRefused("run.store", expected="the name of a stage table", found=shown(name), do=do)
        return self.folder / f"{name}.parquet"

    def _store(self, extracts: Extracts) -> None:
        for folder, mode in (("tables", 0o777), ("quarantine", 0o700)):
            with storage(self.folder / folder):
                (self.folder / folder).mkdir(mode=mode, parents=True, exist_ok=True)
                for old in (self.folder / folder).glob("*.parquet"):
                    old.unlink()
        for name, table in extracts.tables.items():
            if name not in NEVER_STORED:
                self.write(f"tables/{name}", table, order_by=CONTRACT[name].key or table.collect_schema().names())
                if name in FREE_TEXT:
                    self._path(f"tables/{name}").chmod(0o600)
        for name, rows in extracts.quarantine.items():
            self.write(f"quarantine/{name}", rows, order_by=rows.collect_schema().names())
            self._path(f"quarantine/{name}").chmod(0o600)
        self.write("quality_findings", extracts.findings, order_by=["table", "rule", "column", "where"])
        self.write("quality_doors", extracts.doors, order_by=["table"])
        self.write("quality_files", extracts.raw, order_by=["file"])
        self._log |= {"inputs": extracts.files, "doors": _records(extracts.doors), "files": _records(extracts.raw)}
        self._write_log()

    def _write_log(self) -> None:
        write_json(self.folder / "chapters" / f"{self.chapter}.json", self._log)


def open_run(params_file: str) -> Run:
    """The run of a params file, from its path: absolute, or relative to the project's root or the current folder.

    Raises
    ------
    ParamsError
        When the params or the source's description cannot be used.
    StorageFailed
        When `data/runs/<report>` cannot be written to.
    """
    cwd = Path.cwd()
    asked = local_path(params_file)
    root = project_root(asked, cwd=cwd)
    path = cwd / asked if (cwd / asked).is_file() else root / asked
    params, report = read_params(path, base=root), report_name(path)
    source = read_source(source_folder(params.source, params_file=path, base=root), environ=os.environ)
    folder = run_folder(root, report)
    with storage(folder):
        (folder / "temp").mkdir(parents=True, exist_ok=True)
    engine = Engine(memory_limit=f"{params.memory_gb:g}GB", temp=folder / "temp")
    day, chapter, key = params.quarter.last_day, current_chapter(), key_for(params, params_file=path, project=root)
    return Run(report, params, source, params.quarter, day, engine, folder, chapter, key)


def recorded(folder: Path) -> list[Kpi]:
    """All KPIs the report's chapters recorded in a run folder, by chapter, in the order they were recorded.

    What copies of a notebook and nameless kernels recorded beside them is no part of the report.
    """
    files = [folder / "kpis" / f"{name}.json" for name in sorted(stage.name for stage in STAGES)]
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.is_file()]
    return [Kpi(**kpi) for kpis in found for kpi in kpis]


def current_chapter() -> str:
    """The name of the notebook this kernel belongs to; `interactive` where nothing tells."""
    name = os.environ.get(CHAPTER) or Path(os.environ.get("JPY_SESSION_NAME", "")).stem
    return name if NAME.fullmatch(name) else "interactive"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return rows
