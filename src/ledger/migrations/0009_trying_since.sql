-- A transfer is given up when it has been tried in vain for long, not when it is old: it may have waited behind another of
-- its lane, or for its system to be resumed, without anybody trying.
alter table transfers add column trying_since timestamptz;

-- When each system was resumed last: what was tried before that is tried anew. A row each, so that resuming a system
-- does not have to touch whatever waits for it.
create table resumptions (
  system text primary key,
  at     timestamptz not null default now()
);
