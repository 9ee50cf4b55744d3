-- Takes the lease of due transfers for this process. Fenced by epoch, and by the order of the lane.
-- $1 text[] ids, $2 integer[] epochs (-1: any), $3 this process, $4 integer[] lease lengths in ms, $5 boolean[] whether an attempt
-- begins at once: only those are counted.
update transfers t set state = 'leased', lease_owner = $3::integer, lease_until = now() + w.lease_ms * interval '1 millisecond',
  epoch = t.epoch + 1, claims = t.claims + w.begins::integer
from unnest($1::text[], $2::integer[], $4::integer[], $5::boolean[]) as w(id, epoch, lease_ms, begins)
where t.id = w.id and t.state = 'due' and (w.epoch = -1 or t.epoch = w.epoch) and t.next_attempt_at <= now() + interval '25 milliseconds'
  and not exists (
    select 1 from transfers e
    where e.id > left(t.id, 30) and e.id < left(t.id, 30) || '~' and e.state in ('held', 'due', 'leased', 'dead') and e.lane = t.lane and e.sequence < t.sequence
  )
returning t.id, t.submission_id, t.system, t.operation, t.epoch, t.attempts, t.look, t.claims, t.case_id, t.lane, t.sequence, t.about,
  case when t.trying_since is null then 0
    else extract(epoch from now() - greatest(t.trying_since, (select r.at from resumptions r where r.system = t.system))) * 1000
  end as tried_ms
