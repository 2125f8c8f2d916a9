-- The customer's id is the operator's. Names, numbers and addresses are sealed under her own key; blind is a keyed hash to find them by.
create table customers (
  id text primary key,
  name BYTES,
  language text not null,
  time_zone text,
  country text,
  segments text not null default '[]',
  attributes text not null default '{}',
  since bigint,
  created_at bigint not null,
  updated_at bigint not null
);

create table contact_points (
  id text primary key,
  customer_id text not null,
  kind text not null,
  value BYTES not null,
  blind text not null,
  verified bigint not null default 0,
  standing text not null default 'Good',
  rank bigint not null default 0,
  changed_at bigint not null
);
create unique index contact_points_once on contact_points (customer_id, blind);
create index contact_points_blind on contact_points (blind);

create table preferences (
  customer_id text primary key,
  channels text not null,
  hours text not null,
  contacts_per_month_max bigint,
  changed_at bigint not null,
  changed_by text not null
);

-- Every giving and withdrawing with its evidence, never changed; the newest row per purpose and channel counts.
create table consents (
  id text primary key,
  customer_id text not null,
  purpose text not null,
  channel text not null,
  given bigint not null,
  at bigint not null,
  recorded_at bigint not null,
  by_whom text not null,
  how text not null,
  wording text not null,
  evidence BYTES
);
create index consents_customer on consents (customer_id, purpose, channel, at desc);

-- The do-not-contact list: a person (customer_id) or a number or address (blind), whoever it belongs to.
create table suppressions (
  id text primary key,
  customer_id text,
  blind text,
  purpose text,
  reason text not null,
  at bigint not null,
  by_whom text not null,
  lifted_at bigint,
  lifted_by text
);
create index suppressions_customer on suppressions (customer_id) where lifted_at is null;
create index suppressions_blind on suppressions (blind) where lifted_at is null;
