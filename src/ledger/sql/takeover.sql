-- Leases whose process is gone (it no longer holds its advisory lock) or that ran out: due again at once.
-- Whether they were sent is unknown, so they are looked up first. $1: the lock's class; $2: how many at most.
with alive as (
  select objid::bigint as id from pg_locks where locktype = 'advisory' and classid = $1::oid and granted
    and database = (select oid from pg_database where datname = current_database())
),
gone as (
  select t.id from transfers t
  where t.state = 'leased' and (t.lease_until < now() or not exists (select 1 from alive a where a.id = t.lease_owner))
  limit $2 for update skip locked
)
update transfers t set state = 'due', next_attempt_at = now(), look = true, lease_owner = null, lease_until = null
from gone where t.id = gone.id and t.state = 'leased'
returning t.id, t.submission_id, t.system, t.epoch, t.claims
