-- Leases that their own process does not know of: due again at once, and looked up first. Fenced by epoch.
-- $1: this process; $2 text[] ids, $3 integer[] epochs.
update transfers t set state = 'due', next_attempt_at = now(), look = true, claims = greatest(t.claims - 1, 0), lease_owner = null, lease_until = null
from unnest($2::text[], $3::integer[]) as w(id, epoch)
where t.id = w.id and t.epoch = w.epoch and t.state = 'leased' and t.lease_owner = $1
returning t.id, t.system, t.epoch
