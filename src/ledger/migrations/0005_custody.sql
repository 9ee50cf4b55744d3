-- Operators ask for papers that are overdue: the few entries that said so, among all. The predicate costs nothing
-- where an entry is of another type.
create index entries_custody_overdue on entries (id) where type = 'custody.overdue';
