create table staff (
  id text primary key,
  login text not null,
  name text not null,
  roles text not null,
  language text not null,
  password_hash text not null,
  totp_secret BYTES not null,
  totp_used_step bigint not null default 0,
  failures bigint not null default 0,
  locked_until bigint,
  made_at bigint not null,
  disabled_at bigint
);
create unique index staff_login on staff (login);

create table sessions (
  id text primary key,
  staff_id text not null references staff (id),
  started_at bigint not null,
  seen_at bigint not null,
  ends_at bigint not null,
  ended_at bigint,
  device text not null
);
create index sessions_staff on sessions (staff_id) where ended_at is null;

create table api_keys (
  id text primary key,
  name text not null,
  hash BYTES not null,
  scopes text not null,
  made_at bigint not null,
  expires_at bigint,
  revoked_at bigint
);
