-- That somebody wishes for a new plan, and who is making one. One row.
create table plan_wish (
  id bigint primary key,
  rev bigint not null,
  planned_rev bigint not null,
  planned_at bigint not null,
  leased_until bigint not null
);
insert into plan_wish (id, rev, planned_rev, planned_at, leased_until) values (1, 1, 0, 0, 0);

-- Plans that were made; the newest is in force.
create table plans (
  id text primary key,
  made_at bigint not null,
  begin_at bigint not null,
  calls bigint not null,
  planned bigint not null,
  moved bigint not null,
  promised bigint not null,
  objective bigint not null,
  bound bigint not null,
  load_ms bigint not null,
  solve_ms bigint not null
);
create index plans_made on plans (made_at desc);

-- What the plan in force says about each open follow-up. plan_id is the plan that changed the row last.
create table plan_calls (
  follow_up_id text primary key,
  plan_id text not null,
  block_at bigint,
  at bigint,
  from_at bigint,
  agent_type text,
  agent_id text,
  gain bigint not null,
  price bigint not null,
  chance bigint not null,
  other_at bigint,
  other_loss bigint not null,
  reason text,
  value bigint not null,
  urgency bigint not null,
  window_from bigint,
  window_to bigint,
  window_blocks bigint not null
);
create index plan_calls_block on plan_calls (block_at, agent_type);
create index plan_calls_changed on plan_calls (plan_id);

-- Places of each type of agent in each half hour, and what one more would be worth.
create table plan_cells (
  agent_type text not null,
  block_at bigint not null,
  capacity bigint not null,
  used bigint not null,
  price bigint not null,
  primary key (agent_type, block_at)
);

-- The queue follows the plan. Without a plan everything stands at the end of time and its order is that of value, as before.
alter table follow_ups add column planned_at bigint not null default 9223372036854775807;
alter table follow_ups add column planned_from bigint not null default 0;
alter table follow_ups add column planned_agent text;
drop index follow_ups_ready;
create index follow_ups_ready on follow_ups (skill, language, planned_at, value desc, answer_by, id) where state = 'Waiting' and ready = 1;
create index follow_ups_planned_agent on follow_ups (planned_agent, planned_at) where state = 'Waiting' and ready = 1 and planned_agent is not null;
