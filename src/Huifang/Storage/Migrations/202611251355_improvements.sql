-- What is changed because of what customers said, who raised it, and who was told.
create table improvements (
  no IDENTITY_KEY,
  id text not null,
  topic text not null,
  title text not null,
  state text not null,
  owner_id text,
  expected bigint,
  since_day bigint not null,
  shipped_day bigint,
  you_said text,
  we_did text,
  alarm_id text,
  reason text,
  made_at bigint not null,
  made_by text not null,
  published_at bigint,
  changed_at bigint not null
);
create unique index improvements_id on improvements (id);
create index improvements_state on improvements (state, changed_at desc);

create table improvement_evidence (
  improvement_id text not null,
  kind text not null,
  ref text not null,
  customer_id text,
  at bigint not null,
  added_by text not null,
  primary key (improvement_id, kind, ref)
);
create index improvement_evidence_customer on improvement_evidence (customer_id);

-- One row for each person who is told; the same occasion is the message's.
create table improvement_notices (
  improvement_id text not null,
  customer_id text not null,
  once text not null,
  at bigint not null,
  primary key (improvement_id, customer_id)
);
create index improvement_notices_once on improvement_notices (once);
