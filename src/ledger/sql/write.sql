-- Everything one batch of events leads to, in one statement and so in one commit.
-- $1: the id of this process, for leases; $2 … $12: one JSON list a table, in the order of rows.ts (one list each,
-- for a single document would be parsed anew for every table). Returns the transfers it made or moved.
with
new_submissions as (
  insert into submissions (id, platform, external_id, client, theme, division, home_division, state, source, message_key, counts, data)
  select id, platform, external_id, client, theme, division, home_division, state, source, message_key, counts, data
  from json_to_recordset($2::json) as r(id text, platform text, external_id text, client text, theme text, division text, home_division text, state text, source text, message_key text, counts json, data json)
),
new_messages as (
  insert into messages (source, key, submission_id, sha256, media_type, encoding, body, document, outcome)
  select source, key, submission_id, sha256, media_type, encoding, body, document, outcome
  from json_to_recordset($3::json) as r(source text, key text, submission_id text, sha256 text, media_type text, encoding text, body text, document json, outcome text)
),
moved_submissions as (
  update submissions s set version = s.version + 1, state = r.state, counts = r.counts
  from json_to_recordset($4::json) as r(id text, state text, counts json)
  where s.id = r.id
),
new_cases as (
  insert into cases (id, submission_id, matter, system, state, reference, rings_on, data)
  select id, submission_id, matter, system, state, reference, rings_on, data
  from json_to_recordset($5::json) as r(id text, submission_id text, matter text, system text, state text, reference text, rings_on date, data json)
),
moved_cases as (
  update cases c set state = r.state, reference = r.reference, rings_on = r.rings_on, data = r.data, updated_at = now()
  from json_to_recordset($6::json) as r(id text, state text, reference text, rings_on date, data json)
  where c.id = r.id
),
some_materials as (
  insert into materials (submission_id, code, data)
  select submission_id, code, data
  from json_to_recordset($7::json) as r(submission_id text, code text, data json)
  on conflict (submission_id, code) do update set data = excluded.data
),
some_parcels as (
  insert into parcels (id, submission_id, system, state, reference, data)
  select id, submission_id, system, state, reference, data
  from json_to_recordset($8::json) as r(id text, submission_id text, system text, state text, reference text, data json)
  on conflict (id) do update set system = excluded.system, state = excluded.state, reference = excluded.reference, data = excluded.data, updated_at = now()
),
new_entries as (
  insert into entries (id, submission_id, case_id, number, type, occurred_at, data)
  select id, submission_id, case_id, number, type, at, data
  from json_to_recordset($9::json) as r(id text, submission_id text, case_id text, number integer, type text, at timestamptz, data json)
),
new_attempts as (
  insert into attempts (transfer_id, number, owner, started_at, duration_ms, outcome, summary)
  select transfer_id, number, $1::integer, started_at, duration_ms, outcome, summary
  from json_to_recordset($10::json) as r(transfer_id text, number integer, started_at timestamptz, duration_ms real, outcome text, summary text)
),
new_transfers as (
  insert into transfers (id, submission_id, case_id, system, operation, lane, sequence, state, next_attempt_at, lease_owner, lease_until, epoch, claims, reason, about)
  select id, submission_id, case_id, system, operation, lane, sequence, state,
    case when state in ('due', 'leased') then now() end,
    case when state = 'leased' then $1::integer end,
    now() + lease_ms * interval '1 millisecond',
    case when state = 'leased' then 1 else 0 end,
    case when state = 'leased' then 1 else 0 end,
    reason, about
  from json_to_recordset($11::json) as r(id text, submission_id text, case_id text, system text, operation text, lane text, sequence integer, state text, lease_ms integer, reason text, about json)
  returning id, epoch
),
moved_transfers as (
  update transfers t set
    system = r.system,
    state = r.state,
    reason = r.reason,
    receipt = coalesce(r.receipt, t.receipt),
    failure = coalesce(r.failure, t.failure),
    -- A person who sends again what nobody can look for has decided.
    look = case when r.revived and t.failure ->> 'code' = 'cannot-look' then false else t.look or coalesce(r.look, false) end,
    attempts = t.attempts + coalesce(r.attempted, 0),
    next_attempt_at = case when r.state in ('due', 'leased') then now() end,
    lease_owner = case when r.state = 'leased' then $1::integer end,
    lease_until = now() + r.lease_ms * interval '1 millisecond',
    epoch = t.epoch + case when r.state = 'leased' then 1 else 0 end,
    claims = case when r.state = 'leased' then 1 else 0 end,
    settled_at = case when r.state in ('delivered', 'refused', 'cancelled') then now() end
  from json_to_recordset($12::json) as r(id text, system text, state text, lease_ms integer, attempted integer, receipt json, failure json, look boolean, revived boolean, reason text)
  where t.id = r.id
  returning t.id, t.epoch
)
select id, epoch from new_transfers union all select id, epoch from moved_transfers
