-- Whose numbering plan a phone belongs to: its law applies to calls and texts beside that of where the customer lives. Filled when a record is saved.
alter table contact_points add column region text;
