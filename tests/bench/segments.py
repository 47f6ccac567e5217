"""A large base to be divided into classes: its features and its months, and the same classes in hand-written SQL."""

from __future__ import annotations

from pathlib import Path

import duckdb

MONTHS = 24
# Every value depends on the row's number alone, so that the same base comes out each time.
_CUSTOMERS = """
    SELECT printf('C%08d', i) AS customer_id, CASE WHEN i % 9 = 0 THEN 'left' ELSE 'active' END AS state,
        DATE '2026-09-30' AS landmark, (i % 1200) / 10.0 AS tenure_months,
        CASE WHEN i % 8 < 7 THEN 'household' ELSE 'business' END AS customer_type,
        CASE WHEN i % 8 = 7 THEN 'industry ' || (i % 11) END AS industry,
        CASE WHEN i % 8 = 7 THEN i % 400 END AS employees, CASE WHEN i % 8 < 7 THEN 18 + i % 70 END AS age,
        'Region ' || (i % 17) AS region, CASE WHEN i % 4 = 0 THEN 'rural' ELSE 'urban' END AS area_type,
        CASE WHEN i % 5 = 0 THEN 'ordinary' ELSE 'administrator' END AS account_role,
        CAST(i % 10 < 8 AS BIGINT) AS has_broadband, CAST(i % 3 = 0 AS BIGINT) AS has_mobile,
        CAST(i % 4 = 1 AS BIGINT) AS has_voice, 1 + i % 4 AS products,
        CASE WHEN i % 10 < 8 THEN ['fibre', 'cable', 'dsl'][1 + i % 3] END AS technology,
        CASE WHEN i % 10 < 8 THEN [16.0, 50.0, 250.0, 1000.0][1 + i % 4] END AS bandwidth_mbps,
        [1, 12, 24, 36][1 + i % 4] AS contract_months, (i * 7 % 900) / 1.5 AS download_gb_3m,
        (i * 11 % 900) / 1.5 AS download_gb_previous_3m, (i * 13 % 9000) / 100.0 - 5 AS monthly_margin
    FROM range({customers}) AS t (i)"""
_MONTHS = """
    SELECT printf('C%08d', i) AS customer_id,
        CAST(DATE '2024-10-01' + to_months(CAST(m AS INTEGER)) AS DATE) AS month,
        CAST(CASE WHEN (i + m) % 40 > 0 THEN 20 + i * 17 % 6000 / 100.0 END AS DECIMAL(18, 4)) AS revenue,
        CAST((i * 7 + m * 13) % 900 AS DOUBLE) * CAST(i % 6 > 0 AS INTEGER) AS download_gb
    FROM range({customers}) AS t (i), range({months}) AS u (m)
    WHERE i % 9 > 0 OR m < i % 24"""

