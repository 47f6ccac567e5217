"""The files of one list, written slice by slice, and an account of them for the manifest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.class_rules import SUFFIX
from analysis.policy.handover import HandList, placed
from analysis.policy.handover_names import REACHED_BY, named
from analysis.policy.handover_shapes import Fxiaoke, Shape, Zoho, csv_shape
from analysis.run.export_files import csv_bytes, csv_parts, template_header, xlsx_bytes
from analysis.run.export_people import Persons
from analysis.run.store import Run
from analysis.run.writing import storage, write_bytes

Rows = nw.LazyFrame[Any]
To = Literal["zoho", "fxiaoke", "csv"]
SLICE = 25_000  # records at a time in memory


@dataclass(frozen=True)
class HandOver:
    """To whom a run is handed over, and how its files are shaped."""

    run: Run
    to: To
    zoho: Zoho
    fxiaoke: Fxiaoke

    @classmethod
    def of(cls, run: Run, to: To, *, params_file: Path) -> HandOver:
        """As the params say; a template's path begins in the folder of the params file."""
        keys = run.params.export
        asked = keys.fxiaoke.template if to == "fxiaoke" else None
        header = template_header(params_file.parent / asked) if asked else []
        return cls(run, to, keys.zoho.shaped(), keys.fxiaoke.shaped(header))

    def shapes(self, one: HandList) -> list[Shape]:
        """How the files of a list look; ParamsError or InputRefused where they cannot look so."""
        ways = REACHED_BY[one.kind]
        if self.to == "csv":
            return [csv_shape(one.name, one.columns, ways)]
        if self.to == "zoho":
            return self.zoho.shapes(one.name, one.columns, ways)
        labels = {f"{name}{SUFFIX}": dimension.label for name, dimension in self.run.params.classes.items()}
        return [self.fxiaoke.shape(one.name, one.columns, ways, labels=labels)]

    def check(self, lists: Sequence[HandList]) -> None:
        """Refuses headers that cannot be, before anything is read or written."""
        for one in lists:
            self.shapes(one)


def write_list(one: HandList, over: HandOver, known: Persons, *, folder: Path) -> dict[str, Any]:
    """Writes the files of a list; returns what the manifest says of it: counts, files, and who was left out, why."""
    engine = over.run.engine
    rows = engine.table(placed(one, over.run.read("customers"), known.known))
    out = to_pandas(rows.filter(~nw.col("why").is_null()).group_by("why").agg(n=nw.len()))
    left_out: Counter[str] = Counter(dict(zip(out["why"], out["n"].astype(int).tolist(), strict=True)))
    counts: Counter[str] = Counter()
    files: list[dict[str, Any]] = []
    kept = _identified(rows.filter(nw.col("why").is_null()).drop("why"), known.identities)
    for shape in over.shapes(one):
        part = engine.table(_of_shape(kept, shape, over).with_row_index("n", order_by="__place"))
        tables = (_named(rows, one, shape, over, (counts, left_out)) for rows in slices(part, most_rows(over)))
        files += written(shape, tables, over, folder=folder)
    return {
        "list": one.name,
        "kind": one.kind,
        "records": sum(file["records"] for file in files),
        "left_out": {why: n for why, n in sorted(left_out.items()) if n},
        "changed": {what: n for what, n in sorted(counts.items()) if n},
        "files": files,
    }


def _identified(rows: Rows, identities: Rows | None) -> Rows:
    return rows if identities is None else rows.join(identities, on="customer_id", how="left")


def _of_shape(rows: Rows, shape: Shape, over: HandOver) -> Rows:
    """Customers of the kinds that a module takes; the first module takes all kinds nobody named."""
    if not shape.types:
        return rows
    kind = nw.col("customer_type")
    if not shape.others:
        return rows.filter(kind.is_in(list(shape.types)))
    elsewhere = [name for name in over.zoho.modules if name not in shape.types]
    return rows.filter(kind.is_null() | ~kind.is_in(elsewhere)) if elsewhere else rows


def most_rows(over: HandOver) -> int:
    """Records of a file, or at a time in memory."""
    return {"zoho": over.zoho.limits.rows, "fxiaoke": over.fxiaoke.limits.rows}.get(over.to) or SLICE


def slices(rows: Rows, size: int) -> Iterator[pd.DataFrame]:
    """The rows in their order, so many at a time; one empty slice where there are none."""
    total = int(to_pandas(rows.select(n=nw.len()))["n"].iloc[0])
    for start in range(0, max(total, 1), size):
        one = rows.filter((nw.col("n") >= start) & (nw.col("n") < start + size))
        yield to_pandas(one).sort_values("n", ignore_index=True)


def _named(
    rows: pd.DataFrame, one: HandList, shape: Shape, over: HandOver, told: tuple[Counter[str], Counter[str]]
) -> pd.DataFrame:
    """One slice under the CRM's headers; what was changed and left out is counted."""
    unnamed = None if over.to == "csv" else over.run.params.export.unnamed  # CSV demands no name
    found = named(rows, one.kind, unnamed=unnamed, swap=dict(shape.swaps))
    told[0].update(found.counts)
    told[1].update(found.left_out)
    return shape.table(found.rows)


def written(shape: Shape, tables: Iterator[pd.DataFrame], over: HandOver, *, folder: Path) -> list[dict[str, Any]]:
    """The files of tables under a CRM's headers, for their owner only."""
    if over.to == "csv":
        return [_one_csv(shape, tables, folder=folder)]
    files: list[dict[str, Any]] = []
    for table in tables:
        if over.to == "zoho":
            made = list(csv_parts(table, shape.limits, name=shape.name))
        else:
            made = [(len(table), xlsx_bytes(table))]
        for records, content in made:
            ending = "csv" if over.to == "zoho" else "xlsx"
            path = folder / f"{shape.name}_{len(files) + 1}.{ending}"
            shape.limits.check(path.name, rows=records, columns=table.shape[1], size=len(content))
            if records:
                write_bytes(path, content, mode=0o600)
                files.append(_told(path, shape, records))
    return files


def _one_csv(shape: Shape, tables: Iterator[pd.DataFrame], *, folder: Path) -> dict[str, Any]:
    """All slices in one file."""
    path, records = folder / f"{shape.name}.csv", 0
    write_bytes(path, b"", mode=0o600)
    with storage(path), path.open("ab") as file:
        for place, table in enumerate(tables):
            file.write(csv_bytes(table, header=place == 0))
            records += len(table)
    return _told(path, shape, records)


def _told(path: Path, shape: Shape, records: int) -> dict[str, Any]:
    """What the manifest says of a file."""
    with storage(path), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    limits = {"records": shape.limits.rows, "columns": shape.limits.columns, "bytes": shape.limits.bytes}
    return {
        "file": path.name,
        "sha256": digest,
        "bytes": path.stat().st_size,
        "records": records,
        "columns": list(shape.headers),
        "left_without_header": list(shape.missing),
        "module": shape.module,
        "limits": {name: most for name, most in limits.items() if most is not None},
    }
