-- Versions of trigger rules. A shipped rule that has no row here is in force as it ships; a rule with rows is in force only by its row that is Live.
create table trigger_rules (
  rule_key text not null,
  version bigint not null,
  state text not null,
  body text not null,
  made_at bigint not null,
  made_by text not null,
  tried_at bigint,
  live_at bigint,
  live_by text,
  ended_at bigint,
  primary key (rule_key, version)
);
-- At most one draft and one live version of a rule.
create unique index trigger_rules_draft on trigger_rules (rule_key) where state = 'Draft';
create unique index trigger_rules_live on trigger_rules (rule_key) where state = 'Live';
