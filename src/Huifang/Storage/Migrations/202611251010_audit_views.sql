-- The audit page asks who did what, newest first. What the wallet tells is found by its customer and needs no more.
create index journal_by_actor on journal (actor, seq) where source = 'care';
create index journal_by_kind on journal (kind, seq) where source = 'care';
