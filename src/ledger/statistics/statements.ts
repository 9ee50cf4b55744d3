// The SQL of statistics: entries of a span of time, added up by day, theme, matter and both divisions. The
// same facts make the days that are kept and the last minutes, which are counted when somebody asks.
//
// Measured with 200,000 finished cases, 1.2 million entries, by test/supervision/statistics-size.test.ts, on
// two cores that a dozen other processes wanted too: a question is answered in 30 ms from the days that are
// kept, in 0.6 s with 2,000 cases of the last minutes beside them; adding up all of it in one go took 40 s,
// 0.2 ms a case, once. Adding up at every question would take those 40 s each time; sums kept up by the main
// path would cost a row lock per case.

export const figures = [
  'received',
  'decided',
  'on_time',
  'working_days',
  'corrections',
  'certificates',
  'parcels_collected',
  'parcels_delivered',
  'trips_saved',
  'rated',
  'satisfied',
] as const

const dimensions = 'day, theme, matter, home_division, division'
const sums = figures.map((one) => `sum(${one}) as ${one}`).join(', ')

const listed = (types: readonly string[]): string => `(${types.map((one) => `'${one}'`).join(', ')})`
const deciding = ['case.approved', 'case.denied', 'case.issued', 'case.rejected', 'case.closed']
const DECIDING = listed(deciding)
/** Nobody decides a case after one of these: one that was withdrawn or terminated is only closed. */
const SETTLING = listed([...deciding, 'case.withdrawn', 'case.terminated'])
const CHINA = "at time zone 'Asia/Shanghai'"

/**
 * CTEs that end in `counted`, one row for each day, theme, matter and pair of divisions. `after`, `until`:
 * SQL of the span; `$1` date[] and `$2` integer[]: days, and how many working days there were up to each.
 * What each figure counts is told in supervision/statistics-definitions.ts. What is counted once looks back
 * over all entries by their numbers, so that it makes no difference where one span ends and the next begins.
 */
const counted = (after: string, until: string): string => `
  calendar as materialized (select * from unnest($1::date[], $2::integer[]) as c(day, n)),
  fresh as materialized (
    select submission_id, case_id, number, type, occurred_at, (recorded_at ${CHINA})::date as day, data
    from entries where recorded_at > ${after} and recorded_at <= ${until} and data ->> 'late' is null
  ),
  first_decisions as (
    select distinct on (case_id) submission_id, case_id, number, occurred_at, day
    from fresh where type in ${DECIDING} and case_id is not null order by case_id, number
  ),
  decisions as (
    select d.day, d.case_id, d.occurred_at, not earlier.red as on_time
    from first_decisions d cross join lateral (
      select coalesce(bool_or(e.type in ${SETTLING}), false) as settled,
        coalesce(bool_or(e.type = 'deadline.passed' and e.data ->> 'clock' in ('acceptance', 'decision')), false) as red
      from entries e where e.submission_id = d.submission_id and e.case_id = d.case_id and e.number < d.number
        and (e.type = 'deadline.passed' or e.type in ${SETTLING})
        and e.data ->> 'late' is null
    ) earlier
    where not earlier.settled
  ),
  orders as (
    select f.day, f.case_id, f.data ->> 'direction' as direction from fresh f
    where f.type = 'parcel.ordered' and f.data ->> 'reverses' is null and not exists (
      select from entries e where e.submission_id = f.submission_id and e.number < f.number
        and e.type = 'parcel.ordered' and e.data ->> 'parcelId' = f.data ->> 'parcelId' and e.data ->> 'reverses' is null)
  ),
  facts (day, case_id, what, n) as (
    select f.day, c.id, 'received', 1 from fresh f
      join cases c on c.id >= 'case_' || substr(f.submission_id, 5) and c.id < 'case_' || substr(f.submission_id, 5) || '~'
      where f.type = 'submission.received'
    union all select day, case_id, 'decided', 1 from decisions
    union all select day, case_id, 'on time', 1 from decisions where on_time
    union all select d.day, d.case_id, 'working days', greatest(ended.n - began.n, 0) from decisions d
      join cases c on c.id = d.case_id join submissions s on s.id = c.submission_id
      join calendar began on began.day = (coalesce((c.data ->> 'acceptedAt')::timestamptz, s.received_at) ${CHINA})::date
      join calendar ended on ended.day = (d.occurred_at ${CHINA})::date
    union all select day, case_id, 'correction', 1 from fresh
      where type in ('case.correction-requested', 'case.pre-review-returned')
    union all select f.day, used.id, 'certificate', 1 from fresh f
      join materials m on m.submission_id = f.submission_id and m.code = f.data ->> 'material'
      cross join lateral json_array_elements_text(m.data -> 'cases') used(id)
      where f.type = 'material.certificate-attached'
    union all select day, case_id, 'parcel ' || direction, 1 from orders
    union all select day, case_id, 'trip', 1 from orders where direction = 'deliver'
    union all select day, case_id, 'trip', 1 from fresh
      where (type = 'case.supplemented' and data ->> 'by' is distinct from 'gateway')
        or (type = 'case.issued' and data -> 'result' ->> 'type' = 'electronic')
    union all select day, case_id, case when (data ->> 'satisfaction')::integer >= 3 then 'satisfied' else 'dissatisfied' end, 1
      from fresh where type = 'case.rated' and data ->> 'addition' is null
  ),
  counted as (
    select f.day, s.theme, c.matter, s.home_division, s.division,
      coalesce(sum(n) filter (where what = 'received'), 0) as received,
      coalesce(sum(n) filter (where what = 'decided'), 0) as decided,
      coalesce(sum(n) filter (where what = 'on time'), 0) as on_time,
      coalesce(sum(n) filter (where what = 'working days'), 0) as working_days,
      coalesce(sum(n) filter (where what = 'correction'), 0) as corrections,
      coalesce(sum(n) filter (where what = 'certificate'), 0) as certificates,
      coalesce(sum(n) filter (where what = 'parcel collect'), 0) as parcels_collected,
      coalesce(sum(n) filter (where what = 'parcel deliver'), 0) as parcels_delivered,
      coalesce(sum(n) filter (where what = 'trip' or (what = 'received' and (c.data ->> 'mode' = 'online'
        or (c.data ->> 'mode' = 'agent' and s.division <> s.home_division)))), 0) as trips_saved,
      coalesce(sum(n) filter (where what in ('satisfied', 'dissatisfied')), 0) as rated,
      coalesce(sum(n) filter (where what = 'satisfied'), 0) as satisfied
    from facts f join cases c on c.id = f.case_id join submissions s on s.id = c.submission_id
    group by f.day, s.theme, c.matter, s.home_division, s.division
  )`

