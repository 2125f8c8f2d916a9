-- What waits for a second person is asked at the desk of approvals; the redress knows its request.
alter table complaint_redress add column approval_id text;
