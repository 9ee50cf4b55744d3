-- Ids of a submission's parts grow from its own and compare by bytes (collate "C"), whatever the database's language:
-- a range of the primary key finds them all, so no table needs an index by submission.
-- The books of the gateway. Rows carry what the domain decided as `data`; the columns beside it are what changes
-- often, and what other statements look things up by. No foreign keys: parents and children are written in one statement, and the
-- checks would cost a quarter of the intake (each takes a row lock on its parent).

create table submissions (
  id            text collate "C" primary key,
  platform      text not null,
  external_id   text not null,
  client        text not null,
  theme         text not null,
  division      text not null,
  home_division text not null,
  state         text not null,
  version       integer not null default 1,
  received_at   timestamptz not null default now(),
  source        text not null,
  message_key   text not null,
  counts        json not null,
  data          json not null,
  constraint submissions_natural_key unique (platform, external_id)
) with (fillfactor = 80);

-- Everything that came from outside, as received: evidence, and the memory that makes intake idempotent. A
-- submission's message also has its normalised form, which departments are told from.
create table messages (
  source        text not null,
  key           text not null,
  submission_id text collate "C" not null,
  sha256        text not null,
  media_type    text not null,
  encoding      text not null check (encoding in ('utf8', 'base64')),
  body          text not null,
  document      json,
  outcome       text not null default 'applied',
  received_at   timestamptz not null default now(),
  primary key (source, key)
);

create table cases (
  id            text collate "C" primary key,
  submission_id text collate "C" not null,
  matter        text not null,
  system        text not null,
  state         text not null,
  reference     text,
  -- The day on which its clock has to be looked at.
  rings_on      date,
  updated_at    timestamptz not null default now(),
  data          json not null
) with (fillfactor = 80);
create index cases_ringing on cases (rings_on) where rings_on is not null;
create index cases_by_reference on cases (system, reference) where reference is not null;

create table materials (
  submission_id text collate "C" not null,
  code          text not null,
  data          json not null,
  primary key (submission_id, code)
);

create table parcels (
  id            text collate "C" primary key,
  submission_id text collate "C" not null,
  system        text not null,
  state         text not null,
  reference     text,
  updated_at    timestamptz not null default now(),
  data          json not null
);
create index parcels_by_reference on parcels (reference, system) where reference is not null;
create index parcels_open on parcels (system, id) where state not in ('wanted', 'delivered', 'returned', 'cancelled', 'lost');

-- One row per duty. Everything due can be recomputed from here; a BullMQ job is only a wake-up call for it.
create table transfers (
  id              text collate "C" primary key,
  submission_id   text collate "C" not null,
  case_id         text collate "C",
  system          text not null,
  operation       text not null,
  lane            text not null,
  sequence        integer not null,
  state           text not null check (state in ('held', 'due', 'leased', 'delivered', 'refused', 'cancelled', 'dead')),
  next_attempt_at timestamptz,
  lease_owner     integer,
  lease_until     timestamptz,
  epoch           integer not null default 0,
  claims          integer not null default 0,
  attempts        integer not null default 0,
  look            boolean not null default false,
  created_at      timestamptz not null default now(),
  settled_at      timestamptz,
  reason          text,
  failure         json,
  receipt         json,
  about           json not null
) with (fillfactor = 80);
create index transfers_due on transfers (next_attempt_at) where state = 'due';
create index transfers_leased on transfers (lease_owner) where state = 'leased';
create index transfers_told on transfers (system, created_at, id) where operation = 'notify';
create index transfers_dead on transfers (system) where state = 'dead';

create table attempts (
  transfer_id text collate "C" not null,
  number      integer not null,
  owner       integer not null,
  started_at  timestamptz not null,
  duration_ms real not null,
  outcome     text not null,
  summary     text,
  recorded_at timestamptz not null default now()
) partition by range (recorded_at);
create table attempts_other partition of attempts default;
create index attempts_of_transfer on attempts (transfer_id);

