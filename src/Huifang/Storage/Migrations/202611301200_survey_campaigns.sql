-- A survey sent to an audience: counted first, given by a second person, then sent page by page. The cursor is the last customer that was looked at.
create table survey_campaigns (
  id text primary key,
  survey_id text not null,
  version bigint not null,
  plan text not null,
  state text not null,
  reason text,
  cursor text not null,
  walked bigint not null,
  made_at bigint not null,
  made_by text not null,
  counted_at bigint,
  begun_at bigint,
  begun_by text,
  ended_at bigint
);
create index survey_campaigns_survey on survey_campaigns (survey_id, made_at desc);
create index survey_campaigns_busy on survey_campaigns (made_at) where state in ('Counting', 'Sending', 'Stopping');

-- How many people came to which finding: in the dry run, and when it was sent.
create table survey_campaign_counts (
  campaign_id text not null,
  stage text not null,
  finding text not null,
  why text not null,
  people bigint not null,
  primary key (campaign_id, stage, finding, why)
);

-- Asked is not sent, and sent is not shown. A message that was withheld asked nobody.
alter table survey_asks add column campaign_id text;
alter table survey_asks add column sent_at bigint;
alter table survey_asks add column sent_by text;
alter table survey_asks add column withheld text;
create index survey_asks_campaign on survey_asks (campaign_id, asked_at) where campaign_id is not null;
