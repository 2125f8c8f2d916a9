-- Who is told about what happens here. Secrets are sealed with the house's key; the old one signs too until its time is over.
create table webhook_endpoints (
  id text primary key,
  url text not null,
  kinds text not null,
  secret BYTES not null,
  old_secret BYTES,
  old_until bigint,
  state text not null,
  reason text,
  made_at bigint not null,
  made_by text not null,
  changed_at bigint not null
);

-- One fact for one endpoint. What could not be brought in all its tries waits for a person.
create table webhook_deliveries (
  id text primary key,
  endpoint_id text not null,
  seq bigint not null,
  kind text not null,
  body text not null,
  state text not null,
  tries bigint not null default 0,
  try_at bigint not null,
  leased_until bigint,
  status bigint,
  error text,
  made_at bigint not null,
  done_at bigint
);
create unique index webhook_deliveries_once on webhook_deliveries (endpoint_id, seq);
create index webhook_deliveries_due on webhook_deliveries (try_at) where state = 'Queued';
create index webhook_deliveries_recent on webhook_deliveries (endpoint_id, made_at desc);
create index webhook_deliveries_dead on webhook_deliveries (made_at) where state = 'Dead';

-- Answers to requests that carried an Idempotency-Key, for seven days.
create table idempotency_keys (
  client text not null,
  idem_key text not null,
  request BYTES not null,
  made_at bigint not null,
  leased_until bigint,
  status bigint,
  content_type text,
  answer BYTES,
  primary key (client, idem_key)
);
create index idempotency_keys_old on idempotency_keys (made_at);

-- A key that was rotated names the one that came after it.
alter table api_keys add column followed_by text;
alter table api_keys add column made_by text;
alter table api_keys add column used_at bigint;
