-- Slots of halls that somebody holds or has booked (appointments/bookings.ts). A slot has as many seats as its capacity, and
-- a seat is taken once: the index sees to it, whoever asks at the same moment.
create table bookings (
  id text primary key,
  slot text not null,
  seat integer,
  starts_at timestamptz not null,
  matter text not null,
  platform text not null,
  client text not null,
  key text not null,
  state text not null check (state in ('held', 'confirmed', 'released')),
  held_until timestamptz not null,
  -- Of the submission that took it.
  external_id text,
  confirmed_at timestamptz,
  -- Where its cases still have to learn of a change: the slot they know.
  known_slot text,
  changes integer not null default 0,
  changed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (client, key),
  check ((seat is null) = (state = 'released'))
);
create unique index bookings_seat on bookings (slot, seat) where seat is not null;
create index bookings_held on bookings (held_until) where state = 'held';
create index bookings_ahead on bookings (starts_at) where state = 'confirmed';
create index bookings_untold on bookings (changed_at) where known_slot is not null;
