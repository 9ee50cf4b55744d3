// The carrier and the tracker: scans in and out of order, repeated, taken back. In the end what a
// case waits for arrives, unless it is lost.

import { type ParcelEvent, parcelEvents } from '../../../src/domain/events.ts'
import type { Parcel } from '../../../src/domain/submission.ts'
import { between, pick } from '../../../src/sandbox/random.ts'
import { iso, known, newKey, tell, type World } from '../world.ts'
import type { Actor } from './index.ts'

const MINUTE = 60_000

const course: Partial<Record<Parcel['state'], readonly ParcelEvent[]>> = {
  wanted: ['parcel.collected'],
  ordered: ['parcel.collected', 'parcel.collected', 'parcel.cancelled'],
  collected: ['parcel.in-transit', 'parcel.delivered'],
  'in-transit': ['parcel.in-transit', 'parcel.out-for-delivery', 'parcel.delivered', 'parcel.lost'],
  'out-for-delivery': ['parcel.delivered', 'parcel.delivered', 'parcel.delivery-failed'],
  'delivery-failed': ['parcel.out-for-delivery', 'parcel.returning'],
  returning: ['parcel.returned'],
}

export const carrier: Actor = {
  name: 'carrier',
  weight: 3,
  tells: ['parcel.reported'],
  act(world) {
    const { parcels } = known(world)
    if (parcels.length === 0) return false
    if (world.calm) return parcels.some((one) => bring(world, one))
    return move(world, pick(world.random, parcels))
  },
}

function move(world: World, one: Parcel): boolean {
  const { random, faults, outside } = world
  const chaos = random() < faults.chaos
  if (one.system === '' || (!chaos && !outside.orders.has(one.id))) return false
  const next = course[one.state]
  if (!chaos && !next) return false
  const event = chaos ? pick(random, parcelEvents) : pick(random, next!)
  const lateMs = random() < faults.delayed ? between(random, -60, 3 * 24 * 60) * MINUTE : 0
  const last = one.trail.at(-1)
  const reverses = last && random() < faults.chaos / 2 ? pick(random, [last.id, last.event]) : undefined
  const eventId = last && random() < faults.repeated ? last.id : `scan-${++outside.scans}`
  scan(world, one, event, world.now - lateMs, eventId, reverses)
  return true
}

function bring(world: World, one: Parcel): boolean {
  const isAwaited = known(world).cases.some(({ waits }) =>
    waits.some((wait) => 'parcel' in wait && wait.parcel === one.id),
  )
  if (!isAwaited || !world.outside.orders.has(one.id)) return false
  world.now += MINUTE
  scan(world, one, 'parcel.delivered', world.now, `scan-${++world.outside.scans}`)
  return true
}

function scan(
  world: World,
  one: Parcel,
  event: ParcelEvent,
  at: number,
  eventId: string,
  reverses?: string,
): void {
  const system = one.tracker && world.random() < 0.3 ? one.tracker : one.system
  const detail = reverses ? { reverses } : world.random() < 0.5 ? { reference: `waybill-${one.id}` } : {}
  const facts = { parcelId: one.id, eventId, event, at: iso(at), system, detail }
  tell(world, { type: 'parcel.reported', ...facts }, newKey(world, system))
}
