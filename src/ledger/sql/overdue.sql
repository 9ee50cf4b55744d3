-- Due transfers whose wake-up call seems lost. $1: grace in ms; $2: how many of each system at most, so that the backlog of
-- one does not hide another's; $3 text[]: of these systems only.
select t.id, t.system, t.epoch from unnest($3::text[]) as wanted(system)
cross join lateral (
  select id, system, epoch from transfers
  where state = 'due' and system = wanted.system and next_attempt_at < now() - $1::integer * interval '1 millisecond'
  order by next_attempt_at limit $2
) t
