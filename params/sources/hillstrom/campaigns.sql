-- The one campaign: drawn by lot, to sell to customers of the last twelve months.
SELECT
    'e-mail' AS campaign_id,
    'E-mail' AS name,
    'upsell' AS objective,
    true AS randomised,
    '2008-04-01' AS start_date,
    '2008-04-14' AS end_date,
    min(_file) AS _file,
    min(_line) AS _line
FROM "Kevin_Hillstrom_MineThatData_E-MailAnalytics_DataMiningChallenge_2008.03.20"