/** What a row of an answer is of; a department is the sum of its matters. */
export const keys = {
  theme: 'theme',
  matter: 'matter',
  division: 'home_division',
  submitted: 'division',
  month: "to_char(day, 'YYYY-MM')",
} as const

export const statistics = {
  /** Where adding up goes on; the first time from the oldest submission on. One at a time. */
  begin: `
    insert into statistics_until (until)
    select coalesce((select received_at from submissions order by id limit 1), now()) - interval '1 second' on conflict do nothing`,
  /** $1: how much of the ledger at most, ms. */
  lock: `
    select until::text, until < now() - interval '2 minutes' as due, until + span < now() - interval '2 minutes' as more,
      least(until + span, now() - interval '2 minutes')::text as next
    from statistics_until, (values ($1::double precision * interval '1 ms')) s(span) for update of statistics_until`,

  /** $3, $4: the span. A row of a transaction still under way is younger than two minutes (see feed_since). */
  add: `
    with ${counted('$3::timestamptz', '$4::timestamptz')}
    insert into statistics_days as kept (${dimensions}, ${figures.join(', ')})
    select ${dimensions}, ${figures.join(', ')} from counted
    on conflict (${dimensions}) do update set ${figures.map((one) => `${one} = kept.${one} + excluded.${one}`).join(', ')}`,
  reached: 'update statistics_until set until = $1::timestamptz',

  /** $3, $4: first and last day. */
  ask: (by: keyof typeof keys): string => `
    with ${counted("coalesce((select until from statistics_until), '-infinity')", 'now()')},
    all_days as (
      select ${dimensions}, ${figures.join(', ')} from statistics_days where day between $3::date and $4::date
      union all select ${dimensions}, ${figures.join(', ')} from counted where day between $3::date and $4::date
    )
    select ${keys[by]} as key, coalesce(sum(received) filter (where division <> home_division), 0) as cross_division, ${sums}
    from all_days group by 1 order by 1`,
} as const
