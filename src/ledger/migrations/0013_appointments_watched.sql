-- Appointments booked before they were watched by the day (domain/appointment-watch.ts): each is looked at as one that was
-- just booked is, from the day before its slot on; of one that has passed the domain then finds that nobody reported on it.
-- When a slot begins is known of the halls' own; cases booked with others go on as they were until they are booked again.
update cases c
set data = jsonb_set(
      c.data::jsonb,
      '{appointment}',
      (c.data::jsonb -> 'appointment') || jsonb_build_object(
        'startsAt', to_char(slot.starts, 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
        'next', jsonb_build_object('step', 'remind', 'on', slot.starts::date - 1)
      )
    )::json,
    rings_on = least(c.rings_on, slot.starts::date - 1)
from (select distinct slot, starts_at at time zone 'Asia/Shanghai' as starts from bookings) slot
where c.data -> 'appointment' ->> 'state' = 'booked'
  and c.data -> 'appointment' ->> 'slot' = slot.slot
  and c.data -> 'appointment' ->> 'next' is null
  and c.state not in ('issued', 'closed', 'rejected', 'denied', 'withdrawn', 'terminated')
  -- What its department has already needs no report.
  and (c.state = 'pending' or slot.starts > now() at time zone 'Asia/Shanghai');
