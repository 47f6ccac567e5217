"""Shape and columns (M26–M37)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from tests.promises.cases import Seen, case
from tests.promises.provider import taken

from analysis.models.encoder import fit_encoder

CUSTOMERS = "customer_id,region\nA,North\nB,South\nC,West\n"


@case("M26", "Columns in another order", "OK")
def column_order(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": "region,customer_id\nNorth,A\n"})
    assert got.column("customers", "customer_id") == ["A"]
    return got.plain()


@case("M27", "A column nobody knows", "NOTE")
def unknown_column(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": "customer_id,shoe size\nA,43\n"}).found("ignored")
    assert "attr_shoe_size" in seen.said
    return seen


@case("M28", "A required column is missing", "REFUSE")
def missing_column(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": "customer_ix,region\nA,North\n"}).refused
    assert "expected a column customer_id" in seen.said
    assert "Closest: 'customer_ix'" in seen.said
    return seen


@case("M31", "A field too many on every row", "REFUSE")
def shifted(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": "customer_id,region\nA,North,x\nB,South,x\n"}).refused
    assert "3 fields where the header has 2, and so in all 2 rows" in seen.said
    return seen


@case("M32", "A field too many or too few on some rows", "QUAR")
def ragged(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": "customer_id,region\nA,North\nB,South,x\nC\nD,West\n"})
    assert got.column("customers", "customer_id") == ["A", "D"]
    return got.found("fields", rows=2)


@case("M33", "The header again among the rows", "QUAR")
def header_again(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": f"{CUSTOMERS}customer_id,region\nD,East\n"})
    assert got.column("customers", "customer_id") == ["A", "B", "C", "D"]
    return got.found("header", rows=1)


@case("M33", "A line of totals at the end", "QUAR")
def totals(folder: Path) -> Seen:
    usage = "customer_id,month,download_gb\nA,2024-01,5\nB,2024-01,6\nTotal,,11\n"
    got = taken(folder, {"customers.csv": CUSTOMERS, "usage.csv": usage})
    assert got.column("usage", "customer_id") == ["A", "B"]
    return got.found("total", rows=1)


@case("M34", "A required column without a value", "REFUSE")
def empty_required(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": "customer_id,region\n,North\n,South\n"}).refused
    assert "expected values in customer_id, found none in any row" in seen.said
    return seen


@case("M35", "An optional column without a value", "NOTE")
def empty_optional(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": "customer_id,region\nA,\nB,\n"}).found("empty:region")
    assert "What needs it is left out of the report." in seen.said
    return seen


@case("M36", "A feature that is the same for all", "NOTE")
def constant_feature(folder: Path) -> Seen:
    """Accepted on reading; no model has a column of it, and the report's table of covariates says why."""
    files = {
        "customers.csv": "customer_id,region,birth_year\n" + "".join(f"C{n},North,{1950 + n}\n" for n in range(40))
    }
    got = taken(folder, files)
    assert not got.rules
    rows = got.tables["customers"][["region", "birth_year"]].assign(
        landmark=pd.Timestamp("2024-12-31"), tenure_months=range(40), event=[0, 1] * 20
    )
    encoder = fit_encoder(rows, ["region", "birth_year"])
    assert "region" not in set(encoder.columns["covariate"])
    assert "birth_year" in set(encoder.columns["covariate"])
    reasons = dict(encoder.left_out)
    assert "the same for all" in reasons["region"]
    return Seen("NOTE", f"region: left out. {reasons['region']}")


@case("M37", "Words among the numbers of a column", "QUAR")
def words_among_numbers(folder: Path) -> Seen:
    rows = "".join(f"A,2024-{month:02d},{month}\n" for month in range(1, 11))
    usage = f"customer_id,month,download_gb\n{rows}A,2024-11,lots\nA,2024-12,n/a\n"
    got = taken(folder, {"customers.csv": CUSTOMERS, "usage.csv": usage})
    assert len(got.column("usage", "download_gb")) == 10
    return got.found("type:download_gb", rows=2)
