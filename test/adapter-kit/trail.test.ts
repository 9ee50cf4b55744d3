// The order of what is told of a parcel.

import t from 'tap'
import type { ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { trailOf } from '../../src/adapter-kit/trail.ts'

const scan = (at: string): ExternalEvent => ({ id: at, type: 'parcel.in-transit', at, detail: {} })

t.test('scans are in the order of their times, whatever offset those are written with', async (t) => {
  const read = ['2026-11-23T01:30:00Z', '2026-11-23T09:00:00+08:00', '2026-11-23T08:59:59.5+08:00'].map(scan)
  t.strictSame(
    trailOf({ read, unread: [] }).events.map(({ at }) => at),
    ['2026-11-23T08:59:59.5+08:00', '2026-11-23T09:00:00+08:00', '2026-11-23T01:30:00Z'],
  )
})
