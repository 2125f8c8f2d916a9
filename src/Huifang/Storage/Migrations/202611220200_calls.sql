-- One talk, from the moment an agent takes a follow-up until it is wrapped up.
create table calls (
  id text primary key,
  follow_up_id text not null,
  customer_id text not null,
  agent_id text not null,
  purpose text not null,
  channel text not null,
  script_key text not null,
  script_version bigint not null,
  language text not null,
  decision_id text not null,
  seal_key BYTES not null,
  verification text,
  rev bigint not null default 0,
  recording text not null default 'Unasked',
  taken_at bigint not null,
  armed_at bigint,
  joined_at bigint,
  ended_at bigint,
  finished_at bigint,
  outcome text
);
-- An agent has one call, a follow-up has one, and a customer is called by one of us at a time: the database says so too.
create unique index calls_agent on calls (agent_id) where finished_at is null;
create unique index calls_follow_up on calls (follow_up_id) where finished_at is null;
create unique index calls_customer on calls (customer_id) where armed_at is not null and ended_at is null;
create index calls_of_customer on calls (customer_id, taken_at desc);
create index calls_recent on calls (taken_at desc);

-- Answers by question; words are sealed under the customer's key, values (a rating, a choice) identify nobody.
create table call_answers (
  call_id text not null,
  question_id text not null,
  value text,
  words BYTES,
  at bigint not null,
  primary key (call_id, question_id)
);

-- The agent's note of a call, without what must not be written down.
create table call_notes (
  call_id text primary key,
  words BYTES not null,
  refused text not null default '',
  changed_at bigint not null
);

-- What happened in a call, moment by moment: its trail for supervisors and compliance.
create table call_moments (
  seq IDENTITY_KEY,
  call_id text not null,
  at bigint not null,
  kind text not null,
  detail text not null default '{}'
);
create index call_moments_of on call_moments (call_id, seq);

-- Each prompt on a customer's screen, to hold the limit of five in a day over all calls.
create table call_prompts (
  nonce text primary key,
  customer_id text not null,
  call_id text not null,
  at bigint not null
);
create index call_prompts_of on call_prompts (customer_id, at);

-- A recording has a key of its own, wrapped by the customer's: erasing her key or this row's makes it unreadable at once.
create table recordings (
  id text primary key,
  call_id text not null,
  customer_id text not null,
  wrapped_key BYTES,
  mime text not null,
  started_at bigint not null,
  chunks bigint not null default 0,
  bytes bigint not null default 0,
  marker BYTES,
  closed_at bigint,
  keep_until bigint not null,
  held_by text,
  erased_at bigint
);
create index recordings_of on recordings (call_id, started_at);
create index recordings_due on recordings (keep_until) where erased_at is null and held_by is null;

create table recording_chunks (
  recording_id text not null,
  seq bigint not null,
  box BYTES not null,
  primary key (recording_id, seq)
);

-- The operator's own versions of scripts. A version that has been used never changes.
create table scripts (
  script_key text not null,
  version bigint not null,
  state text not null,
  body text not null,
  changed_at bigint not null,
  changed_by text not null,
  primary key (script_key, version)
);

create table articles (
  article_key text not null,
  language text not null,
  title text not null,
  body text not null,
  words text not null,
  checked_on text not null,
  primary key (article_key, language)
);
