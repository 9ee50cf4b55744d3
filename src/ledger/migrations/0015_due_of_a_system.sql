-- What of each system has been due longest, whatever waits for the others (sql/overdue.sql).
create index transfers_due_of_system on transfers (system, next_attempt_at) where state = 'due';
