-- Everything that happens, once: the customers' timeline, the audit trail and the workers' queue.
create table journal (
  seq IDENTITY_KEY,
  source text not null,
  id text not null,
  kind text not null,
  customer_id text,
  at bigint not null,
  recorded_at bigint not null,
  actor text not null,
  data text not null,
  sealed BYTES,
  body_hash bigint not null,
  considered text
);
create unique index journal_once on journal (source, id);
create index journal_timeline on journal (customer_id, at desc, seq desc);

-- What is still to be done because of a fact: one row per listener, gone once that listener has decided.
create table reactions (
  seq bigint not null,
  listener text not null,
  try_at bigint not null,
  tries bigint not null default 0,
  error text,
  primary key (listener, seq)
);
create index reactions_stuck on reactions (tries) where tries > 0;

-- What could not be parsed, as it came. A person sees it and can send it again.
create table quarantine (
  id text primary key,
  received_at bigint not null,
  sender text not null,
  content_type text not null,
  raw BYTES not null,
  reason text not null,
  field text,
  settled_at bigint,
  settled_by text,
  settled_how text
);
create index quarantine_open on quarantine (received_at) where settled_at is null;
