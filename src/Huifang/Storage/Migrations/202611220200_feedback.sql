-- What customers say, whatever the way it came: redacted before it is sealed. Words of nobody we know are sealed with the house's key.
create table feedback (
  id text primary key,
  source text not null,
  source_id text not null,
  customer_id text,
  at bigint not null,
  recorded_at bigint not null,
  language text not null,
  words BYTES not null,
  redacted bigint not null,
  rating bigint,
  topic text,
  follow_up_id text,
  call_id text
);
create unique index feedback_once on feedback (source, source_id);
create index feedback_newest on feedback (at desc, id);
create index feedback_customer on feedback (customer_id, at desc);
