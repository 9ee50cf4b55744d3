// The SQL of a comparison. `ours` is what we say, `theirs` what the system says; rows of both meet by our id, else by
// the system's number. Everything here is of one session and gone with it.

/** Delivered this near to midnight, a transfer may be in the other day's list. */
const EDGE = "interval '15 minutes'"
/** Departments have days of their own: so far from when we knew that it had arrived, it is the same one. */
const NEAR = "interval '2 days'"

export const comparison = {
  tables: `
    create temporary table ours (
      transfer text collate "C", submission_id text collate "C", operation text, id text collate "C", reference text,
      other_reference text, state text, settled_at timestamptz, starts timestamptz);
    create temporary table theirs (
      n integer generated always as identity, id text collate "C", reference text, state text, neighbour boolean not null,
      transfer text collate "C", known text);
    create temporary table fits (theirs text, ours text, primary key (theirs, ours));
    create temporary table found_out (
      n integer generated always as identity, kind text, id text, transfer text, ours json, theirs json, known text);`,

  /**
   * $1 system, $2 beginning of the day, $3 operations. The number of a case may have changed since its receipt. Without
   * notifications they are found by an index.
   */
  ours: (notified: boolean): string => `
    insert into ours
    select t.id, t.submission_id, t.operation, coalesce(t.about ->> 'parcel', t.case_id), t.receipt ->> 'reference',
      coalesce(c.reference, p.reference), coalesce(p.state, c.state), t.settled_at, $2::timestamptz
    from transfers t
    left join cases c on c.id = t.case_id and t.about ->> 'parcel' is null
    left join parcels p on p.id = t.about ->> 'parcel'
    where t.system = $1 and t.state = 'delivered' and t.operation = any ($3::text[]) ${notified ? '' : "and t.operation <> 'notify'"}
      and t.settled_at >= $2::timestamptz and t.settled_at < $2::timestamptz + interval '1 day'`,

  oursIndexes: `
    create unique index on ours (transfer);
    create index on ours (id);
    create index on ours (reference);
    analyze ours`,

  /** $1 ids, $2 numbers, $3 states, $4 whether of a neighbouring day. */
  listed: `
    insert into theirs (id, reference, state, neighbour)
    select id, reference, state, $4::boolean from unnest($1::text[], $2::text[], $3::text[]) as i(id, reference, state)`,

  /** $1 our transfer, $2 their number. */
  found: 'insert into theirs (transfer, reference, neighbour) values ($1, $2, false)',

  match: `
    update theirs set transfer = o.transfer from ours o
      where theirs.transfer is null and o.id = theirs.id and o.operation in ('submitCase', 'createOrder');
    update theirs set transfer = o.transfer from ours o
      where theirs.transfer is null and theirs.id is null and theirs.reference in (o.reference, o.other_reference);
    create index if not exists theirs_transfer on theirs (transfer);
    analyze theirs`,

  /** $1 start or end of the day. */
  misses: `
    select exists (
      select from ours o where not exists (select from theirs th where th.transfer = o.transfer)
        and case $1 when 'start' then o.settled_at < o.starts + ${EDGE}
                    else o.settled_at >= o.starts + interval '1 day' - ${EDGE} end) as misses`,

  /**
   * What the ledger knows of items that are not of this day: ids share their root, so a range of the key
   * finds them. A number is one system's. `delivered` is harmless: about that day we were sending it, or
   * learnt that it was there. Delivered long before, or after, with the day: they may have made another one
   * of it. $1 system, $2 beginning of the day.
   */
  elsewhere: `
    update theirs set known = (
      select case when t.state <> 'delivered'
          or (t.settled_at >= $2::timestamptz - ${NEAR}
            and least(t.created_at, t.settled_at - ${NEAR}) < $2::timestamptz + interval '1 day')
        then t.state else t.state || ' ' || (t.settled_at at time zone 'Asia/Shanghai')::date end
      from transfers t
      where t.id > 'trf_' || split_part(i.our_id, '_', 2)::char(26) and t.id < 'trf_' || split_part(i.our_id, '_', 2)::char(26) || '~'
        and t.system = $1 and t.operation in ('submitCase', 'createOrder')
        and coalesce(t.about ->> 'parcel', t.case_id) = i.our_id
      order by t.state = 'delivered' desc, t.settled_at desc limit 1)
    from (
      select th.n, coalesce(th.id, c.id, p.id) as our_id from theirs th
      left join lateral (
        select id from cases where th.id is null and system = $1 and reference = th.reference limit 1) c on true
      left join lateral (
        select id from parcels where th.id is null and system = $1 and reference = th.reference limit 1) p on true
      where th.transfer is null and not th.neighbour
    ) i
    where theirs.n = i.n and i.our_id ~ '^(case|par)_[0-9a-z]{26}'`,

  findings: `
    insert into found_out (kind, id, transfer, ours, theirs, known)
    select 'only-ours', o.id, o.transfer, json_build_object('reference', o.reference, 'state', o.state), null, null
      from ours o where not exists (select from theirs th where th.transfer = o.transfer) order by o.transfer;
    insert into found_out (kind, id, transfer, ours, theirs, known)
    select 'only-theirs', th.id, null, null, json_build_object('reference', th.reference, 'state', th.state, 'times', 1), th.known
      from theirs th where th.transfer is null and not th.neighbour and th.known is distinct from 'delivered' order by th.n;
    insert into found_out (kind, id, transfer, ours, theirs, known)
    select case when g.times > 1 then 'doubled' when g.another then 'reference' else 'state' end, o.id, o.transfer,
        json_build_object('reference', coalesce(o.reference, o.other_reference), 'state', o.state),
        json_build_object('reference', g.reference, 'state', g.state, 'times', g.times), null
      from ours o join (
        select th.transfer, count(*)::integer as times, min(th.reference) as reference, min(th.state) as state,
          bool_or(th.reference is not null and coalesce(o.reference, o.other_reference) is not null
            and th.reference is distinct from o.reference and th.reference is distinct from o.other_reference) as another,
          bool_or(th.state is not null and o.state is not null
            and not exists (select from fits f where f.theirs = th.state and f.ours = o.state)) as stands_elsewhere
        from (select distinct on (transfer, n) * from theirs where not neighbour
              union all
              select * from (select distinct on (transfer) * from theirs where neighbour) s
                where not exists (select from theirs same where same.transfer = s.transfer and not same.neighbour)) th
        join ours o on o.transfer = th.transfer
        group by th.transfer
      ) g on g.transfer = o.transfer
      where g.times > 1 or g.another or g.stands_elsewhere order by o.transfer`,

  counts: `
    with kinds as (
      select count(*) filter (where kind = 'only-ours')::integer as only_ours,
        count(*) filter (where kind = 'only-theirs')::integer as only_theirs,
        count(*) filter (where kind in ('state', 'reference'))::integer as different,
        count(*) filter (where kind = 'doubled')::integer as doubled from found_out)
    select (select count(*) from ours)::integer as ours,
      (select count(*) from theirs where not neighbour)::integer as theirs,
      (select count(*) from ours)::integer - only_ours - different - doubled as agreed,
      only_ours as "onlyOurs", only_theirs as "onlyTheirs", different, doubled,
      (select count(*) from theirs where transfer is null and not neighbour and known = 'delivered')::integer as "otherDay"
    from kinds`,

  /** $1 after this one, $2 how many. */
  page: 'select n, kind, id, transfer, ours, theirs, known from found_out where n > $1 order by n limit $2',

  /** $1 after this transfer, $2 how many. */
  transfers: `
    select t.id, t.submission_id, t.case_id, t.system, t.operation, t.lane, t.sequence, t.about
    from ours o join transfers t on t.id = o.transfer where o.transfer > $1 order by o.transfer limit $2`,

  /** $1 submissions. */
  documents: `
    select s.id, m.document from submissions s join messages m on m.source = s.source and m.key = s.message_key
    where s.id = any ($1)`,
} as const
