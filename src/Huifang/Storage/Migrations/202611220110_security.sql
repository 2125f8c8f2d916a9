-- One data key per customer and class of data, wrapped by the master key. Removing the row is the erasure.
create table data_keys (
  customer_id text not null,
  class text not null,
  wrapped BYTES not null,
  master_id text not null,
  made_at bigint not null,
  primary key (customer_id, class)
);
