"""What the reports of earlier quarters recorded, for figures that cannot be made again of a past day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.basis.metric import Kpi
from analysis.basis.quarter import Quarter
from analysis.run.quarter_before import folder_of
from analysis.run.reuse import manifest_of
from analysis.run.store import Run, recorded


def earlier_values(run: Run, quarter: Quarter) -> dict[str, float]:
    """Metric → its value of the whole base in the report of an earlier quarter, named as this one.

    Empty where no such report lies beside this one, or it did not come to its end.
    """
    folder = folder_of(run.folder, run.quarter, quarter)
    if folder is None or manifest_of(folder).get("status") != "succeeded":
        return {}
    return {kpi.metric: kpi.value for kpi in recorded(folder) if kpi.dimension is None and kpi.value is not None}


def with_earlier(run: Run, kpis: Sequence[Kpi], metrics: Sequence[str]) -> list[Kpi]:
    """The KPIs, those of `metrics` with the values that the reports of the quarter before and of a year ago had.

    What a chapter tells of then itself stays.
    """
    before, year = (earlier_values(run, one) for one in (run.quarter.previous, run.quarter.year_before))
    return [
        replace(
            kpi,
            previous=before.get(kpi.metric) if kpi.previous is None else kpi.previous,
            year_before=year.get(kpi.metric) if kpi.year_before is None else kpi.year_before,
        )
        if kpi.metric in metrics and kpi.dimension is None
        else kpi
        for kpi in kpis
    ]
