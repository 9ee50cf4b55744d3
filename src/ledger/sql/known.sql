-- Which of these messages, and which submissions by their natural key, were seen before.
-- $1 text[] sources, $2 text[] keys, $3 text[] platforms, $4 text[] external ids.
select 'message' as by, m.source as a, m.key as b, m.submission_id, m.sha256, d.answer
from unnest($1::text[], $2::text[]) as w(source, key)
join messages m on m.source = w.source and m.key = w.key
left join documents d on d.submission_id = m.submission_id and m.source like 'client:%'
union all
select 'number', s.platform, s.external_id, s.id, d.body_sha256, d.answer
from unnest($3::text[], $4::text[]) as w(platform, external_id)
join submissions s on s.platform = w.platform and s.external_id = w.external_id
join documents d on d.submission_id = s.id
