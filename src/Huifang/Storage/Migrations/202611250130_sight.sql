-- Every look at a customer's record, granted or not: who, whom, when, what and why. "because" names what the person had in hand.
create table sight_looks (
  seq IDENTITY_KEY,
  staff_id text not null,
  customer_id text not null,
  at bigint not null,
  what text not null,
  field text,
  because text not null,
  because_id text,
  granted bigint not null,
  until bigint
);
create index sight_looks_customer on sight_looks (customer_id, at desc);
create index sight_looks_staff on sight_looks (staff_id, at);
create index sight_looks_at on sight_looks (at);

-- A record opened without a case in hand, for a reason, for fifteen minutes; somebody else looks at it within a working day.
create table glasses (
  id text primary key,
  staff_id text not null,
  customer_id text not null,
  reason BYTES not null,
  opened_at bigint not null,
  ends_at bigint not null,
  review_due bigint not null,
  reviewed_at bigint,
  reviewed_by text,
  was_right bigint,
  review_words BYTES,
  check (reviewed_by <> staff_id)
);
create index glasses_open on glasses (staff_id, customer_id, ends_at);
create index glasses_due on glasses (review_due) where reviewed_at is null;
create index glasses_customer on glasses (customer_id, opened_at desc);

create table sight_alarms (
  id text primary key,
  once text not null,
  staff_id text not null,
  kind text not null,
  at bigint not null,
  customer_id text,
  figure bigint not null,
  allowed bigint not null,
  settled_at bigint,
  settled_by text,
  settled_words BYTES,
  check (settled_by <> staff_id)
);
create unique index sight_alarms_once on sight_alarms (once);
create index sight_alarms_open on sight_alarms (at) where settled_at is null;

-- Customers who are nobody. No follow-up or case leads to them, so whoever opens one went looking.
create table decoys (
  customer_id text primary key,
  made_at bigint not null
);
