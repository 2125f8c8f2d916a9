-- How far a daily round over all customers has come.
create table rounds (
  name text primary key,
  day text not null,
  after_id text not null,
  done bigint not null
);
