-- Materials that may be used again from now on. In the same transaction as the event that makes them so, and only where
-- there are any. $1: one JSON list. What was offered once stays as it was accepted, unless it is taken back (its last day is then over)
-- or offered anew, as it is now, on the strength of another case.
insert into reusable_materials (id, holder, material, platform, division, submission_id, case_id, matter, decided_at, expires_on, trust, data)
select id, holder, material, platform, division, submission_id, case_id, matter, decided_at, expires_on, trust, data
from json_to_recordset($1::json) as r(id text, holder text, material text, platform text, division text, submission_id text, case_id text, matter text, decided_at timestamptz, expires_on date, trust text, data json)
on conflict (id) do update set case_id = excluded.case_id, matter = excluded.matter, decided_at = excluded.decided_at,
  expires_on = excluded.expires_on, trust = excluded.trust, data = excluded.data
  where reusable_materials.case_id <> excluded.case_id or excluded.expires_on < reusable_materials.expires_on
