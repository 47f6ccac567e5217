"""Identifiers and keys (M38–M46)."""

from __future__ import annotations

from pathlib import Path

from tests.promises.cases import Seen, case
from tests.promises.provider import linecard, taken

HELD = "subscription_id,customer_id,product,monthly_fee,start_date\n"


@case("M38", "Equal rows of one primary key", "FIX")
def equal_rows(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": "customer_id,region\nA,North\nB,South\nA,North\n A ,North\n"})
    assert got.column("customers", "_line") == [2, 3]
    assert list(got.doors.iloc[0])[1:] == [4, 2, 0, 2, 0]
    return got.found("duplicate", rows=2)


@case("M38", "Equal rows of a table without a key", "NOTE")
def equal_bill_lines(folder: Path) -> Seen:
    line = "I1,A,2024-01,5\n"
    got = taken(folder, {"invoices.csv": f"invoice_id,customer_id,month,amount\n{line}{line}"})
    assert got.column("invoices", "amount") == [5.0, 5.0]
    return got.found("unique:line", rows=1)


@case("M39", "Rows of one customer that differ", "QUAR")
def conflicting_rows(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": "customer_id,region\nA,North\nB,South\nA,South\nA,North\n"})
    assert got.column("customers", "customer_id") == ["B"]
    return got.found("unique:customer_id", rows=3)


@case("M39", "Rows of one customer that differ, the latest to be kept", "FIX")
def conflicting_rows_by_date(folder: Path) -> Seen:
    rows = (
        "customer_id,region,changed_on\nA,North,2024-01-01\nA,South,2024-03-01\nB,East,2024-02-01\nA,East,2025-01-01\n"
    )
    tie = "C,East,2024-02-01\nC,West,2024-02-01\n"
    got = taken(folder, {"customers.csv": rows + tie}, keep="{customers: latest by changed_on}")
    assert got.column("customers", "region") == ["South", "East"]
    assert list(got.doors.iloc[0])[1:] == [6, 2, 2, 1, 1]
    got.found("unique:customer_id", rows=2)
    return got.found("superseded", rows=1)


@case("M40", "Ids that are blank or stand for none", "QUAR")
def no_ids(folder: Path) -> Seen:
    ids = ["A", "", " ", "NULL", "n/a", "0", "test", '"\u3000"']
    got = taken(folder, {"customers.csv": "customer_id,region\n" + "".join(f"{id},North\n" for id in ids)})
    assert got.column("customers", "customer_id") == ["A"]
    return got.found("not_null:customer_id", rows=7)


@case("M41", "Ids with leading zeros, exponents, or 18 digits", "OK")
def ids_like_numbers(folder: Path) -> Seen:
    ids = ["007", "12E5", "123456789012345678", "1.0"]
    rows = "".join(f"{id},2024-01,1\n" for id in ids)
    files = {"customers.csv": "customer_id\n" + "\n".join(ids), "usage.csv": f"customer_id,month,download_gb\n{rows}"}
    got = taken(folder, files)
    assert got.column("customers", "customer_id") == got.column("usage", "customer_id") == ids
    return got.plain()


@case("M42", "Ids that differ only by case, blanks or width", "NOTE")
def look_alike_ids(folder: Path) -> Seen:
    ids = ["ab-1", "AB-1", "AB -1", "ＡＢ－１", "C７", "C7", "C8"]
    got = taken(folder, {"customers.csv": "customer_id\n" + "\n".join(ids)})
    assert got.column("customers", "customer_id") == ids
    seen = got.found("alike:customer_id", rows=6)
    assert "6 that are 2 but for case" in seen.said
    return seen


def _orphans(folder: Path) -> dict[str, str]:
    use = "".join(f"A,{year}-{month:02},1\n" for year in range(2000, 2025) for month in range(1, 13))
    return {"customers.csv": "customer_id\nA\n", "usage.csv": f"customer_id,month,download_gb\n{use}Z,2024-01,1\n"}


@case("M43", "Usage of a customer who is not there", "QUAR")
def orphan(folder: Path) -> Seen:
    got = taken(folder, _orphans(folder))
    assert set(got.column("usage", "customer_id")) == {"A"}
    return got.found("relationships:customer_id", rows=1)


@case("M43", "More than 0.5 % of rows without a customer", "GATE")
def many_orphans(folder: Path) -> Seen:
    files = _orphans(folder)
    files["usage.csv"] += "Z,2024-02,1\n"
    taken(folder, files)
    params = folder / "params" / "quarterly" / "2024-Q4.yml"
    params.parent.mkdir()
    params.write_text("quarter: 2024-Q4\nsource: acme\n", encoding="utf-8")
    ended = linecard(folder, "check", "params/quarterly/2024-Q4.yml")
    assert ended.returncode == 5, ended.stderr
    assert "usage: 2 of 302 rows orphans (0.66 %)" in ended.stderr
    return Seen("GATE", ended.stderr.strip())


@case("M44", "A customer without a subscription", "NOTE")
def customer_of_nothing(folder: Path) -> Seen:
    files = {"customers.csv": "customer_id\nA\nB\nC\n", "subscriptions.csv": f"{HELD}S1,A,tv,1,2024-01-01\n"}
    files["subscriptions.csv"] += "S2,C,tv,1,2030-01-01\n"
    got = taken(folder, files)
    assert got.column("customers", "customer_id") == ["A", "B", "C"]
    return got.found("relationships:subscriptions", rows=2)


@case("M45", "A join that multiplies rows", "REFUSE")
def multiplying_join(folder: Path) -> Seen:
    files = {"crm.csv": "id\nA\nB\n", "lines.csv": "id,plan\nA,x\nA,y\nB,x\n"}
    select = "SELECT c.id AS customer_id, l.plan AS attr_plan, c._file, c._line FROM crm c JOIN lines l ON l.id = c.id"
    seen = taken(folder, files, selects={"customers": select}).refused
    assert "crm.csv, line 2, several times; so 2 rows" in seen.said
    assert "unique in the table joined" in seen.said
    return seen


@case("M45", "A join that multiplies bill lines", "REFUSE")
def multiplied_bills(folder: Path) -> Seen:
    files = {"bills.csv": "bill,id,amount\nI1,A,5\nI2,B,5\n", "lines.csv": "id\nA\nA\nB\n"}
    select = (
        "SELECT b.bill AS invoice_id, b.id AS customer_id, '2024-01' AS month, b.amount, b._file, b._line "
        "FROM bills b JOIN lines l ON l.id = b.id"
    )
    return taken(folder, files, selects={"invoices": select}).refused


@case("M46", "Rows without a customer beside customers without an id", "QUAR")
def null_keys(folder: Path) -> Seen:
    files = {
        "crm.csv": "id,area\nA,1\n,2\n,3\n",
        "areas.csv": "area,name\n1,North\n,South\n",
        "usage.csv": "customer_id,month,download_gb\nA,2024-01,1\n,2024-01,5\n",
    }
    select = (
        "SELECT id AS customer_id, name AS region, crm._file, crm._line "
        "FROM crm LEFT JOIN areas ON nullif(areas.area, '') = nullif(crm.id, '')"
    )
    got = taken(folder, files, selects={"customers": select})
    assert got.column("customers", "region") == [None]
    assert got.column("usage", "download_gb") == [1.0]
    got.found("not_null:customer_id", table="usage", rows=1)
    return got.found("not_null:customer_id", table="customers", rows=2)
