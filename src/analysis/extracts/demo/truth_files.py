"""The folder `truth`: what the extracts were made from, kept apart from them, for judging what is learned from them."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.extracts.demo import answers, names
from analysis.extracts.demo.book import Book, Columns
from analysis.extracts.demo.cells import dates, words
from analysis.extracts.demo.days import date_of
from analysis.extracts.demo.future import lived, realised_world
from analysis.extracts.demo.parameters import PRODUCTS
from analysis.extracts.demo.paths_world import Block
from analysis.extracts.demo.state import Floats, State, active_rows
from analysis.extracts.demo.tables import Labels
from analysis.extracts.demo.truth import LONGEST, Effort, customer_truth, world_blocks
from analysis.extracts.demo.truth_types import CLEAR, types_table
from analysis.extracts.demo.world import World

TRUTH = "truth"
FILES = ("added.parquet", "future.parquet", "truth.json", "truth.parquet", "types.parquet")
TABLES = ("truth", "future", "added", "types")
TAKEN_KINDS = ("new", "upgrade")  # in the order of `terms.NEW`, `terms.UPGRADE`
PLACES = 9  # decimals kept

HOW = {
    "population": "Customers active at the end of the as-of date: neither suspended nor left, no test or staff line.",
    "leaving": "The last product ends after the as-of date and within so many calendar months of it. A house move "
    "under a new account is no leaving; who comes back has left. Voluntary: by the customer's own choice.",
    "contacts": "No campaign reaches anyone after the as-of date. What earlier contacts do goes on and fades.",
    "averaged_out": "Given the customer's own records, for no column shows them: lasting frailty (by how long the "
    "customer has stayed at which hazard, and has left and returned), the level and mood of satisfaction (by the same "
    "and the last survey answered), the kind of payer and what stands behind an unpaid bill (by the bills), "
    "sensitivity to offers, competitors' offers in the areas, how long a fault of the network goes on, the shocks of "
    "the quarters.",
    "taken_as_it_is": "How far usage has fallen and whether it is still falling, and the type of behaviour, which "
    "usage shows with noise.",
    "not_used": "Answers before the last one, surveys without an answer, what tickets tell of the mood, and what "
    "other customers' tickets tell of an offer in the area.",
    "paths": "On a path nobody leaves; it carries the chance of having stayed, for nine values of frailty, while all "
    "else moves on as in the simulation. A value is the mean over the paths, by how likely the customer's records are "
    "on each. standard_error: of leaves_3m, as a share of it, mean over the customers.",
    "reasons": "Mean over the paths and the next three months of a family's contribution to the log-hazard of "
    "leaving by choice.",
    "current_value": "Sum over the months of the horizon of P(still there) x margin / (1 + d)^(k / 12), in the "
    "source's currency. Margin: fees less discounts of the products held on the as-of date, for as long as each is "
    "kept on its plan, with the price list's rises and renewed contracts' discounts, plus usage charges less credits, "
    "net of tax, each times gross margin; less a monthly cost and what the tickets cost. One-off charges and unpaid "
    "bills are left out.",
    "margin_12m": "In truth.parquet the sum of the first 12 months behind current_value, not discounted. In "
    "future.parquet what the customer brings in that future in 12 months, until leaving: everything billed but one-off "
    "charges, of products taken later too, times the gross margin of what is held, less the monthly cost and tickets.",
    "months_left_36": "Mean months still there within the next 36.",
    "types": "The latent behaviour of who is active at each quarter's end of the window. It sets the levels of use and "
    "the odds of taking products; leaving does not depend on it. posterior: the chance of the true type given the "
    "means of the quarter's months with usage on record, under the simulator's own mixture, with the shares of the "
    "population and nothing known of the customer but which lines it holds; missing without usage.",
    "added": "What the customers of truth.parquet take within three months after the as-of date in the one future of "
    "future.parquet, before they leave: a product not held (new), or a faster broadband plan (upgrade), also by fibre "
    "reaching the house. The chances: parameters.affinities on those of parameters.terms.",
    "drivers": "Mean change of the expected score over the window's answers, rounding and the ends of the scale "
    "included, all else as it was.",
    **{f"drivers.{name}": text for name, text in answers.EFFECTS.items()},
}


class Told(NamedTuple):
    """A chunk's part of each file, and the standard error of `leaves_3m`."""

    truth: pa.Table
    noise: Floats
    future: pa.Table
    added: pa.Table
    types: pa.Table
    answers: Columns  # what was felt in every answer to a survey, and what would have moved it


