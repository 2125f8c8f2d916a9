-- What planning knows of an agent; who she is stands in staff.
create table agents (
  id text primary key,
  time_zone text not null,
  changed_at bigint not null
);
create table agent_languages (agent_id text not null, language text not null, primary key (agent_id, language));
create table agent_skills (agent_id text not null, skill text not null, primary key (agent_id, skill));

-- Shifts, and what takes time out of them.
create table agent_times (
  id text primary key,
  agent_id text not null,
  kind text not null,
  from_at bigint not null,
  to_at bigint not null,
  day text not null
);
create index agent_times_agent on agent_times (agent_id, day);
create index agent_times_day on agent_times (day);

-- Half hours that can be promised. A slot has one agent and one start, and at most one follow-up; a follow-up has at most one slot.
create table slots (
  id text primary key,
  agent_id text not null,
  from_at bigint not null,
  to_at bigint not null,
  follow_up_id text,
  claimed_at bigint
);
create unique index slots_once on slots (agent_id, from_at);
create unique index slots_follow_up on slots (follow_up_id) where follow_up_id is not null;
create index slots_free on slots (from_at, agent_id) where follow_up_id is null;