# The classes of params/standards.yml, as whoever knows SQL would write them for these two tables.
BY_HAND = """
    WITH past AS (
        SELECT customer_id, CAST(revenue AS DECIMAL(38, 6)) AS revenue,
            (2026 - year(month)) * 12 + 9 - month(month) AS back,
            coalesce(revenue > 0, false) OR coalesce(download_gb, 0) > 0 AS counts
        FROM '{folder}/months.parquet' WHERE month <= DATE '2026-09-01'
    ), bought AS (
        SELECT customer_id, min(back) FILTER (counts) AS recency, count(*) FILTER (counts AND back < 12) AS frequency,
            CAST(sum(revenue) FILTER (back < 12) AS DOUBLE) / nullif(count(revenue) FILTER (back < 12), 0) AS lately,
            CAST(sum(revenue) AS DOUBLE) / nullif(count(revenue), 0) AS ever
        FROM past GROUP BY customer_id
    ), known AS (
        SELECT c.*, recency, coalesce(frequency, 0) AS frequency, round(coalesce(lately, ever), 6) AS monetary,
            state = 'left' AS gone
        FROM '{folder}/customers.parquet' AS c LEFT JOIN bought USING (customer_id)
    ), ranked AS (
        SELECT *, count(recency) OVER all_of AS r_all, count(*) OVER all_of AS f_all,
            count(monetary) OVER all_of AS m_all, count(monthly_margin) OVER all_of AS g_all,
            r_all + 1 - rank() OVER (PARTITION BY gone ORDER BY recency NULLS LAST) AS r_place,
            f_all + 1 - rank() OVER (PARTITION BY gone ORDER BY frequency DESC) AS f_place,
            m_all + 1 - rank() OVER (PARTITION BY gone ORDER BY monetary DESC NULLS LAST) AS m_place,
            g_all + 1 - rank() OVER (PARTITION BY gone ORDER BY monthly_margin DESC NULLS LAST) AS g_place
        FROM known WINDOW all_of AS (PARTITION BY gone)
    ), scored AS (
        SELECT * EXCLUDE (gone, r_all, f_all, g_all, r_place, f_place, m_place, m_all, g_place),
            CASE WHEN recency IS NOT NULL THEN (5 * r_place - 1) // r_all + 1 END AS r_score,
            (5 * f_place - 1) // f_all + 1 AS f_score,
            CASE WHEN monetary IS NOT NULL THEN (5 * m_place - 1) // m_all + 1 END AS m_score,
            m_place / m_all AS m_share, g_place / g_all AS g_share
        FROM ranked
    ), divided AS (
        SELECT * EXCLUDE (m_share, g_share),
            coalesce(customer_type, 'not available') AS customer_type_class,
            CASE WHEN customer_type = 'household' THEN 'household' ELSE coalesce(industry, 'not available') END
                AS industry_class,
            CASE WHEN customer_type = 'household' THEN 'household' WHEN employees >= 250 THEN 'large'
                WHEN employees >= 50 THEN 'medium' WHEN employees >= 10 THEN 'small' WHEN employees >= 1 THEN 'micro'
                ELSE 'not available' END AS business_size_class,
            CASE WHEN customer_type IN ('business', 'government', 'education') THEN 'no household'
                WHEN age >= 65 THEN 'elderly' WHEN age >= 30 THEN 'middle' WHEN age >= 0 THEN 'young'
                ELSE 'not available' END AS age_class,
            coalesce(account_role, 'not available') AS account_role_class,
            CASE WHEN state = 'left' THEN 'churned' WHEN tenure_months < 3 THEN 'new'
                WHEN download_gb_3m < 0.7 * download_gb_previous_3m THEN 'declining'
                WHEN tenure_months < 12 THEN 'growing'
                WHEN tenure_months >= 12 THEN 'mature' ELSE 'not available' END AS lifecycle_class,
            CASE WHEN contract_months <= 1 THEN 'month to month' WHEN contract_months = 12 THEN 'one year'
                WHEN contract_months = 24 THEN 'two years' WHEN contract_months IS NOT NULL THEN 'other term'
                ELSE 'not available' END AS contract_class,
            CASE WHEN has_broadband = 0 THEN 'no broadband' ELSE coalesce(technology, 'not available') END
                AS technology_class,
            CASE WHEN has_broadband = 0 AND coalesce(download_gb_3m, 0) = 0 THEN 'no broadband, no use'
                WHEN download_gb_3m >= 300 THEN 'heavy' WHEN download_gb_3m >= 50 THEN 'medium'
                WHEN download_gb_3m IS NOT NULL THEN 'light' ELSE 'not available' END AS usage_class,
            CASE WHEN has_broadband = 0 AND coalesce(bandwidth_mbps, 0) = 0 THEN 'no broadband'
                WHEN bandwidth_mbps >= 300 THEN 'high' WHEN bandwidth_mbps >= 50 THEN 'medium'
                WHEN bandwidth_mbps IS NOT NULL THEN 'low' ELSE 'not available' END AS bandwidth_class,
            coalesce(area_type, 'not available') AS area_class, coalesce(region, 'not available') AS region_class,
            CASE WHEN state = 'left' AND recency < 6 THEN 'left lately' WHEN recency IS NULL THEN 'nothing bought yet'
                WHEN recency < 3 AND m_share > 0.8 THEN 'core active'
                WHEN recency >= 6 AND m_share > 0.6 THEN 'dormant high value' WHEN recency >= 6 THEN 'dormant'
                WHEN recency >= 3 THEN 'slipping away' WHEN f_score >= 4 AND m_score <= 2 THEN 'frequent low spend'
                WHEN f_score >= 4 THEN 'frequent' WHEN m_score >= 4 THEN 'occasional high spend'
                ELSE 'occasional' END AS rfm_class,
            CASE WHEN g_share > 0.67 THEN 'high' WHEN g_share > 0.33 THEN 'middle'
                WHEN monthly_margin IS NOT NULL THEN 'low' ELSE 'not available' END AS margin_band_class
        FROM scored
    )
    SELECT *,
        CASE WHEN business_size_class IN ('medium', 'large') THEN 'large organisation'
            WHEN business_size_class IN ('micro', 'small') THEN 'small organisation'
            WHEN customer_type IN ('business', 'government', 'education') THEN 'other organisation'
            WHEN has_broadband = 1 AND has_mobile = 1 THEN 'converged'
            WHEN has_broadband = 1 AND has_voice = 1 THEN 'broadband and voice' WHEN has_broadband = 1 THEN 'data-led'
            WHEN has_voice = 1 THEN 'voice-led' WHEN has_mobile = 1 THEN 'mobile only'
            WHEN products >= 1 THEN 'other products only' ELSE 'not available' END AS needs_class
    FROM divided"""


