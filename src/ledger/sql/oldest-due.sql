-- For each system the age in ms of the transfer that has been due longest.
select system, extract(epoch from now() - min(next_attempt_at)) * 1000 as age_ms
from transfers where state = 'due' and next_attempt_at <= now() group by system
