-- What a request about a case or a submission was answered first, and is again when it is repeated: where everything stands
-- by then is another question. Submissions need none, their answer is derived from their rows (sql/known.sql).
alter table messages add column answer json;
