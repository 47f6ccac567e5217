-- One row per customer, from demographics, location, population and status.
-- The sample has no dates: signup is the snapshot less the tenure, leavers left at the snapshot.
SELECT
    d."Customer ID" AS customer_id,
    $snapshot_date - CAST(floor(CAST(s."Tenure in Months" AS INTEGER) * 30.4375) AS INTEGER) AS signup_date,
    CASE WHEN t."Churn Value" = '1' THEN $snapshot_date END AS churn_date,
    nullif(t."Churn Reason", '') AS churn_reason,
    CASE
        WHEN t."Churn Value" <> '1' THEN NULL
        WHEN t."Churn Reason" = 'Moved' THEN 'moved'
        WHEN t."Churn Reason" = 'Deceased' THEN 'deceased'
        WHEN t."Churn Reason" = 'Don''t know' THEN 'other'
        ELSE 'voluntary'
    END AS churn_kind,
    CASE WHEN t."Churn Value" = '1' THEN 'churned' ELSE 'active' END AS status,
    2019 - CAST(d."Age" AS INTEGER) AS birth_year,
    'ZIP ' || substr(l."Zip Code", 1, 3) AS region,
    l."Zip Code" AS area_id,
    CAST(replace(p."Population", ',', '') AS INTEGER) AS attr_zip_population,
    d._file,
    d._line
FROM "Telco_customer_churn_demographics" AS d
LEFT JOIN "Telco_customer_churn_services" AS s ON s."Customer ID" = d."Customer ID"
LEFT JOIN "Telco_customer_churn_status" AS t ON t."Customer ID" = d."Customer ID"
LEFT JOIN "Telco_customer_churn_location" AS l ON l."Customer ID" = d."Customer ID"
LEFT JOIN "Telco_customer_churn_population" AS p ON p."Zip Code" = l."Zip Code"
