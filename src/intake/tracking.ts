// Carriers and trackers are asked where parcels are, a few at a time, round and round: beside their pushes, or
// instead of them. A scan that was pushed already is known by its id.

import type { Attempt, ExternalEvent, FollowedParcel, Trail, Unread } from '../adapter-kit/contract.ts'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import type { System } from '../delivery/systems.ts'
import { whyUnstorable } from '../http/storable.ts'
import { openParcels } from '../ledger/open-parcels.ts'
import type { Turn } from './asking.ts'
import { keepEvidence, type ReportDeps, recordAll, toldOf } from './reporting.ts'

interface TrackingDeps extends ReportDeps {
  describe(parcelId: string): Promise<FollowedParcel>
}

const AT_ONCE = 20

/** Once through the open parcels of a system. */
interface Round {
  /** The last that was asked about. */
  after: string
  /** What was wrong with whole trails; a person hears of it when it was not so the round before. */
  doubts: Set<string>
  before: ReadonlySet<string>
}

const roundAfter = (before: ReadonlySet<string>): Round => ({ after: '', doubts: new Set(), before })

/**
 * Each call asks about the next few open parcels of the system; after the last it begins again with the
 * first. One whose question fails every time ends a call, and the next goes on after it: the others are not
 * hidden behind it. Each question has the system's whole time: a slow carrier is not one that is away.
 */
export function tracker(deps: TrackingDeps) {
  const rounds = new Map<string, Round>()
  return async (system: System, turn: Pick<Turn, 'attempt'>): Promise<{ items: number; more: boolean }> => {
    const round = rounds.get(system.id) ?? roundAfter(new Set())
    rounds.set(system.id, round)
    const parcels = await openParcels(deps.ledger.readers, system.id, round.after, AT_ONCE)
    let items = 0
    for (const id of parcels) {
      round.after = id
      items += await follow(deps, system, id, { attempt: turn.attempt(), round })
    }
    if (parcels.length < AT_ONCE) rounds.set(system.id, roundAfter(round.doubts))
    return { items, more: parcels.length === AT_ONCE }
  }
}

interface Asking {
  attempt: Attempt
  round: Round
}

async function follow(deps: TrackingDeps, system: System, id: string, asking: Asking): Promise<number> {
  const { events, unread = [] } = readable(await trailOf(deps, system, id, asking))
  const ours = events.map((event) => ({ ...event, parcelId: id }))
  const body = Buffer.from(JSON.stringify(ours))
  await Promise.all(recordAll(deps, system.id, ours, { body, mediaType: 'application/json' }))
  for (const scan of unread) await keepScan(deps, system.id, id, scan)
  return ours.length
}

/** Without the scans that the ledger cannot keep: those are beside it. */
function readable({ events, unread = [] }: Trail): Trail {
  const [kept, others]: [ExternalEvent[], Unread[]] = [[], [...unread]]
  for (const event of events) {
    const reason = whyUnstorable([event])
    if (reason === null) kept.push(event)
    else
      others.push({
        failure: new AdapterFailure('unrecognised', reason),
        body: Buffer.from(JSON.stringify(event)),
        mediaType: 'application/json',
      })
  }
  return { events: kept, unread: others }
}

/**
 * For a person, who is told of it once: the trail is read again with every round, and with what has been
 * learnt since.
 */
async function keepScan(
  deps: TrackingDeps,
  system: string,
  id: string,
  { failure, ...scan }: Unread,
): Promise<void> {
  await keepEvidence(deps, system, scan, `${id}: ${toldOf(failure)}`, 'once')
}

/** One parcel that the carrier does not know, or tells nonsense of, does not keep the others waiting. */
async function trailOf(
  deps: TrackingDeps,
  system: System,
  id: string,
  { attempt, round }: Asking,
): Promise<Trail> {
  try {
    return await system.adapter.tracking!.read(await deps.describe(id), attempt)
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    if (error.kind !== 'rejected' && error.kind !== 'unrecognised') throw error
    const doubt = `${id}: ${error.message}`
    round.doubts.add(doubt)
    if (!round.before.has(doubt)) deps.observer.unreadable(system.id, doubt)
    return { events: [] }
  }
}
