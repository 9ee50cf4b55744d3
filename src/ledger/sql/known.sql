-- Which of these messages, and which submissions by their natural key, were seen before; with the answer they got.
-- $1 text[] sources, $2 text[] keys, $3 text[] platforms, $4 text[] external ids.
with seen as (
  select 'message' as by, m.source as a, m.key as b, m.submission_id, m.sha256, m.answer, m.document is not null as submitted
  from unnest($1::text[], $2::text[]) as w(source, key)
  join messages m on m.source = w.source and m.key = w.key
  union all
  select 'number', s.platform, s.external_id, s.id, m.sha256, null, true
  from unnest($3::text[], $4::text[]) as w(platform, external_id)
  join submissions s on s.platform = w.platform and s.external_id = w.external_id
  join messages m on m.source = s.source and m.key = s.message_key
)
select by, a, b, submission_id, sha256,
  case when submitted then (
    select json_build_object('submissionId', s.id, 'externalId', s.external_id, 'cases', (
      select json_agg(json_build_object('caseId', c.id, 'matter', c.matter, 'system', c.system, 'state', 'pending') order by c.id)
      from cases c where c.id > 'case_' || substr(s.id, 5) and c.id < 'case_' || substr(s.id, 5) || '~'))
    from submissions s where s.id = seen.submission_id
  ) else answer end as answer
from seen
