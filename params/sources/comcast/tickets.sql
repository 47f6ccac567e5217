-- One row per complaint. Nothing names a customer, and nothing tells when one was closed.
SELECT
    "Ticket #" AS ticket_id,
    "Date" || ' ' || "Time" AS opened_at,
    lower("Status") AS status,
    "Received Via" AS channel,
    "Customer Complaint" AS text,
    true AS is_complaint,
    replace("State", ' Of ', ' of ') AS region,  -- the District of Columbia is written in two ways
    _file,
    _line
FROM "Comcast_telecom_complaints_data"
