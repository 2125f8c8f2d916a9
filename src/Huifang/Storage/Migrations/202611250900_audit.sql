-- The audit log: a Merkle tree over the journal. Each fact leaves a row here with its commit; the log takes them up in an order of its own.
create table audit_waiting (seq NUMBER_KEY);
insert into audit_waiting (seq) select seq from journal;

-- One row, and the lock by which only one node adds to the log at a time.
create table audit_head (id NUMBER_KEY, size bigint not null);
insert into audit_head (id, size) values (1, 0);

-- Which fact stands at which place of the log.
create table audit_leaves (leaf NUMBER_KEY, seq bigint not null);
create unique index audit_leaves_seq on audit_leaves (seq);

-- The tree in tiles of 256 hashes. The id is the level (0: the leaves) times 2^48, plus the tile's place in it.
create table audit_tiles (id NUMBER_KEY, hashes BYTES not null);

-- Signed heads, and what became of each outside the database.
create table audit_checkpoints (
  size NUMBER_KEY,
  at bigint not null,
  note text not null,
  stamp BYTES,
  leased_until bigint,
  anchored_at bigint
);
create index audit_checkpoints_open on audit_checkpoints (size) where anchored_at is null;

-- The hash of a sealed part that was deleted when its time was over, so that its line in the log still verifies.
alter table journal add column sealed_hash BYTES;
