-- One row per line of the file: no id is given, and equal lines are different people.
SELECT
    'line ' || _line AS customer_id,
    "recency" AS attr_months_since_order,
    "history" AS attr_spent_last_year,
    CASE WHEN "mens" = '1' AND "womens" = '1' THEN 'both' WHEN "mens" = '1' THEN 'mens' ELSE 'womens' END AS attr_goods,
    replace("zip_code", 'Surburban', 'Suburban') AS attr_lives,
    CASE "newbie" WHEN '1' THEN 'new' ELSE 'known' END AS attr_newcomer,
    "channel" AS attr_bought_by,
    _file,
    _line
FROM "Kevin_Hillstrom_MineThatData_E-MailAnalytics_DataMiningChallenge_2008.03.20"
