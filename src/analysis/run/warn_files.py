"""The files of a day's work orders: a list for whoever does them, and an account of it, for their owner only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw

from analysis.extracts.engine import to_pandas
from analysis.policy.handover import HandList
from analysis.policy.handover_consent import permitted, with_channel
from analysis.policy.warning_figures import counts
from analysis.policy.warnings import Warnings
from analysis.run.export_people import Persons
from analysis.run.export_write import HandOver, write_list
from analysis.run.publish import building_folder, publish
from analysis.run.store import Run
from analysis.run.writing import json_bytes, storage, write_bytes

Rows = nw.LazyFrame[Any]

NAME = "work_orders"
MADE = "unpublished_orders"  # what they are called until their files are out
COLUMNS = (
    "priority", "action", "reason", "reasons", "signs", "warned_by", "chance", "at_risk", "cost", "expected_benefit",
    "due_date", "owner", "team", "channel", "marketing",
)  # fmt: skip


def publish_orders(
    quarter: Run, made: tuple[Run, Warnings, dict[str, Any]], known: Persons, exports: Path, *, params_file: Path
) -> Path:
    """Writes `warn/<day>/work_orders.csv` and its manifest, whole or not at all; returns the folder.

    The orders count as handed out once their files are: then their table takes its name in the run.
    """
    then, found, told = made
    folder = exports / "warn"
    for place in (exports, folder):
        with storage(place):
            place.mkdir(mode=0o700, exist_ok=True)
            place.chmod(0o700)
    day = then.as_of.isoformat()
    rows, unpermitted = _permitted_now(then, known)
    one = HandList(NAME, "orders", rows, COLUMNS, ("priority",))
    over = HandOver.of(then, "csv", params_file=params_file)
    with building_folder(folder, day) as building:
        building.chmod(0o700)
        files = write_list(one, over, known, folder=building)
        manifest = {
            "report": quarter.report, "quarter": str(quarter.quarter), "as_of": day,
            "pseudonym_key": quarter.key.id if quarter.key else None, **told, **counts(found),
            "consent_withdrawn_since": unpermitted, "list": files,
        }  # fmt: skip
        write_bytes(building / "manifest.json", json_bytes(manifest), mode=0o600)
        publish(building, folder, day, whole=False)
    stored = then.folder / f"{NAME}.parquet"
    with storage(stored):
        (then.folder / f"{MADE}.parquet").replace(stored)
    return folder / day


def _permitted_now(then: Run, known: Persons) -> tuple[Rows, int]:
    """The orders without those whose channel is not permitted any more by the source as it is now; how many those are.

    Service needs no consent to marketing; who asked not to be contacted is left out of every list.
    """
    orders = then.read(MADE)
    asks = orders.filter(nw.col("marketing").cast(nw.Int64) == 1)
    words = known.known
    allowed = with_channel(asks, permitted(words.words, unclear=words.unclear), words.channels)
    kept = allowed.filter(~nw.col("channel").is_null()).select("customer_id")
    gone = asks.join(kept, on="customer_id", how="anti").select("customer_id")
    left = then.engine.table(orders.join(gone, on="customer_id", how="anti"))
    return left, len(to_pandas(gone))
