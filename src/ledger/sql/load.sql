-- Whole submissions as the domain sees them. $1 text[]: submission ids.
select s.id, s.version, s.data,
  json_build_object('id', s.id, 'externalId', s.external_id, 'platform', s.platform, 'client', s.client, 'theme', s.theme,
    'division', s.division, 'homeDivision', s.home_division, 'state', s.state, 'counts', s.counts) as submission,
  (select coalesce(json_agg(json_build_object('data', c.data, 'id', c.id, 'system', c.system, 'state', c.state, 'reference', c.reference) order by c.id), '[]')
     from cases c where c.id > 'case_' || substr(s.id, 5) and c.id < 'case_' || substr(s.id, 5) || '~') as cases,
  (select coalesce(json_agg(m.data order by m.code), '[]') from materials m where m.submission_id = s.id) as materials,
  (select coalesce(json_agg(p.data order by p.id), '[]') from parcels p where p.id > 'par_' || substr(s.id, 5) and p.id < 'par_' || substr(s.id, 5) || '~') as parcels,
  (select coalesce(json_agg(json_build_object('id', t.id, 'caseId', t.case_id, 'system', t.system, 'operation', t.operation, 'lane', t.lane,
      'sequence', t.sequence, 'state', t.state, 'about', t.about, 'reason', t.reason) order by t.sequence), '[]')
     from transfers t where t.id > 'trf_' || substr(s.id, 5) and t.id < 'trf_' || substr(s.id, 5) || '~' and t.state in ('held', 'due', 'leased', 'dead')) as transfers
from submissions s where s.id = any ($1)
