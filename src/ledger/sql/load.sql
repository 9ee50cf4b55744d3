-- Whole submissions as the domain sees them. $1 text[]: submission ids.
select s.id, s.version, s.data as submission,
  (select coalesce(json_agg(c.data order by c.id), '[]') from cases c where c.submission_id = s.id) as cases,
  (select coalesce(json_agg(m.data order by m.code), '[]') from materials m where m.submission_id = s.id) as materials,
  (select coalesce(json_agg(p.data order by p.id), '[]') from parcels p where p.submission_id = s.id) as parcels,
  (select coalesce(json_agg(json_build_object('state', t.state, 'data', t.data) order by t.sequence), '[]')
     from transfers t where t.submission_id = s.id and t.state in ('held', 'due', 'leased', 'dead')) as transfers
from submissions s where s.id = any ($1)
