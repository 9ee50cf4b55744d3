-- Attempts that failed and will be tried again. Fenced by epoch: a process that lost its lease changes nothing.
-- Handed back without an attempt, a claim that was counted for one is not any more, and those before it are not forgotten.
-- $1 json list, $2 this process. Returns what was really postponed, with the new epoch of its wake-up call.
with input as materialized (
  select * from json_to_recordset($1::json) as r(id text, epoch integer, delay_ms integer, look boolean, failure json, attempted integer, begun boolean,
    number integer, started_at timestamptz, duration_ms real, outcome text, summary text)
),
new_attempts as (
  insert into attempts (transfer_id, number, owner, started_at, duration_ms, outcome, summary)
  select id, number, $2::integer, started_at, duration_ms, outcome, summary from input where attempted = 1
)
update transfers t set state = 'due', next_attempt_at = now() + r.delay_ms * interval '1 millisecond', attempts = t.attempts + r.attempted,
  claims = case when r.attempted = 1 then 0 else greatest(t.claims - r.begun::integer, 0) end, look = t.look or r.look, failure = coalesce(r.failure, t.failure),
  trying_since = case when r.attempted = 1 then coalesce(t.trying_since, now()) else t.trying_since end, lease_owner = null, lease_until = null
from input r
where t.id = r.id and t.epoch = r.epoch and t.state = 'leased'
returning t.id, t.system, t.epoch, r.delay_ms
