// The gauge that says how many years lack their calendar; 0 is well.

import { Gauge, type Registry } from 'prom-client'

export function watchCalendar(registry: Registry, missing: () => readonly number[]): void {
  new Gauge({
    name: 'tongban_calendar_missing_years',
    help: 'Years whose holidays should be in config/calendar by now and are not',
    registers: [registry],
    collect() {
      this.set(missing().length)
    },
  })
}
