"""What a run did, for a machine to read: written whatever the end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.extracts.key import Key
from analysis.run.chapters import first_words
from analysis.run.params import Params
from analysis.run.reuse import chapter_log, versions
from analysis.run.stages import Stage

STATUS = {0: "succeeded", 130: "interrupted", 143: "interrupted"}


@dataclass
class Manifest:
    """The facts of one run; durations come from a clock that only counts, dates only from the params."""

    report: str
    params: Params
    fingerprint: str
    stages: Sequence[Stage]
    reused: Sequence[str]
    key: Key | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def content(self, folder: Path, *, exit_code: int, message: str | None = None) -> dict[str, Any]:
        """The manifest as plain values; inputs, doors and row counts as the notebooks noted them in `folder`."""
        logs = {stage.name: chapter_log(folder, stage.name) for stage in self.stages}
        return {
            "report": self.report,
            "status": STATUS.get(exit_code, "failed"),
            "exit_code": exit_code,
            "message": message,
            "quarter": str(self.params.quarter),
            "as_of": self.params.quarter.last_day.isoformat(),
            "params": self.params.model_dump(mode="json"),
            "pseudonym_key": self.key.id if self.key else None,
            "fingerprint": self.fingerprint,
            "mapping": dict(self.mapping),
            "versions": versions(),
            "inputs": [file for log in logs.values() for file in log.get("inputs", [])],
            "files": [row for log in logs.values() for row in log.get("files", [])],
            "doors": [row for log in logs.values() for row in log.get("doors", [])],
            "rows": {name: log["tables"] for name, log in logs.items() if log.get("tables")},
            "notices": notices(folder, self.stages),
            "warnings": cautions(folder, self.stages)
            + [line for stage in self.stages for line in warned(folder, stage.name)],
            "reused": list(self.reused),
            "seconds": self.seconds,
        }


def notices(folder: Path, stages: Sequence[Stage]) -> list[str]:
    """What the notebooks want said over the whole report, each once, in run order."""
    said = [notice for stage in stages for notice in chapter_log(folder, stage.name).get("notices", [])]
    return list(dict.fromkeys(said))


def cautions(folder: Path, stages: Sequence[Stage]) -> list[str]:
    """What the notebooks want put right by whoever runs the report, in run order."""
    return [line for stage in stages for line in chapter_log(folder, stage.name).get("cautions", [])]


def warned(folder: Path, chapter: str) -> list[str]:
    """What libraries wrote to the standard error of a chapter: its first line, and the cell that called them."""
    path = folder / "notebooks" / f"{chapter}.ipynb"
    cells = json.loads(path.read_bytes())["cells"] if path.is_file() else []
    written = [cell for cell in cells if "injected-parameters" not in cell["metadata"].get("tags", [])]
    return [
        f"{path.name}, cell {place}: {first_words(''.join(output['text']))}"
        for place, cell in enumerate(written, start=1)
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream" and output["name"] == "stderr"
    ]
