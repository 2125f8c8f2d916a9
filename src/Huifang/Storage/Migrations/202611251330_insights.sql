-- What we make of each record, by which model, how sure; a person's correction goes before it.
create table insight_readings (
  feedback_id text primary key,
  at bigint not null,
  day bigint not null,
  model text not null,
  topic text not null,
  probability double precision not null,
  topics text not null,
  sentiment text not null,
  intent text not null,
  severity text not null,
  needs_contact text not null,
  language text not null,
  fraud bigint not null,
  abstained bigint not null,
  source text not null,
  segment text,
  region text,
  app_version text,
  read_at bigint not null,
  corrected_by text,
  corrected_at bigint
);
create index insight_readings_topic on insight_readings (topic, at desc);
create index insight_readings_newest on insight_readings (at desc);
create index insight_readings_unsure on insight_readings (abstained, probability, at);

-- Counts by day, so that no page counts records: for one dimension and value (all; source, segment, region, version, language) and topic, '' for all topics together.
create table insight_days (
  dim text not null,
  value text not null,
  topic text not null,
  day bigint not null,
  items bigint not null,
  negative bigint not null,
  positive bigint not null,
  high bigint not null,
  rated bigint not null,
  stars bigint not null,
  primary key (dim, value, topic, day)
) CLUSTERED;

create table insight_alarms (
  id text primary key,
  topic text not null,
  kind text not null,
  day bigint not null,
  since bigint not null,
  test text not null,
  p double precision not null,
  observed double precision not null,
  expected double precision not null,
  evidence text not null,
  affected bigint not null,
  raised_at bigint not null,
  closed_at bigint,
  closed_by text,
  closed_why text
);
create unique index insight_alarms_once on insight_alarms (topic, kind, day);

-- Texts that belong together: copies of one text, and what no topic names yet.
create table insight_groups (
  id text primary key,
  kind text not null,
  label text not null,
  items bigint not null,
  people bigint not null,
  first_at bigint not null,
  last_at bigint not null,
  members text not null,
  made_at bigint not null
);

create table insight_labels (
  feedback_id text not null,
  by_whom text not null,
  at bigint not null,
  topic text not null,
  sentiment text,
  intent text,
  severity text,
  needs_contact text,
  correction bigint not null,
  primary key (feedback_id, by_whom)
);
create index insight_labels_newest on insight_labels (at desc);

create table insight_models (
  version text primary key,
  state text not null,
  made_at bigint not null,
  made_by text not null,
  examples bigint not null,
  labels bigint not null,
  report text not null,
  content BYTES not null,
  live_at bigint,
  live_by text
);

create table insight_trainings (
  id text primary key,
  asked_at bigint not null,
  asked_by text not null,
  state text not null,
  progress double precision not null,
  what text not null,
  leased_until bigint,
  tries bigint not null,
  model text,
  error text,
  ended_at bigint
);

-- When something that is done now and then was done last; whoever moves the time does it.
create table insight_rounds (
  name text primary key,
  at bigint not null
);

create table insight_views (
  id text primary key,
  staff_id text not null,
  name text not null,
  query text not null,
  made_at bigint not null
);
create index insight_views_of on insight_views (staff_id, made_at);

-- Who of the staff gets the weekly letter, where to, and which week was sent last.
create table insight_digests (
  staff_id text primary key,
  email BYTES not null,
  language text not null,
  made_at bigint not null,
  week bigint not null,
  try_at bigint not null,
  leased_until bigint,
  tries bigint not null,
  error text
);
