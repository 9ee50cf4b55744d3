-- Whether something was told by transactions that this cluster has not come to yet: then its rows were restored from another. The
-- latest told of each system is looked at, one step of an index each, however much was told.
with recursive latest as (
  (select system, born from transfers where operation = 'notify' order by system desc, born desc, id desc limit 1)
  union all
  select next.system, next.born
  from latest, lateral (
    select t.system, t.born from transfers t
    where t.operation = 'notify' and t.system < latest.system order by t.system desc, t.born desc, t.id desc limit 1
  ) next
)
select exists (select from latest where born >= pg_snapshot_xmax(pg_current_snapshot())) as restored
