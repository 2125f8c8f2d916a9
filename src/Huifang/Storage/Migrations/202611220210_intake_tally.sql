-- What each sender sent per day and what became of it: received = accepted + known + conflicts + quarantined, always.
create table intake_tally (
  sender text not null,
  day text not null,
  received bigint not null,
  accepted bigint not null,
  known bigint not null,
  conflicts bigint not null,
  quarantined bigint not null,
  last_at bigint not null,
  primary key (day, sender)
);
