"""What the params say of how a source is looked at: the time frame, and the edges of its quality."""

from __future__ import annotations

import pandas as pd

from analysis.extracts.intake import Extracts
from analysis.extracts.mapping import Source
from analysis.frames.observation import Observation
from analysis.measures.data_quality import data_quality
from analysis.measures.standing import Limits
from analysis.run.params import Params
from analysis.run.quarter_before import Before


def observed(source: Source, params: Params) -> Observation:
    """What a run of these params can see of the source, in time."""
    return Observation(
        params.quarter.last_day,
        source.observed_from,
        source.covers_from,
        source.known_at,
        params.grace_days,
        source.snapshot_date,
    )


def measured(extracts: Extracts, source: Source, params: Params, before: Before) -> pd.DataFrame:
    """Everything measured of the source, by the params' edges: the table of `data_quality`."""
    limits = Limits(**params.quality.pairs)
    view = observed(source, params)
    return data_quality(extracts, view, limits=limits, until=source.whole_until, before=before.rows)
