-- Rows of imported calendars that could not be taken, kept until a person has looked at them.
create table time_rows_bad (
  id text primary key,
  file text not null,
  line bigint not null,
  words text not null,
  reason text not null,
  at bigint not null,
  told_by text not null,
  settled_at bigint,
  settled_by text
);
create index time_rows_bad_open on time_rows_bad (at desc) where settled_at is null;
create index agent_times_span on agent_times (agent_id, from_at);
