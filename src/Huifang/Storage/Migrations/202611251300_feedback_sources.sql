-- Every way in which customers say something ends in one record: what was said about which version of the app, where, by which channel.
alter table feedback add column segment text;
alter table feedback add column app_version text;
alter table feedback add column region text;
alter table feedback add column channel text;
alter table feedback add column complaint_id text;
-- A keyed hash of the words without spaces and case, so that a text that many people copied is one group although the words are sealed.
alter table feedback add column text_hash bigint;
create index feedback_copies on feedback (text_hash, at);

create table feedback_mappings (
  id text primary key,
  mapping text not null,
  saved_at bigint not null,
  saved_by text not null
);

create table feedback_imports (
  id text primary key,
  name text not null,
  mapping_id text not null,
  at bigint not null,
  by_whom text not null,
  rows_read bigint not null,
  kept bigint not null,
  known bigint not null,
  bad bigint not null
);
create index feedback_imports_newest on feedback_imports (at desc);

-- Rows that say nothing that we can read: kept as they came, shown to a person, never dropped.
create table feedback_bad_rows (
  id text primary key,
  import_id text not null,
  row_no bigint not null,
  field text not null,
  reason text not null,
  raw BYTES not null,
  at bigint not null,
  settled_at bigint,
  settled_by text
);
create index feedback_bad_rows_open on feedback_bad_rows (settled_at, at desc);

-- Addresses that are asked again and again for new reviews.
create table feedback_feeds (
  id text primary key,
  name text not null,
  url text not null,
  mapping_id text not null,
  items text not null,
  every_minutes bigint not null,
  state text not null,
  try_at bigint not null,
  leased_until bigint,
  tries bigint not null,
  error text,
  fetched_at bigint,
  kept bigint not null,
  made_at bigint not null,
  made_by text not null
);

-- What a customer showed with her words: a picture of her screen.
create table feedback_files (
  id text primary key,
  feedback_id text not null,
  customer_id text not null,
  media_type text not null,
  bytes bigint not null,
  content BYTES not null,
  at bigint not null
);
create index feedback_files_of on feedback_files (feedback_id);
