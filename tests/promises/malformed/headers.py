"""Headers and the dictionary of their spellings (M06, M29, M30)."""

from __future__ import annotations

from pathlib import Path

from tests.promises.cases import Seen, case
from tests.promises.provider import taken

CHINESE = "客户编号,开户日期,地区\nK1,2024-02-01,华东\nK2,2024-03-01,华南\n"


@case("M06", "Chinese text in GB18030, with headers the dictionary knows: read", "FIX")
def gb18030(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": CHINESE.encode("gb18030")})
    assert got.column("customers", "region") == ["华东", "华南"]
    return got.found("headers", rows=2)


@case("M06", "Chinese text in GBK, with headers the dictionary knows: the encoding named", "NOTE")
def gbk(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": CHINESE.encode("gbk")})
    assert got.column("customers", "region") == ["华东", "华南"]
    seen = got.found("encoding", rows=2)
    assert "GB18030" in seen.said
    return seen


@case("M06", "Chinese values in GBK below an English header: nothing proves the encoding", "REFUSE")
def gbk_without_known_header(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": "customer_id,region\nK1,华东\n".encode("gbk")}).refused
    assert "line 2: expected text in utf-8, found a byte that is none, at offset 22" in seen.said
    assert "csv: {encoding: …}" in seen.said
    return seen


@case("M06", "A file that stops being GB18030 below its header", "REFUSE")
def broken_gb18030(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": CHINESE.encode("gb18030") + b"K3,2024-04-01,\xff\n"}).refused
    assert "line 4: expected text in gb18030, found a byte that is none" in seen.said
    return seen


@case("M29", "Headers in other case, with spaces, full-width, or Chinese", "FIX")
def other_spellings(folder: Path) -> Seen:
    header = "CUSTOMER ID,Ｓｉｇｎｕｐ＿Ｄａｔｅ,离网日期,Region,birthYear,shoe_size"
    got = taken(folder, {"customers.csv": f"{header}\nK1,2024-02-01,2024-09-01,North,1980,44\n"})
    assert got.column("customers", "customer_id") == ["K1"]
    assert [str(day)[:10] for day in got.column("customers", "churn_date")] == ["2024-09-01"]
    assert got.column("customers", "birth_year") == [1980]
    assert got.rules == ["customers: headers", "customers: ignored"]
    seen = got.found("headers", rows=1)
    assert "found 'CUSTOMER ID' for customer_id, 'Ｓｉｇｎｕｐ＿Ｄａｔｅ' for signup_date, '离网日期'" in seen.said
    assert "If one is wrong, select the right column in params/sources/acme/customers.sql." in seen.said
    return seen


@case("M30", "Two columns of one meaning", "REFUSE")
def one_meaning_twice(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": "customer_id,region,地区\nK1,North,华北\n"}).refused
    assert seen.said == (
        "customers.csv: expected one column for region, found 'region' and '地区'. "
        "Remove or rename one of them, or say in params/sources/acme/customers.sql which is meant."
    )
    return seen


@case("M30", "A column that pandas wrote twice: fee and fee.1", "REFUSE")
def written_twice_by_pandas(folder: Path) -> Seen:
    rows = "subscription_id,customer_id,product,start_date,fee,fee.1\nS1,K1,broadband,2024-01-01,29.90,31.00\n"
    seen = taken(folder, {"customers.csv": "customer_id\nK1\n", "subscriptions.csv": rows}).refused
    assert "expected one column for monthly_fee, found 'fee' and 'fee.1'" in seen.said
    return seen
