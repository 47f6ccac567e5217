"""Extracts of a large provider, written straight from SQL: two months-long tables of a row per customer and month."""

from __future__ import annotations

from pathlib import Path

import duckdb

MONTHS = 24
SOURCE = """\
name: Large Broadband
format: csv
files: raw
observed_from: 2024-10-01
currency: EUR
timezone: Europe/Berlin
"""
# Every value depends on the row's number alone, so that the same extracts come out each time.
_SELECTS = {
    "customers": """
        SELECT printf('C%08d', i) AS customer_id, DATE '2015-01-01' + CAST(i % 3500 AS INTEGER) AS signup_date,
            CASE WHEN i % 7 = 0 THEN DATE '2024-10-02' + CAST(i % 720 AS INTEGER) END AS churn_date,
            CASE WHEN i % 7 = 0 THEN 'voluntary' END AS churn_kind, 'household' AS customer_type,
            'Region ' || (i % 17) AS region, 'A' || (i % 400) AS area_id
        FROM range({customers}) AS t (i)""",
    "subscriptions": """
        SELECT printf('S%08d', i) AS subscription_id, printf('C%08d', i) AS customer_id, 'broadband' AS product,
            'Fibre ' || (100 * (1 + i % 5)) AS plan, printf('%d.%02d', 20 + i % 40, i % 100) AS monthly_fee,
            12 AS contract_months, DATE '2015-01-01' + CAST(i % 3500 AS INTEGER) AS start_date,
            CASE WHEN i % 7 = 0 THEN DATE '2024-10-02' + CAST(i % 720 AS INTEGER) END AS end_date
        FROM range({customers}) AS t (i)""",
    "usage": """
        SELECT printf('C%08d', i) AS customer_id,
            CAST(DATE '2024-10-01' + to_months(CAST(m AS INTEGER)) AS DATE) AS month,
            printf('%d.%d', (i * 7 + m * 13) % 900, i % 10) AS download_gb,
            printf('%d.%d', (i + m) % 60, m % 10) AS upload_gb, 5 + (i + m) % 20 AS active_days,
            (i * m) % 15 AS app_logins
        FROM range({customers}) AS t (i), range({months}) AS u (m)""",
    "invoices": """
        SELECT printf('I%08d%02d', i, m) AS invoice_id, printf('C%08d', i) AS customer_id,
            CAST(DATE '2024-10-01' + to_months(CAST(m AS INTEGER)) AS DATE) AS month,
            CAST(DATE '2024-10-05' + to_months(CAST(m AS INTEGER)) AS DATE) AS issued_on, 'recurring' AS kind,
            printf('%d.%02d', 20 + i % 40, i % 100) AS amount,
            CAST(DATE '2024-10-19' + to_months(CAST(m AS INTEGER)) AS DATE) AS due_date,
            CASE WHEN (i + m) % 30 > 0
                THEN CAST(DATE '2024-10-15' + to_months(CAST(m AS INTEGER)) AS DATE) END AS paid_date
        FROM range({customers}) AS t (i), range({months}) AS u (m)""",
}
_TYPES = {
    "download_gb": "DOUBLE", "upload_gb": "DOUBLE", "active_days": "BIGINT", "app_logins": "BIGINT",
    "monthly_fee": "DECIMAL(18,4)", "amount": "DECIMAL(18,4)", "contract_months": "BIGINT",
}  # fmt: skip


def write_extracts(folder: Path, customers: int) -> int:
    """Write source.yml and raw/*.csv under `folder`; how many rows they have."""
    (folder / "raw").mkdir(parents=True)
    (folder / "source.yml").write_text(SOURCE, encoding="utf-8")
    with duckdb.connect() as engine:
        for name, sql in _SELECTS.items():
            text = sql.format(customers=customers, months=MONTHS)
            engine.execute(f"COPY ({text}) TO '{folder / 'raw' / name}.csv' (HEADER, DELIMITER ',')")
    return customers * (2 + 2 * MONTHS)


def typed_scan(folder: Path) -> int:
    """Read the same files in DuckDB alone, every column of its known type, into tables; how many rows came."""
    rows = 0
    with duckdb.connect() as engine:
        for name in _SELECTS:
            path = folder / "raw" / f"{name}.csv"
            header = path.open(encoding="utf-8").readline().strip().split(",")
            types = ", ".join(f"'{column}': '{_type(column)}'" for column in header)
            engine.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', columns = {{{types}}}, header = true, "
                "auto_detect = false, delim = ',', quote = '\"')"
            )
            rows += engine.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    return rows


def _type(column: str) -> str:
    return _TYPES.get(column, "DATE" if column == "month" or column.endswith(("_date", "_on")) else "VARCHAR")