-- Append-only: what happened, in the order it was decided.
create table entries (
  id            text collate "C" not null,
  submission_id text collate "C" not null,
  case_id       text collate "C",
  number        integer not null,
  type          text not null,
  occurred_at   timestamptz not null,
  recorded_at   timestamptz not null default now(),
  data          json not null
) partition by range (recorded_at);
create table entries_other partition of entries default;
create index entries_of_submission on entries (submission_id, number);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % of % is refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger entries_append_only before update or delete on entries for each row execute function refuse_change();

create table uploads (
  id              text collate "C" primary key,
  client          text not null,
  idempotency_key text,
  sha256          text not null,
  sm3             text,
  size            bigint not null,
  media_type      text not null,
  file_name       text not null,
  created_at      timestamptz not null default now(),
  constraint uploads_idempotent unique (client, idempotency_key)
);

-- How far each system that cannot push has been read; written after what was read is recorded.
create table cursors (
  system     text primary key,
  position   text not null,
  updated_at timestamptz not null default now()
);

-- A running process holds the advisory lock (7701, id); one that does not is dead, whatever its leases say.
create table processes (
  id         integer primary key generated always as identity,
  host       text not null,
  roles      text not null,
  started_at timestamptz not null default now()
);

-- PostgreSQL's own pace of vacuuming is that of a machine with nothing else to do: on two cores it took the 99th
-- percentile of a case at 100/s from 11 to 50 and more milliseconds. What is only inserted is vacuumed seldom, what is
-- updated at a steady trickle.
create function calm_vacuum(tables text[]) returns void language plpgsql as $$
declare
  name text;
begin
  foreach name in array tables loop
    execute format('alter table %I set (autovacuum_vacuum_cost_delay = 10, autovacuum_vacuum_threshold = 10000, autovacuum_analyze_threshold = 10000,'
      ' autovacuum_vacuum_insert_threshold = 1000000, autovacuum_vacuum_insert_scale_factor = 0.5)', name);
  end loop;
end $$;
select calm_vacuum(array['submissions', 'messages', 'cases', 'materials', 'parcels', 'transfers', 'attempts_other', 'entries_other']);

-- Makes this month's and next month's partitions; harmless to repeat.
create function ensure_partitions(months integer) returns void language plpgsql as $$
declare
  parent text;
  month  date;
  name   text;
begin
  foreach parent in array array['attempts', 'entries'] loop
    for i in 0..months loop
      month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => i))::date;
      name := format('%s_%s', parent, to_char(month, 'YYYYMM'));
      if to_regclass(name) is null then
        begin
          execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent, month::text || ' 00:00+00', (month + interval '1 month')::date::text || ' 00:00+00');
          perform calm_vacuum(array[name]);
        exception when check_violation then
          raise notice 'rows of % are already in the default partition of %', month, parent;
        end;
      end if;
    end loop;
  end loop;
end $$;

-- Systems that an operator, or refused credentials, stopped. Kept here and not in the queue engine: it may be emptied.
create table pauses (
  system text primary key,
  reason text not null,
  by     text not null,
  since  timestamptz not null default now()
);

-- Which configuration was brought into force, by whom, and what was refused. Field paths only: no value is kept.
create table configuration_versions (
  id           bigint primary key generated always as identity,
  at           timestamptz not null default now(),
  by           text not null,
  process      integer not null,
  result       text not null check (result in ('applied', 'refused')),
  from_version text,
  to_version   text not null,
  changes      json not null,
  problems     json not null
);
create index configuration_applied on configuration_versions (id) where result = 'applied';
create trigger configuration_append_only before update or delete on configuration_versions for each row execute function refuse_change();

-- What each running process has in force, and whether its own files are those of the newest version.
create table configuration_processes (
  process    integer primary key,
  version    text not null,
  newest     bigint not null,
  state      text not null check (state in ('current', 'differs', 'refused')),
  since      timestamptz not null default now()
);
