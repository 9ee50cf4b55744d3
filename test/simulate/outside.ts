// The outside systems: what each does with what it is handed, and its own books of it. They have the laws that can only
// be seen from outside: one effect of each transfer, in the order of its lane.

import type { EventDetail, ReceiptFacts } from '../../src/domain/events.ts'
import type { Operation, Transfer } from '../../src/domain/submission.ts'
import type { Temper } from './city.ts'
import { law } from './law.ts'
import { deskOf, iso, known, type Try, type World } from './world.ts'

export interface Refused {
  code: string
  reason: string
}

/** By the ledger's rows: the event went to the system before, under the same id. */
const wasTold = ({ books }: World, { system, sequence }: Transfer, event: string): boolean =>
  [...books.transfers.values()].some((row) => {
    const about = row.about as Transfer['about']
    const isSame = 'event' in about && !about.replay && about.event.id === event
    return isSame && row.system === system && (row.sequence as number) < sequence && row.state !== 'held'
  })

export const temperOf = (world: World, system: string): Temper =>
  world.city.temper.get(system) ?? 'honours-key'

/** What an earlier attempt left, if it arrived. */
export function find({ outside }: World, one: Transfer): ReceiptFacts | null {
  return outside.effects.has(one.id) ? { reference: referenceOf(one), duplicate: true } : null
}

/** The system takes it, again when it is sent again: only one that honours keys knows better. */
export function receive(world: World, one: Transfer, tried: Try): ReceiptFacts | Refused {
  const { effects } = world.outside
  const earlier = effects.get(one.id) ?? 0
  if (earlier > 0 && temperOf(world, one.system) === 'honours-key')
    return { reference: referenceOf(one), duplicate: true }
  // Where nobody could tell, a person has decided that it is sent again.
  law(
    earlier === 0 || tried.undecided,
    'a transfer has one effect',
    () => `${one.operation} ${one.id} to ${one.system}`,
  )
  checkLane(world, one)
  const answer = receivers[one.operation](world, one, earlier > 0)
  if (!('code' in answer)) effects.set(one.id, earlier + 1)
  return answer
}

function checkLane(world: World, one: Transfer): void {
  const earlier = known(world).transfers.find(
    ({ lane, sequence }) => lane === one.lane && sequence < one.sequence,
  )
  law(!earlier, 'a lane goes out in order', () => `${one.id} before ${earlier!.id}`)
}

const referenceOf = ({ operation, caseId, id }: Transfer): string =>
  operation === 'submitCase' ? `no-${caseId}` : `no-${id}`

/** `again`: a person has decided that it is sent once more. */
type Receiver = (world: World, one: Transfer, again: boolean) => ReceiptFacts | Refused

const done: ReceiptFacts = {}

const receivers: Readonly<Record<Operation, Receiver>> = {
  submitCase(world, one, again) {
    const desk = deskOf(world, one.caseId!)
    law(!desk.taken || again, 'a case is handed over once', () => one.caseId!)
    desk.taken = true
    // Some clocks are years ahead.
    const at = iso(world.random() < 0.8 ? world.now : world.now + 900 * 24 * 3_600_000)
    const accepted = !world.calm && world.random() < 0.1
    if (accepted) desk.state = 'accepted'
    const events: { type: string; at: string; detail: EventDetail }[] = [
      { type: 'case.accepted', at, detail: {} },
    ]
    return { reference: referenceOf(one), ...(accepted ? { events } : {}) }
  },
  supplementCase(world, one) {
    const desk = deskOf(world, one.caseId!)
    if (desk.state === 'correction-requested' || desk.state === 'pre-review-returned') desk.state = 'accepted'
    return {}
  },
  withdrawCase(world, one) {
    deskOf(world, one.caseId!).state = 'withdrawn'
    return {}
  },
  notify(world, one, again) {
    const { system, about } = one
    if (!('event' in about)) return { code: 'no', reason: 'no event' }
    if (about.replay) {
      law(wasTold(world, one, about.event.id), 'only what was told is told again', () => about.event.id)
      return done
    }
    const { subject, sequence } = about.event
    const place = `${system} ${subject}`
    const last = world.outside.last.get(place) ?? 0
    law(
      sequence > last || again,
      'events of a subject come in order',
      () => `${subject} ${sequence} after ${last}`,
    )
    world.outside.last.set(place, sequence)
    return done
  },
  obtainCertificate(world, one) {
    const material = 'material' in one.about ? one.about.material : ''
    const wanted = known(world).materials.find(({ code }) => code === material)
    law(wanted?.certificateType !== undefined, 'a certificate is asked for by its type', () => material)
    if (!world.calm && world.random() < 0.15) return { code: 'certificate-not-found', reason: 'not found' }
    const file = { sha256: one.id, size: 1, mediaType: 'application/pdf', fileName: 'licence.pdf' }
    return { reference: referenceOf(one), files: [file], data: { trust: 'A' } }
  },
  verifyCertificate(world, one) {
    const material = 'material' in one.about ? one.about.material : ''
    const held = known(world).materials.find(({ code }) => code === material)
    law(held?.certificate !== undefined, 'what is asked about again was obtained before', () => material)
    if (!world.calm && world.random() < 0.15) return { code: 'certificate-revoked', reason: 'revoked' }
    return done
  },
  recordService: () => done,
  registerCertificate(world, one) {
    const registered = known(world).cases.find(({ id }) => id === one.caseId)?.registration
    law(registered?.state === 'asked', 'a result is registered where it is to be', () => one.id)
    return { reference: referenceOf(one) }
  },
  createOrder(world, one) {
    const parcel = 'parcel' in one.about ? one.about.parcel : ''
    const exists = known(world).parcels.some(({ id, system }) => id === parcel && system === one.system)
    law(exists, 'an order is of a parcel that is there', () => parcel)
    world.outside.orders.add(parcel)
    return world.random() < 0.8 ? { reference: referenceOf(one) } : {}
  },
  cancelOrder(world, one) {
    const parcel = known(world).parcels.find(({ id }) => 'parcel' in one.about && id === one.about.parcel)
    const gone =
      parcel && parcel.state !== 'wanted' && parcel.state !== 'ordered' && parcel.state !== 'cancelled'
    if (gone && !world.calm) return { code: 'collected', reason: 'it is on its way' }
    if (parcel) world.outside.orders.delete(parcel.id)
    return done
  },
  followParcel: () => ({}),
}
