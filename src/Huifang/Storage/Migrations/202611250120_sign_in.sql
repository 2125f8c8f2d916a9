-- Passkeys of staff: the public half and what the last use told. A counter that runs backwards is a copy.
create table passkeys (
  id text primary key,
  staff_id text not null references staff (id),
  name text not null,
  public_key BYTES not null,
  sign_count bigint not null,
  transports text not null,
  backup_eligible bigint not null,
  backed_up bigint not null,
  attestation BYTES not null,
  client_data BYTES not null,
  made_at bigint not null,
  used_at bigint
);
create index passkeys_staff on passkeys (staff_id);

-- A challenge that waits for its answer; gone with the first answer, right or wrong.
create table ceremonies (
  id text primary key,
  purpose text not null,
  staff_id text,
  state BYTES not null,
  expires_at bigint not null
);
create index ceremonies_due on ceremonies (expires_at);

-- Codes on paper for the day the passkey and the authenticator are lost. Hashed; each opens once.
create table recovery_codes (
  staff_id text not null references staff (id),
  hash BYTES not null,
  made_at bigint not null,
  used_at bigint,
  primary key (staff_id, hash)
);

alter table sessions add column method text not null default 'code';
alter table sessions add column ended_by text;
