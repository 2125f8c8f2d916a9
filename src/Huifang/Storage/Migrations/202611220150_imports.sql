-- How far each file was imported, so that an import that was broken off goes on where it was.
create table imports (
  name text primary key,
  reached bigint not null,
  at bigint not null
);
