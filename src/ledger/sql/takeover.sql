-- Leases whose process is gone (it no longer holds its advisory lock) or that ran out: due again, and looked up first, for whether
-- they were sent is unknown. At once, unless more than $3 attempts began and none ended: then after $4 ms, after one more twice as
-- long, at most $5 ms. $1: the lock's class; $2: how many at most.
with alive as (
  select objid::bigint as id from pg_locks where locktype = 'advisory' and classid = $1::oid and granted
    and database = (select oid from pg_database where datname = current_database())
),
gone as (
  select t.id, case when t.claims <= $3::integer then 0
    else least($5::integer, $4::integer * 2 ^ least(t.claims - $3::integer - 1, 30)) end as delay_ms
  from transfers t
  where t.state = 'leased' and (t.lease_until < now() or not exists (select 1 from alive a where a.id = t.lease_owner))
  limit $2 for update skip locked
)
update transfers t set state = 'due', next_attempt_at = now() + gone.delay_ms * interval '1 millisecond', look = true,
  lease_owner = null, lease_until = null
from gone where t.id = gone.id and t.state = 'leased'
returning t.id, t.system, t.epoch, gone.delay_ms