# Who moved, as whoever knows SQL would write it: the classes of both dates side by side, then one count per dimension.
DIMENSIONS = (
    "lifecycle", "contract", "technology", "usage", "bandwidth", "area", "region", "rfm", "margin_band", "needs",
)  # fmt: skip
_MOVES = """
    CREATE TABLE moved AS
    WITH billed AS (
        SELECT customer_id, sum(revenue) FILTER (month < DATE '2026-07-01') AS before,
            sum(revenue) FILTER (month >= DATE '2026-07-01') AS after
        FROM '{folder}/months.parquet'
        WHERE month BETWEEN DATE '2026-04-01' AND DATE '2026-09-30' AND revenue IS NOT NULL GROUP BY customer_id
    )
    SELECT joined, event, before, after, {ends}
    FROM '{folder}/exposed.parquet' AS e LEFT JOIN '{folder}/by_hand.parquet' AS c USING (customer_id)
        LEFT JOIN billed USING (customer_id)"""
_COUNTED = """
    SELECT '{name}' AS dimension, CASE WHEN joined = 1 AND event = 0 THEN 'joined' ELSE {name}_from END AS "from",
        {name}_to AS "to", count(*) AS customers, coalesce(sum(before), 0) AS revenue_before,
        coalesce(sum(after), 0) AS revenue_after
    FROM moved GROUP BY ALL"""
# At the quarter's start some used less, held another term, or had not joined; who has left by now left in the quarter.
_EXPOSED = """
    SELECT * REPLACE (
            CASE WHEN i % 13 = 0 THEN 'medium' ELSE usage_class END AS usage_class,
            CASE WHEN i % 17 = 0 THEN 'one year' ELSE contract_class END AS contract_class,
            CASE WHEN i % 11 = 0 THEN 'occasional' ELSE rfm_class END AS rfm_class,
            CASE WHEN i % 19 = 0 THEN 'low' ELSE bandwidth_class END AS bandwidth_class
        ) , 1 AS spell, CAST(i % 23 = 0 AS BIGINT) AS joined, CAST(state = 'left' AS BIGINT) AS event,
        DATE '2025-01-01' AS spell_start
    FROM (SELECT *, CAST(substr(customer_id, 2) AS BIGINT) AS i FROM '{folder}/by_hand.parquet')"""


def write_moved(folder: Path) -> None:
    """Write `exposed.parquet`, the customers of `by_hand.parquet` as they were at the quarter's start."""
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({_EXPOSED.format(folder=folder)}) TO '{folder / 'exposed.parquet'}'")


def moves_by_hand(folder: Path) -> None:
    """Who moved in SQL, written as `moved_by_hand.parquet`."""
    ends = ", ".join(
        f"e.{name}_class AS {name}_from, CASE WHEN event = 1 THEN 'left' ELSE c.{name}_class END AS {name}_to"
        for name in DIMENSIONS
    )
    counted = " UNION ALL ".join(_COUNTED.format(name=name) for name in DIMENSIONS)
    with duckdb.connect() as engine:
        engine.execute(_MOVES.format(folder=folder, ends=ends))
        engine.execute(f"COPY (SELECT * FROM ({counted}) ORDER BY ALL) TO '{folder / 'moved_by_hand.parquet'}'")


def moved_apart(folder: Path) -> int:
    """Moves that the two tables count differently, in customers or in money, of those that are not masked."""
    with duckdb.connect() as engine:
        [(rows,)] = engine.execute(
            f"SELECT count(*) FROM (SELECT * FROM '{folder}/moved_ours.parquet' WHERE NOT money_masked) AS a "
            f'LEFT JOIN \'{folder}/moved_by_hand.parquet\' AS b USING (dimension, "from", "to") '
            "WHERE a.customers IS DISTINCT FROM b.customers OR abs(a.revenue_before - b.revenue_before) > 0.005 "
            "OR abs(a.revenue_after - b.revenue_after) > 0.005 OR b.customers IS NULL"
        ).fetchall()
    return int(rows)


def write_base(folder: Path, customers: int) -> None:
    """Write `customers.parquet` (features at the as-of date) and `months.parquet` of so many customers."""
    with duckdb.connect() as engine:
        for name, sql in (("customers", _CUSTOMERS), ("months", _MONTHS)):
            text = sql.format(customers=customers, months=MONTHS)
            engine.execute(f"COPY ({text}) TO '{folder / name}.parquet'")


def classes_by_hand(folder: Path) -> None:
    """The classes and RFM in SQL, written as `by_hand.parquet` in the order of the customers."""
    with duckdb.connect() as engine:
        sql = BY_HAND.format(folder=folder)
        engine.execute(f"COPY (SELECT * FROM ({sql}) ORDER BY customer_id) TO '{folder / 'by_hand.parquet'}'")


def apart(folder: Path) -> int:
    """Customers of whom the two tables say anything different: in a class, a score or a value."""
    with duckdb.connect() as engine:
        names = [row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM '{folder}/by_hand.parquet'").fetchall()]
        differs = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in names)
        [(rows,)] = engine.execute(
            f"SELECT count(*) FROM '{folder}/by_hand.parquet' AS a "
            f"FULL JOIN '{folder}/ours.parquet' AS b USING (customer_id) WHERE {differs}"
        ).fetchall()
    return int(rows)
