-- Attempts that begin under leases taken before: counted, and each lease begins anew. Fenced by epoch.
-- $1 text[] ids, $2 integer[] epochs, $3 this process, $4 integer[] lease lengths in ms.
update transfers t set claims = t.claims + 1, lease_until = now() + w.lease_ms * interval '1 millisecond'
from unnest($1::text[], $2::integer[], $4::integer[]) as w(id, epoch, lease_ms)
where t.id = w.id and t.epoch = w.epoch and t.state = 'leased' and t.lease_owner = $3::integer
returning t.id, t.claims
