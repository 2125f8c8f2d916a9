-- For the overview: promises and follow-ups by day, without a walk over the journal.
create index journal_promises on journal (kind, at) where kind in ('promise.kept', 'promise.broken', 'follow-up.moved');
create index follow_ups_arranged on follow_ups (arranged_at);
