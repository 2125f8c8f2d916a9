-- Whoever is free calls first where calling now is worth most against waiting: one order for the whole queue. Without a plan everything is worth 0, and the order is that of value.
alter table plan_calls add column worth_now bigint not null default 0;
alter table follow_ups add column worth_now bigint not null default 0;
drop index follow_ups_ready;
drop index follow_ups_planned_agent;
alter table follow_ups drop column planned_from;
create index follow_ups_ready on follow_ups (skill, language, worth_now desc, value desc, answer_by, id) where state = 'Waiting' and ready = 1;
