-- Keyed hashes of the terms in a complaint's words, which themselves are sealed. The key finds; the second index forgets.
create table complaint_terms (
  term bigint not null,
  no bigint not null,
  primary key (term, no)
) CLUSTERED;
create index complaint_terms_no on complaint_terms (no);
