-- Seats that departments' own booking systems may hold for us (appointments/reservations.ts). A row is written before a seat is asked for,
-- and ends when the system has refused it or given it back, or when its time has come: nothing is left behind there unseen.
create table reservations (
  -- Our number with the system, and its idempotency key.
  id text primary key,
  system text not null,
  slot text not null,
  matter text not null,
  -- Of the request it was made for: a repeat goes on with the same.
  client text not null,
  key text not null,
  -- asked: it may be there; kept: it is; returning: it is to be given back; ended: it is not there any more.
  state text not null check (state in ('asked', 'kept', 'returning', 'ended')),
  -- Whoever asks has it to themselves until then; the last claim alone may say what came of it.
  asked_until timestamptz not null,
  claims integer not null default 1,
  -- The system's own number.
  reference text,
  starts_at timestamptz not null,
  tries integer not null default 0,
  due_at timestamptz not null default now(),
  failure text,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);
create unique index reservations_key on reservations (client, key) where state in ('asked', 'kept');
create index reservations_open on reservations (due_at) where state in ('asked', 'returning');
create index reservations_kept on reservations (starts_at) where state = 'kept';

alter table bookings
  add column reservation text,
  add column ends_at timestamptz,
  add column place text,
  drop constraint bookings_check,
  add constraint bookings_seated check ((seat is null) = (state = 'released' or reservation is not null));
create index bookings_reservation on bookings (reservation) where reservation is not null;
