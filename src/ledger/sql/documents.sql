-- What submissions said, as normalised when they came in. $1 text[]: their ids.
select s.id, m.document from submissions s join messages m on m.source = s.source and m.key = s.message_key where s.id = any ($1)
