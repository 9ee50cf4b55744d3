-- What waits is counted by system, and dead letters are paged by system and id, from what is open alone, however much has been settled
-- (reads.ts). The first is as narrow as can be: the commits of submissions write it.
create index transfers_held on transfers (system) where state = 'held';
drop index transfers_dead;
create index transfers_dead on transfers (system, id) where state = 'dead';
