-- Public keys of customers' devices; the private halves never leave them. Ended ones stay: a key that was ended does not come back.
create table device_keys (
  id text primary key,
  customer_id text not null,
  public_key BYTES not null,
  added_at bigint not null,
  ended_at bigint,
  is_first bigint not null
);
create index device_keys_of on device_keys (customer_id, added_at desc);
