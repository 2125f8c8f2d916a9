-- Raw first: whatever arrives is a row here before anybody tries to read it.
create table complaint_intake (
  id text primary key,
  door text not null,
  sender text not null,
  external_id text,
  received_at bigint not null,
  content_type text not null,
  bytes bigint not null,
  raw BYTES not null,
  text_hash text,
  fate text not null,
  complaint_id text,
  reason text,
  tries bigint not null default 0,
  try_at bigint,
  settled_at bigint,
  settled_by text
);
-- The same item from the same sender is the same item, however often it is sent.
create unique index complaint_intake_once on complaint_intake (sender, external_id) where external_id is not null;
create index complaint_intake_waiting on complaint_intake (try_at) where fate = 'Waiting';
create index complaint_intake_recent on complaint_intake (received_at desc);
create index complaint_intake_case on complaint_intake (complaint_id) where complaint_id is not null;
create index complaint_intake_copies on complaint_intake (text_hash, received_at) where text_hash is not null;

create table complaints (
  no IDENTITY_KEY,
  id text not null,
  customer_id text not null,
  door text not null,
  received_at bigint not null,
  day text not null,
  pack text not null,
  pack_version text not null,
  facts text not null,
  state text not null,
  owner_id text not null,
  language text not null,
  severity text not null,
  category text,
  subcategory text,
  product text,
  outcome text,
  root_cause text,
  amount bigint,
  currency text,
  verified bigint not null,
  subject BYTES not null,
  merged_into text,
  group_id text,
  escalation bigint not null default 0,
  reopened bigint not null default 0,
  due_at bigint,
  answered_at bigint,
  closed_at bigint,
  changed_at bigint not null
);
create unique index complaints_id on complaints (id);
create index complaints_customer on complaints (customer_id, received_at desc);
create index complaints_open on complaints (due_at) where state in ('Received', 'Assessed', 'Investigating', 'Answered');
create index complaints_owner on complaints (owner_id) where state in ('Received', 'Assessed', 'Investigating', 'Answered');
create index complaints_recent on complaints (received_at desc);
create index complaints_state on complaints (state, received_at desc);
create index complaints_group on complaints (group_id) where group_id is not null;

create table complaint_clocks (
  id text primary key,
  complaint_id text not null,
  clock text not null,
  round bigint not null,
  kind text not null,
  pack text not null,
  pack_version text not null,
  own bigint not null,
  binding bigint not null,
  from_at bigint not null,
  due_at bigint not null,
  due_date text not null,
  provisional bigint not null,
  state text not null,
  met_at bigint,
  warned bigint not null default 0,
  next_at bigint
);
create unique index complaint_clocks_once on complaint_clocks (complaint_id, clock, round);
-- What the clock worker looks at: the next warning or the end.
create index complaint_clocks_next on complaint_clocks (next_at) where state = 'Running';
create index complaint_clocks_provisional on complaint_clocks (due_at) where provisional = 1 and state = 'Running';

create table complaint_stops (
  id text primary key,
  complaint_id text not null,
  reason text not null,
  from_at bigint not null,
  to_at bigint,
  stopped_by text not null,
  resumed_by text
);
create unique index complaint_stops_open on complaint_stops (complaint_id) where to_at is null;

-- The story: what came in, what was said to whom, what was decided. Words are sealed under the customer's key.
create table complaint_entries (
  id text primary key,
  complaint_id text not null,
  at bigint not null,
  kind text not null,
  actor text not null,
  shown bigint not null,
  data text not null,
  words BYTES
);
create index complaint_entries_story on complaint_entries (complaint_id, at, id);

create table complaint_files (
  id text primary key,
  complaint_id text not null,
  name BYTES not null,
  media_type text not null,
  bytes bigint not null,
  content BYTES not null,
  at bigint not null,
  added_by text not null,
  shown bigint not null
);
create index complaint_files_case on complaint_files (complaint_id, at);

create table complaint_tasks (
  id text primary key,
  complaint_id text not null,
  what BYTES not null,
  department text not null,
  assignee text,
  due_at bigint,
  made_at bigint not null,
  made_by text not null,
  done_at bigint,
  done_by text
);
create index complaint_tasks_case on complaint_tasks (complaint_id, made_at);

create table complaint_transactions (
  complaint_id text not null,
  transaction_id text not null,
  amount bigint,
  currency text,
  at bigint,
  what text not null,
  primary key (complaint_id, transaction_id)
);

create table complaint_redress (
  id text primary key,
  complaint_id text not null,
  kind text not null,
  amount bigint,
  currency text,
  transaction_id text,
  reason BYTES not null,
  state text not null,
  proposed_by text not null,
  proposed_at bigint not null,
  decided_by text,
  decided_at bigint
);
create index complaint_redress_case on complaint_redress (complaint_id, proposed_at);
-- Never twice: one transaction is refunded by at most one redress that stands, whoever asks and through whichever complaint.
create unique index complaint_redress_once on complaint_redress (transaction_id) where kind = 'Refund' and transaction_id is not null and state in ('Proposed', 'Given');

create table complaint_letters (
  id text primary key,
  complaint_id text not null,
  kind text not null,
  version bigint not null,
  language text not null,
  body BYTES not null,
  written_at bigint not null,
  written_by text not null,
  sent_at bigint
);
create unique index complaint_letters_version on complaint_letters (complaint_id, kind, version);
