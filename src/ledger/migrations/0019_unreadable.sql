-- What nobody could read is listed for operators: few among very many messages.
create index messages_unreadable on messages (received_at, source, key) where outcome like 'unreadable: %';
