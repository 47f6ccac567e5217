-- One row per customer and product. The sample gives one monthly charge per customer: it stands on the
-- broadband row, or on the voice row of who has no internet; the other rows carry a fee of 0.
WITH held AS (
    SELECT
        s.*,
        $snapshot_date - CAST(floor(CAST(s."Tenure in Months" AS INTEGER) * 30.4375) AS INTEGER) AS start_date,
        CASE WHEN t."Churn Value" = '1' THEN $snapshot_date END AS end_date
    FROM "Telco_customer_churn_services" AS s
    LEFT JOIN "Telco_customer_churn_status" AS t ON t."Customer ID" = s."Customer ID"
),

products AS (
    SELECT *, 'broadband' AS product, "Internet Service" AS has FROM held
    UNION ALL
    SELECT *, 'voice' AS product, "Phone Service" AS has FROM held
    UNION ALL
    SELECT *, 'security' AS product, "Online Security" AS has FROM held
    UNION ALL
    SELECT *, 'cloud' AS product, "Online Backup" AS has FROM held
    UNION ALL
    SELECT *, 'tv' AS product, "Streaming TV" AS has FROM held
)

SELECT
    "Customer ID" || '/' || product AS subscription_id,
    "Customer ID" AS customer_id,
    product,
    CASE
        WHEN product <> 'broadband' THEN NULL
        WHEN "Internet Type" = 'Fiber Optic' THEN 'fibre'
        ELSE lower("Internet Type")
    END AS technology,
    CASE
        WHEN product = 'broadband' OR (product = 'voice' AND "Internet Service" = 'No') THEN "Monthly Charge"
        ELSE '0'
    END AS monthly_fee,
    CASE "Contract" WHEN 'Month-to-Month' THEN 1 WHEN 'One Year' THEN 12 WHEN 'Two Year' THEN 24 END
        AS contract_months,
    "Payment Method" AS payment_method,
    start_date,
    end_date,
    _file,
    _line
FROM products
WHERE has = 'Yes'
