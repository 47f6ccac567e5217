-- One row per line of the file: each is an order of its own, also where a customer has two alike on one day.
WITH orders AS (
    SELECT string_split_regex(trim(" customer_id  date number_of_cds  dollar_value"), ' +') AS part, _file, _line
    FROM "CDNOW_master"
)

SELECT
    'order ' || _line AS invoice_id,
    part[1] AS customer_id,
    part[2] AS issued_on,
    substr(part[2], 1, 6) || '01' AS month,
    'one_off' AS kind,
    part[4] AS amount,
    _file,
    _line
FROM orders
