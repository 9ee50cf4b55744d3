-- A batch is decided on the submissions as this process remembers them, without locking them first: what was decided on an
-- older version than the one in the table must not be written.
create function refuse_stale(moved bigint, wanted integer) returns integer language plpgsql as $$
begin
  if moved <> wanted then
    raise exception 'a submission has moved on since this was decided' using errcode = 'serialization_failure';
  end if;
  return null;
end $$;
