-- Who stopped a system and who started it again: `pauses` knows only of those that stand. `gateway` is refused credentials.
create table pause_history (
  id     bigint primary key generated always as identity,
  at     timestamptz not null default now(),
  system text not null,
  act    text not null check (act in ('paused', 'resumed')),
  by     text not null,
  reason text
);
create index pause_history_of_system on pause_history (system, id);
create trigger pause_history_append_only before update or delete on pause_history for each row execute function refuse_change();
