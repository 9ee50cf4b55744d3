-- Due transfers whose wake-up call seems lost. $1: grace in ms; $2: how many of each system at most, so that the backlog of
-- one does not hide another's; $3 text[]: of these systems only; $4 timestamptz[] and $5 text[]: of each, those after this one.
select t.id, t.system, t.epoch, t.next_attempt_at::text as since, (extract(epoch from now() - t.next_attempt_at) * 1000)::float8 as due_for_ms
from unnest($3::text[], $4::timestamptz[], $5::text[]) as wanted(system, since, id)
cross join lateral (
  select id, system, epoch, next_attempt_at from transfers
  where state = 'due' and system = wanted.system and next_attempt_at < now() - $1::integer * interval '1 millisecond'
    and (next_attempt_at, id) > (wanted.since, wanted.id)
  order by next_attempt_at, id limit $2
) t
