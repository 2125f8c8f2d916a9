-- What one person proposed and another must approve. Payload and words are sealed; the seals bind who, what and until when, so that a changed row is not done.
-- The database itself refuses a decision by the same person, under the same role, or from the same session.
create table approvals (
  id text primary key,
  kind text not null,
  customer_id text,
  payload BYTES not null,
  payload_hash text not null,
  why BYTES not null,
  asked_by text not null,
  asked_role text not null,
  asked_session text not null,
  asked_at bigint not null,
  asked_seal BYTES not null,
  expires_at bigint not null,
  state text not null check (state in ('Asked', 'Given', 'Refused', 'Expired', 'Withdrawn', 'Done', 'Failed')),
  decided_by text,
  decided_role text,
  decided_session text,
  decided_at bigint,
  decided_why BYTES,
  decided_seal BYTES,
  done_at bigint,
  outcome text,
  check (decided_by <> asked_by),
  check (decided_role <> asked_role),
  check (decided_session <> asked_session),
  check (state not in ('Given', 'Refused', 'Done', 'Failed') or (decided_by is not null and decided_role is not null and decided_session is not null and decided_seal is not null))
);
create index approvals_open on approvals (expires_at) where state = 'Asked';
create index approvals_recent on approvals (asked_at desc);
-- The same act waits once.
create unique index approvals_once on approvals (kind, payload_hash) where state in ('Asked', 'Given');
