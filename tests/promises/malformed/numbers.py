"""Numbers (M47–M57)."""

from __future__ import annotations

from pathlib import Path

from tests.promises.cases import Seen, case
from tests.promises.provider import taken

BILLS = "invoice_id,customer_id,month,kind,amount\n"
USE = "customer_id,month,download_gb,active_days,evening_share\n"
# The documented rule: who has been there for less than a month has been charged nothing yet.
CHARGED = """
SELECT 'opening-' || _line AS invoice_id, customerID AS customer_id, '2024-12' AS month, 'one_off' AS kind,
    CASE WHEN trim(TotalCharges) = '' AND tenure = '0' THEN '0' ELSE TotalCharges END AS amount,
    CASE WHEN trim(TotalCharges) = '' AND tenure = '0' THEN 'amount' END AS _repaired, _file, _line
FROM telco
"""


@case("M47", "A blank total charge at tenure 0", "FIX")
def blank_charge_of_a_new_customer(folder: Path) -> Seen:
    got = taken(folder, {"telco.csv": "customerID,tenure,TotalCharges\nA,0, \nB,3,90\n"}, selects={"invoices": CHARGED})
    assert got.column("invoices", "amount") == [0.0, 90.0]
    return got.found("repaired:amount", rows=1)


@case("M47", "A blank total charge at a later tenure", "QUAR")
def blank_charge_of_an_old_customer(folder: Path) -> Seen:
    got = taken(folder, {"telco.csv": "customerID,tenure,TotalCharges\nA,7, \nB,3,90\n"}, selects={"invoices": CHARGED})
    assert got.column("invoices", "amount") == [90.0]
    return got.found("not_null:amount", rows=1)


@case("M48", "A bill line below zero that is no credit", "QUAR")
def negative_bill(folder: Path) -> Seen:
    got = taken(folder, {"invoices.csv": f"{BILLS}I1,A,2024-01,credit,-5\nI2,A,2024-01,recurring,-35.90\n"})
    assert got.column("invoices", "amount") == [-5.0]
    seen = got.found("range:amount", rows=1)
    assert "found -35.90 (invoice I2)" in seen.said
    assert "give them kind = 'credit'" in seen.said
    return seen


@case("M48", "A monthly fee below zero", "QUAR")
def negative_fee(folder: Path) -> Seen:
    rows = "subscription_id,customer_id,product,monthly_fee,start_date\nS1,A,tv,-1,2024-01-01\nS2,A,tv,0,2024-01-01\n"
    got = taken(folder, {"subscriptions.csv": rows})
    assert got.column("subscriptions", "subscription_id") == ["S2"]
    return got.found("range:monthly_fee", rows=1)


@case("M49", "Usage and durations below zero", "QUAR")
def negative_use(folder: Path) -> Seen:
    calls = "ticket_id,opened_at,handle_minutes\nT1,2024-01-01,-3\nT2,2024-01-01,3\n"
    got = taken(folder, {"usage.csv": f"{USE}A,2024-01,-1,3,0.5\nA,2024-02,1,3,0.5\n", "tickets.csv": calls})
    got.found("range:handle_minutes", rows=1)
    assert got.column("tickets", "ticket_id") == ["T2"]
    return got.found("range:download_gb", rows=1)


@case("M50", "Separated thousands, currency signs, full-width digits", "FIX")
def written_amounts(folder: Path) -> Seen:
    amounts = ['"1,234.50"', "¥29.85", "29.85元", "２９．８５", '"￥1,234"', "CNY 5", "-¥3", "7"]
    kinds = ["credit" if "-" in amount else "usage" for amount in amounts]
    lines = [f"I{n},A,2024-01,{kind},{amount}" for n, (kind, amount) in enumerate(zip(kinds, amounts, strict=True))]
    got = taken(folder, {"invoices.csv": BILLS + "\n".join(lines)}, currency="CNY")
    assert got.column("invoices", "amount") == [1234.5, 29.85, 29.85, 29.85, 1234.0, 5.0, -3.0, 7.0]
    return got.found("written:amount", rows=7)


@case("M50", "A sign of another currency than the source's", "QUAR")
def foreign_amounts(folder: Path) -> Seen:
    got = taken(folder, {"invoices.csv": f"{BILLS}I1,A,2024-01,usage,$5\nI2,A,2024-01,usage,€5\n"})
    assert got.column("invoices", "amount") == [5.0]
    return got.found("type:amount", rows=1)


@case("M51", "1.234,56 under a decimal point", "REFUSE")
def decimal_comma(folder: Path) -> Seen:
    rows = 'I1,A,2024-01,usage,"1.234,56"\nI2,A,2024-01,usage,"1,234"\nI3,A,2024-01,usage,7\n'
    seen = taken(folder, {"invoices.csv": BILLS + rows}).refused
    assert "invoices.csv, line 2" in seen.said
    assert 'decimal: ","' in seen.said
    assert "not guessed" in seen.said
    return seen


@case("M51", "1.234,56 under a declared decimal comma", "FIX")
def declared_decimal_comma(folder: Path) -> Seen:
    rows = 'I1,A,2024-01,usage,"1.234,56"\nI2,A,2024-01,usage,"7,5"\n'
    got = taken(folder, {"invoices.csv": BILLS + rows}, csv='{decimal: ","}')
    assert got.column("invoices", "amount") == [1234.56, 7.5]
    return got.found("written:amount", rows=1)


@case("M52", "inf, NaN and 1e308", "QUAR")
def no_numbers(folder: Path) -> Seen:
    texts = ["inf", "NaN", "1e308", "-Infinity", "5"]
    use = "".join(f"A,2024-0{n},{text},3,0.5\n" for n, text in enumerate(texts, start=1))
    bills = "".join(f"I{n},A,2024-01,usage,{text}\n" for n, text in enumerate(texts))
    got = taken(folder, {"usage.csv": USE + use, "invoices.csv": BILLS + bills})
    assert got.column("usage", "download_gb") == got.column("invoices", "amount") == [5.0]
    got.found("type:amount", rows=4)
    return got.found("type:download_gb", rows=4)


def _shares(folder: Path):
    rows = "A,2024-01,1,3,0.45\nA,2024-02,1,3,45\nA,2024-03,1,3,0\nA,2024-04,1,3,101\n"
    got = taken(folder, {"usage.csv": USE + rows})
    assert got.column("usage", "evening_share") == [0.45, 0.0]
    return got


@case("M53", "Percents among shares", "QUAR")
def percents(folder: Path) -> Seen:
    return _shares(folder).found("range:evening_share", rows=2)


@case("M53", "Percents among shares, explained", "NOTE")
def percents_explained(folder: Path) -> Seen:
    seen = _shares(folder).found("percent:evening_share", rows=1)
    assert "divide them by 100" in seen.said
    return seen


@case("M57", "Satisfaction outside its scale", "QUAR")
def score_off_its_scale(folder: Path) -> Seen:
    head = "survey_id,customer_id,sent_at,nps_score,csat_score\n"
    rows = "S1,A,2024-01-01,10,5\nS2,A,2024-01-01,11,5\nS3,A,2024-01-01,-1,5\nS4,A,2024-01-01,0,6\n"
    got = taken(folder, {"surveys.csv": head + rows})
    assert got.column("surveys", "survey_id") == ["S1"]
    got.found("range:csat_score", rows=1)
    return got.found("range:nps_score", rows=2)
