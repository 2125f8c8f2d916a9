-- Every answer of the contact guard with all its reasons, kept for the agent's and the customer's "why".
-- A row with stage AtContact and outcome Allow is a contact: caps count these, and an undone one does not count.
create table contact_decisions (
  id text primary key,
  customer_id text not null,
  follow_up_id text,
  purpose text not null,
  channel text not null,
  stage text not null,
  at bigint not null,
  decided_at bigint not null,
  outcome text not null,
  until bigint,
  verdict text not null,
  undone_at bigint,
  undone_why text
);
create index contact_decisions_customer on contact_decisions (customer_id, decided_at desc, id desc);
create index contact_decisions_follow_up on contact_decisions (follow_up_id, decided_at) where follow_up_id is not null;
create index contact_decisions_made on contact_decisions (customer_id, at desc) where stage = 'AtContact' and outcome = 'Allow' and undone_at is null;
