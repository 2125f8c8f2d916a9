-- How exports of platforms and regulators are read: what ships, and what the operator has saved before it.
create table complaint_mappings (
  id text primary key,
  mapping text not null,
  saved_at bigint not null,
  saved_by text not null
);
