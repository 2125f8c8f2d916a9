-- What people ask about their own data, and what became of it.
create table privacy_requests (
  id text primary key,
  customer_id text not null,
  kind text not null,
  asked_at bigint not null,
  asked_by text not null,
  due_at bigint not null,
  not_before bigint not null,
  state text not null,
  reason text,
  ended_at bigint,
  ended_by text
);
-- One open request of a kind at a time.
create unique index privacy_requests_open on privacy_requests (customer_id, kind) where state = 'Open';
create index privacy_requests_due on privacy_requests (not_before) where state = 'Open';
create index privacy_requests_recent on privacy_requests (asked_at desc);

-- Who does not want to be decided about by rules alone.
create table automation_refusals (
  customer_id text primary key,
  at bigint not null,
  by_whom text not null
);

-- The operator's own times for classes of data; what has no row here is kept as shipped.
create table retention_policies (
  class text primary key,
  days bigint not null,
  changed_at bigint not null,
  changed_by text not null
);

-- What was deleted because its time was over.
create table retention_runs (
  id text primary key,
  class text not null,
  days bigint not null,
  cut_off bigint not null,
  removed bigint not null,
  held bigint not null,
  at bigint not null,
  fact text not null
);
create index retention_runs_recent on retention_runs (at desc);
create index journal_sealed on journal (at) where sealed is not null;