@dataclass(frozen=True)
class Teller:
    """Knows the world's next months on all paths and on the one that is realised."""

    there: World
    effort: Effort
    blocks: list[Block]
    after: World

    def told(self, state: State, book: Book, labels: Labels) -> Told:
        """The truth of a chunk at the end of the window, and what was written down of it before."""
        state = state.take(active_rows(state, self.there.parameters.bills.suspended_after))
        known = words(state.account, labels.customers)
        truth = customer_truth(state, self.blocks, effort=self.effort, chunk=labels.chunk)
        noise = truth.pop("noise")
        to_come = lived(state, self.after, months=LONGEST, chunk=labels.chunk, economics=self.effort.economics)
        day, kind = to_come.leaving
        rounded = {name: np.round(values, PLACES) for name, values in truth.items()}
        received = pa.array(np.round(to_come.margin / 100, PLACES))
        future = {"customer_id": known, "left_on": dates(day), "kind": words(kind, names.KINDS), "margin_12m": received}
        added = {
            "customer_id": known.take(pa.array(to_come.owner)),
            "product": words(to_come.product, PRODUCTS),
            "kind": words(to_come.kind, TAKEN_KINDS),
        }
        truth_table = pa.table({"customer_id": known, **rounded})
        return Told(
            truth_table, noise, pa.table(future), pa.table(added), types_table(book, labels), book.rows("answers")
        )


def teller(there: World, effort: Effort) -> Teller:
    """Who tells the truth of all chunks."""
    return Teller(there, effort, world_blocks(there, effort), realised_world(there, months=LONGEST))


def write_truth(folder: Path, told: list[Told], by: Teller) -> None:
    """Write the files of `FILES`."""
    folder.mkdir()
    whole = {name: pa.concat_tables([getattr(one, name) for one in told]) for name in TABLES}
    for name, table in whole.items():
        pq.write_table(table, folder / f"{name}.parquet")
    noise = np.concatenate([one.noise for one in told])
    said = _description(whole, noise, by) | {"drivers": driver_effects([one.answers for one in told], by.there)}
    text = json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")


def driver_effects(given: list[Columns], there: World) -> dict[str, Any]:
    """What `truth.json` says of drivers: by score and driver the effect of a step, from all chunks' answers."""
    parts = [one for one in given if one]
    whole = {name: np.concatenate([one[name] for one in parts]) for name in parts[0]} if parts else {}
    told = answers.effects(whole, there.parameters.service)
    rounded = {score: {name: value and _rounded(value) for name, value in each.items()} for score, each in told.items()}
    return {"answers": len(whole.get("felt", ())), **rounded}


def _description(whole: dict[str, pa.Table], noise: Floats, by: Teller) -> dict[str, Any]:
    """What `truth.json` says."""
    there, effort = by.there, by.effort
    leaves = whole["truth"]["leaves_3m"].to_numpy()
    return {
        "as_of": date_of(there.until).isoformat(),
        "seed": there.draws.seed,
        "months": there.last - there.first + 1,
        "paths": effort.paths,
        "paths_after_12_months": effort.long_paths,
        "standard_error": _rounded(np.mean(noise / leaves)) if len(leaves) else None,
        "portfolio": _portfolio(whole["truth"]),
        "types": _types(whole["types"]),
        "how": HOW,
        "economics": _plain(asdict(effort.economics)),
        "parameters": _plain(asdict(there.parameters)),
    }


def _portfolio(truth: pa.Table) -> dict[str, Any]:
    """Customers, their mean chances of leaving, and their total value."""
    if not truth.num_rows:
        return {"customers": 0}
    means = [name for name in truth.column_names if name.startswith(("leaves", "voluntary", "months_left"))]
    return {
        "customers": truth.num_rows,
        **{name: _rounded(truth[name].to_numpy().mean()) for name in means},
        "current_value": round(float(truth["current_value"].to_numpy().sum()), 2),
    }


def _types(types: pa.Table) -> dict[str, Any]:
    """At the window's last quarter's end: the customers of each type, and the share of those whose type is clear."""
    if not types.num_rows:
        return {}
    last = types.filter(pc.equal(types["quarter_end"], pc.max(types["quarter_end"])))
    counted = sorted(last.group_by("type").aggregate([("type", "count")]).to_pylist(), key=lambda row: row["type"])
    known = last["posterior"].drop_null().to_numpy()
    return {
        "quarter_end": last["quarter_end"][0].as_py().isoformat(),
        "customers": {row["type"]: row["type_count"] for row in counted},
        "clear": _rounded((known >= CLEAR).mean()) if len(known) else None,
    }


def _rounded(value: float) -> float:
    return round(float(value), 6)


def _plain(value: Any) -> Any:
    """A value as JSON knows it; what is not a number becomes null."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and math.isnan(value) else value
