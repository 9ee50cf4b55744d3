-- What a submission said, as normalised when it came in. $1: its id.
select m.document from submissions s join messages m on m.source = s.source and m.key = s.message_key where s.id = $1
