-- One row per customer, signed with the first order. Nothing tells who will not come back: there is no churn_date.
WITH orders AS (
    SELECT string_split_regex(trim(" customer_id  date number_of_cds  dollar_value"), ' +') AS part, _file, _line
    FROM "CDNOW_master"
)

SELECT
    part[1] AS customer_id,
    min(part[2]) AS signup_date,
    min(_file) AS _file,
    min(_line) AS _line
FROM orders
GROUP BY part[1]
