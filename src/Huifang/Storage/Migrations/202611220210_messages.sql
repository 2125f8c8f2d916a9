-- What we write to customers. The body is sealed under the customer's key; the row says what became of it.
create table messages (
  id text primary key,
  once text not null,
  customer_id text not null,
  follow_up_id text,
  template text not null,
  purpose text not null,
  channel text not null,
  language text not null,
  draft BYTES not null,
  body BYTES,
  state text not null,
  reason text,
  queued_at bigint not null,
  try_at bigint not null,
  not_after bigint not null,
  tries bigint not null default 0,
  leased_until bigint,
  decision_id text,
  point_id text,
  line_id text,
  instead_of text,
  booked_at bigint,
  sent_at bigint,
  delivered_at bigint,
  opened_at bigint
);
-- One occasion makes one message, however often it is asked for.
create unique index messages_once on messages (once);
create index messages_due on messages (try_at) where state in ('Queued', 'Leased');
create index messages_customer on messages (customer_id, queued_at desc);
create index messages_follow_up on messages (follow_up_id, queued_at) where follow_up_id is not null;
create index messages_line on messages (line_id) where line_id is not null;
create index messages_recent on messages (queued_at desc);

-- What customers write back. Kept before it is confirmed to the network; words that are no plain answer wait for a person.
create table replies (
  id text primary key,
  line_key text not null,
  channel text not null,
  received_at bigint not null,
  blind text not null,
  customer_id text,
  message_id text,
  follow_up_id text,
  body BYTES not null,
  meaning text not null,
  settled_at bigint,
  settled_by text
);
create unique index replies_once on replies (line_key);
create index replies_open on replies (received_at) where settled_at is null;
create index replies_customer on replies (customer_id, received_at desc) where customer_id is not null;
