-- Surveys with their versions: whoever was shown one answers that one, whatever is published meanwhile.
create table surveys (
  id text primary key,
  name text not null,
  state text not null,
  live_version bigint,
  made_at bigint not null,
  made_by text not null,
  ended_at bigint
);

create table survey_versions (
  survey_id text not null,
  version bigint not null,
  definition text not null,
  changed_at bigint not null,
  published_at bigint,
  published_by text,
  primary key (survey_id, version)
);

-- Asked, shown and answered are three things.
create table survey_asks (
  id text primary key,
  survey_id text not null,
  version bigint not null,
  customer_id text,
  channel text not null,
  once text not null,
  asked_at bigint not null,
  shown_at bigint,
  answered_at bigint
);
create unique index survey_asks_once on survey_asks (once);
create index survey_asks_customer on survey_asks (customer_id, asked_at desc);
create index survey_asks_survey on survey_asks (survey_id, version);

create table survey_answers (
  ask_id text not null,
  question_id text not null,
  row_id text not null,
  value text,
  words BYTES,
  primary key (ask_id, question_id, row_id)
);
