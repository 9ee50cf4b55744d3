-- Due transfers whose wake-up call seems lost. $1: grace in ms; $2: how many at most; $3 text[]: of these systems only,
-- so that the backlog of one that cannot go does not hide another's.
select id, system, epoch from transfers
where state = 'due' and next_attempt_at < now() - $1::integer * interval '1 millisecond' and system = any ($3::text[])
order by next_attempt_at limit $2
