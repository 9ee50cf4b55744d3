-- Every catalogue that was brought into force, whole, so that it can be built again: a submission keeps the version it
-- was made under. The newest whose effective_from has come is in force. Numbers are given under a lock on the table,
-- so they are committed in their order.
create table catalogue_versions (
  number         integer primary key generated always as identity,
  version        text not null,
  effective_from date not null,
  activated_at   timestamptz not null default now(),
  by             text not null,
  files          json not null
);
create trigger catalogue_append_only before update or delete on catalogue_versions for each row execute function refuse_change();
