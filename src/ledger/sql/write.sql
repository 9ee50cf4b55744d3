-- Everything one batch of events leads to, in one statement and so in one commit.
-- write-statement.ts takes of it the parts that a batch needs and spells out `{{list}} as r`. `{{owner}}`: the id of this process, for
-- leases; `{{moved}}`: how many submissions move. Fails with serialization_failure, and writes nothing, when a submission is no longer of the version it
-- was decided on. Returns the epochs of the transfers it moved; a new one's is 1 when it is leased, else 0.
with
new_submissions as (
  insert into submissions (id, platform, external_id, client, theme, division, home_division, state, source, message_key, counts, data)
  select id, platform, external_id, client, theme, division, home_division, state, source, message_key, counts, data
  from {{newSubmissions}} as r
),
new_messages as (
  insert into messages (source, key, submission_id, sha256, media_type, encoding, body, document, outcome, answer)
  select source, key, submission_id, sha256, media_type, encoding, body, document, outcome, answer
  from {{messages}} as r
  where outcome <> 'refused' or not exists (select from messages as m where m.source = r.source and m.key = r.key)
),
moved_submissions as (
  update submissions s set version = s.version + 1, state = r.state, counts = r.counts, data = coalesce(r.data, s.data)
  from {{submissions}} as r
  where s.id = r.id and s.version = r.version
  returning s.id
),
new_cases as (
  insert into cases (id, submission_id, matter, system, state, reference, rings_on, data)
  select id, submission_id, matter, system, state, reference, rings_on, data
  from {{newCases}} as r
),
moved_cases as (
  update cases c set state = r.state, reference = r.reference, rings_on = r.rings_on, data = r.data, updated_at = now()
  from {{cases}} as r
  where c.id = r.id
),
some_materials as (
  insert into materials (submission_id, code, data)
  select submission_id, code, data
  from {{materials}} as r
  on conflict (submission_id, code) do update set data = excluded.data
),
some_parcels as (
  insert into parcels (id, submission_id, system, state, reference, data)
  select id, submission_id, system, state, reference, data
  from {{parcels}} as r
  on conflict (id) do update set system = excluded.system, state = excluded.state, reference = excluded.reference, data = excluded.data, updated_at = now()
),
new_entries as (
  insert into entries (id, submission_id, case_id, number, type, occurred_at, data)
  select id, submission_id, case_id, number, type, at, data
  from {{entries}} as r
),
new_attempts as (
  insert into attempts (transfer_id, number, owner, started_at, duration_ms, outcome, summary)
  select transfer_id, number, {{owner}}::integer, started_at, duration_ms, outcome, summary
  from {{attempts}} as r
),
new_transfers as (
  insert into transfers (id, submission_id, case_id, system, operation, lane, sequence, state, next_attempt_at, lease_owner, lease_until, epoch, settled_at, reason, about)
  select id, submission_id, case_id, system, operation, lane, sequence, state,
    case when state in ('due', 'leased') then now() end,
    case when state = 'leased' then {{owner}}::integer end,
    now() + lease_ms * interval '1 millisecond',
    case when state = 'leased' then 1 else 0 end,
    case when state in ('delivered', 'refused', 'cancelled') then now() end,
    reason, about
  from {{newTransfers}} as r
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
    lease_owner = case when r.state = 'leased' then {{owner}}::integer end,
    lease_until = now() + r.lease_ms * interval '1 millisecond',
    epoch = t.epoch + case when r.state = 'leased' then 1 else 0 end,
    claims = 0,
    trying_since = case when r.revived or r.system <> t.system then null else t.trying_since end,
    settled_at = case when r.state in ('delivered', 'refused', 'cancelled') then now() end
  from {{transfers}} as r
  where t.id = r.id
  returning t.id, t.epoch
)
-- Asked first: it takes the submissions' locks, and nothing else is written under them if one has moved on.
select null as id, refuse_stale(count(*), {{moved}}::integer) as epoch from moved_submissions
union all select id, epoch from moved_transfers
