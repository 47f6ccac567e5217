-- One row per customer; the day is assumed. A visit is an answer; a purchase counts on the last day of the two weeks.
SELECT
    'e-mail' AS campaign_id,
    'line ' || _line AS customer_id,
    CASE "segment" WHEN 'No E-Mail' THEN 'control' WHEN 'Mens E-Mail' THEN 'mens e-mail' ELSE 'womens e-mail' END AS arm,
    '2008-04-01 10:00:00' AS contacted_at,
    "visit" = '1' AS responded,
    CASE WHEN "conversion" = '1' THEN '2008-04-14 10:00:00' END AS converted_at,
    "spend" AS outcome_amount,
    _file,
    _line
FROM "Kevin_Hillstrom_MineThatData_E-MailAnalytics_DataMiningChallenge_2008.03.20"
