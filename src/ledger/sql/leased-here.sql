-- What this process has leased, by the ledger. $1: this process; $2 text[]: of these systems.
select id, epoch from transfers where state = 'leased' and lease_owner = $1 and system = any ($2::text[])
