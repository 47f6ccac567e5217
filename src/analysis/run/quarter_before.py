"""What the run of the quarter before had of the same source, beside what this one has."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.erasure import ERASED
from analysis.extracts.intake import Extracts
from analysis.measures.arrival import GONE
from analysis.present.wording.phrase import listed
from analysis.run.consents import NEEDED, Rows, check_consents, check_erasures
from analysis.run.params import Params
from analysis.run.reuse import manifest_of


@dataclass(frozen=True)
class Before:
    """Rows of each contract table as the run of the quarter before accepted them, its consents, and who was erased."""

    rows: dict[str, int] = field(default_factory=dict)
    consents: Rows | None = None
    erased: int = 0


def folder_of(folder: Path, quarter: Quarter, other: Quarter) -> Path | None:
    """The run folder of another quarter's report, named as this one; None where the name tells no quarter."""
    name = folder.name.replace(str(quarter), str(other))
    return folder.with_name(name) if name != folder.name else None


def quarter_before(folder: Path, params: Params, engine: Engine) -> Before:
    """What the run of the quarter before had, however it ended; nothing where there is none of this source."""
    earlier = folder_of(folder, params.quarter, params.quarter.previous)
    if earlier is None or _source(manifest_of(earlier).get("params", {}).get("source", "")) != _source(params.source):
        return Before()
    doors, found, consents = (
        earlier / f"{name}.parquet" for name in ("quality_doors", "quality_findings", f"tables/{NEEDED}")
    )
    if not doors.is_file() or not found.is_file():
        return Before()
    accepted = to_pandas(engine.scan_parquet(doors)).set_index("table")["accepted"]
    findings = to_pandas(engine.scan_parquet(found))
    erased = findings.loc[findings["rule"] == ERASED, "rows"].sum()
    rows = {str(table): int(count) for table, count in accepted.items()}
    return Before(rows, engine.scan_parquet(consents) if consents.is_file() else None, int(erased))


def _source(text: str) -> str:
    """The folder of a source by its name alone: the params say `demo`, and those frozen for the notebooks its path."""
    return Path(text).name


def check_told(before: Before, extracts: Extracts, *, source: str) -> None:
    """Raises InputRefused where the extracts tell no more who refuses contact, or is to be erased, as they did."""
    now = extracts.tables.get(NEEDED)
    check_consents(before.consents, now, source=source, had="the run of the quarter before")
    check_erasures(before.erased, extracts.erased, now, source=source)


def gone_notices(quality: pd.DataFrame) -> list[str]:
    """One notice when tables that the run of the quarter before had are gone."""
    gone = list(quality.loc[quality["rule"] == GONE, "table"])
    if not gone:
        return []
    had = f"the run of the quarter before had rows of {listed(gone)}, and this one has none"
    return [f"Missing: {had}, so what rests on them is not in this report. Ask for the whole extract, and run again."]
