-- A tracker asks where the parcels are that it follows and that are under way: few among those of all years.
create index parcels_followed on parcels ((data ->> 'tracker'), id)
  where state not in ('wanted', 'delivered', 'returned', 'cancelled', 'lost');
