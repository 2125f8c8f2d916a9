-- The values of every dimension for one topic: without this the page reads every count there is.
create index insight_days_topic on insight_days (topic, day);
