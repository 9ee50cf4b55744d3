-- Due transfers whose wake-up call seems lost. $1: grace in ms; $2: how many at most.
select id, system, epoch from transfers
where state = 'due' and next_attempt_at < now() - $1::integer * interval '1 millisecond'
order by next_attempt_at limit $2
