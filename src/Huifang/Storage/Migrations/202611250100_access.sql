alter table staff add column team text not null default 'care';

-- When the person of this session last proved that it is she; sensitive acts ask for a fresh proof.
alter table sessions add column proved_at bigint;

-- What an operator changed of what roles may do as shipped. Reach 'None' takes a permission away.
create table role_permissions (
  role text not null,
  permission text not null,
  reach text not null check (reach in ('None', 'Own', 'Team', 'All')),
  changed_at bigint not null,
  changed_by text not null,
  primary key (role, permission)
);
