-- The sample gives one average per customer for the quarter: it stands for each of the quarter's months
-- that the customer was there.
SELECT
    s."Customer ID" AS customer_id,
    m.month,
    s."Avg Monthly GB Download" AS download_gb
FROM "Telco_customer_churn_services" AS s
CROSS JOIN (VALUES (DATE '2019-07-01'), (DATE '2019-08-01'), (DATE '2019-09-01')) AS m (month)
WHERE
    s."Internet Service" = 'Yes'
    AND m.month + 31 > $snapshot_date - CAST(floor(CAST(s."Tenure in Months" AS INTEGER) * 30.4375) AS INTEGER)
