-- What was told to whom, in an order in which nothing can appear afterwards (ledger/feed.ts). A row is born in the
-- transaction that wrote it: rows of transactions below pg_snapshot_xmin are all there or never will be, and a session that only
-- reads, however long, has no transaction id and holds nobody up.
alter table transfers add column born xid8 not null default pg_current_xact_id();

-- Transaction ids count from the beginning of a cluster. Rows from before this column, or from a dump that was restored into
-- a younger cluster, are numbered anew in the order of their commits' time, below every id still to come.
create function order_feed() returns void language plpgsql as $$
declare
  room numeric := pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1;
begin
  with commits as (
    select at, row_number() over (order by at) as n, count(*) over () as of
    from (select distinct created_at as at from transfers where operation = 'notify') told
  )
  update transfers t set born = ceil(case when c.of > room then c.n * room / c.of else c.n end)::text::xid8
  from commits c where t.operation = 'notify' and t.created_at = c.at;
end $$;
select order_feed();

-- After a restore; otherwise one look at the newest row.
create function order_feed_if_restored() returns void language plpgsql as $$
begin
  if (select born from transfers where operation = 'notify' order by id desc limit 1) >= pg_snapshot_xmax(pg_current_snapshot()) then
    perform order_feed();
  end if;
end $$;

drop index transfers_told;
create index transfers_told on transfers (system, born, id) where operation = 'notify';

-- The birth of the first row told to a system at or after a time. Births grow with time but for what one transaction takes
-- (it has its time when it begins and its id when it first writes; writers end within two minutes), so a search by halves
-- finds a row that is surely earlier, and a short scan goes on from there. Null: there is none.
create function feed_since(of_system text, since timestamptz) returns xid8 language plpgsql stable as $$
declare
  low numeric := 0;
  high numeric := pg_snapshot_xmax(pg_current_snapshot())::text::numeric;
  middle numeric;
  at timestamptz;
begin
  while high - low > 1 loop
    middle := div(low + high, 2);
    select created_at into at from transfers
    where operation = 'notify' and system = of_system and born >= middle::text::xid8 order by system, born, id limit 1;
    if at < since - interval '2 minutes' then low := middle; else high := middle; end if;
  end loop;
  return (select born from transfers
    where operation = 'notify' and system = of_system and born >= low::text::xid8 and created_at >= since order by system, born, id limit 1);
end $$;

-- Statistics are added up from the entries, in the order of their recording: whole blocks of other times are passed over.
create index entries_recorded on entries using brin (recorded_at) with (pages_per_range = 32, autosummarize = on);

-- What happened on a day (China's), by everything that statistics are asked for. Counts only: nobody can be found in it.
create table statistics_days (
  day               date not null,
  theme             text not null,
  matter            text not null,
  home_division     text not null,
  division          text not null,
  received          integer not null,
  decided           integer not null,
  on_time           integer not null,
  working_days      bigint not null,
  corrections       integer not null,
  certificates      integer not null,
  parcels_collected integer not null,
  parcels_delivered integer not null,
  trips_saved       integer not null,
  rated             integer not null,
  satisfied         integer not null,
  primary key (day, theme, matter, home_division, division)
);
-- Entries recorded up to here are in statistics_days; never more than one row.
create table statistics_until (one boolean primary key default true check (one), until timestamptz not null);

-- What came of comparing a day with each system: the last try counts. Ids, numbers and states only, nobody's data.
create table reconciliations (
  system      text not null,
  day         date not null,
  -- compared; unable: it can neither list nor be asked; failed: to be tried again.
  state       text not null check (state in ('compared', 'unable', 'failed')),
  counts      json,
  differences json not null default '[]',
  reason      text,
  tries       integer not null default 1,
  at          timestamptz not null default now(),
  ms          integer not null,
  primary key (system, day)
);
