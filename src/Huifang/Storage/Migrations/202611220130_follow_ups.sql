create table follow_ups (
  id text primary key,
  customer_id text not null,
  rule_key text not null,
  rule_version bigint not null,
  cause_seq bigint not null,
  purpose text not null,
  channel text not null,
  script_key text not null,
  value bigint not null,
  state text not null,
  reason text,
  arranged_at bigint not null,
  due_at bigint not null,
  answer_by bigint not null,
  expires_at bigint not null,
  promised_from bigint,
  promised_to bigint,
  slot_id text,
  agent_id text,
  language text not null,
  skill text not null,
  attempts bigint not null default 0,
  outcome text,
  merged_into text,
  by_customer bigint not null default 0,
  ready bigint not null default 0,
  changed_at bigint not null
);
-- One cause and one rule make one follow-up, ever.
create unique index follow_ups_cause on follow_ups (rule_key, cause_seq);
create index follow_ups_customer on follow_ups (customer_id, arranged_at desc);
-- The queue. An agent's next one is the first row of each of these per skill and language, so the claim never walks over rows that are not due.
create index follow_ups_booked on follow_ups (skill, language, due_at, id) where state = 'Booked';
create index follow_ups_ready on follow_ups (skill, language, value desc, answer_by, id) where state = 'Waiting' and ready = 1;
create index follow_ups_not_ready on follow_ups (due_at) where state in ('Waiting', 'Invited') and ready = 0;
create index follow_ups_expiring on follow_ups (expires_at) where state in ('Arranged', 'Invited', 'Booked', 'Waiting');
create index follow_ups_agent on follow_ups (agent_id) where state = 'Calling';

-- What was decided about a fact that somebody listened to, with every reason, also for "no".
create table considerations (
  seq bigint primary key,
  customer_id text,
  at bigint not null,
  verdict text not null,
  reasons text not null
);
