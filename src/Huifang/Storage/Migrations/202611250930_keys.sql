-- An erased person's key is blanked, not removed: the row says that there was a key and never will be one again.
alter table data_keys add column erased_at bigint;
create index data_keys_master on data_keys (master_id) where erased_at is null;
create index data_keys_erased on data_keys (customer_id) where erased_at is not null;

-- What has changed about keys since the copy that is kept apart; carried over and deleted.
create table key_changes (
  seq IDENTITY_KEY,
  customer_id text not null,
  class text not null
);
insert into key_changes (customer_id, class) select customer_id, class from data_keys;

-- A legal hold on a person: what is there stays readable for that matter alone, under a key of its own, also when she is erased.
create table legal_holds (
  id text primary key,
  customer_id text not null,
  matter text not null,
  reason BYTES not null,
  placed_at bigint not null,
  placed_by text not null,
  held_key BYTES,
  lifted_at bigint,
  lifted_by text
);
create index legal_holds_customer on legal_holds (customer_id) where lifted_at is null;

-- A held recording's own key, wrapped a second time under the hold's.
alter table recordings add column held_key BYTES;
