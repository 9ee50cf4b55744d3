-- Serialises all events of these submissions; locks are taken in id order, so two batches never wait for each other in a ring.
-- $1 text[]: submission ids.
select id, version from submissions where id = any ($1) order by id for update
