// One system's books of one day against ours: by its list of the day or, where it has none, by asking for
// each of ours. Only reads, here and there. The command and the nightly round do the same.

import type { Attempt } from '../../adapter-kit/contract.ts'
import { AdapterFailure } from '../../adapter-kit/failures.ts'
import { type CatalogueNames, settledContext } from '../../delivery/compose.ts'
import type { System } from '../../delivery/systems.ts'
import { type Operation, operations } from '../../domain/submission.ts'
import { type Comparison, type Counts, openComparison } from '../../ledger/reconciliation.ts'
import { createLinks } from '../../materials/links.ts'
import type { Settings } from '../../settings/settings.ts'
import { askForEach, type Unanswered } from './asking.ts'
import { type MakeAttempt, takeDown } from './listing.ts'

export interface Compared {
  counts: Counts
  comparison: Comparison
  /** What the system would not say; neither there nor missing, and not counted as ours only. */
  unanswered: readonly Unanswered[]
}

/** What makes something of theirs ours: a case that was submitted, a parcel that was ordered. */
const FIRST: readonly Operation[] = ['submitCase', 'createOrder']

/**
 * What of ours can be compared; empty when the system can neither list nor be asked. A carrier that knows orders only by
 * their waybill is asked for the trail where `byTrail` says so: a trail proves a parcel, none proves nothing.
 */
export function comparable({ adapter }: Pick<System, 'adapter'>, byTrail = false): readonly Operation[] {
  const { listing, outgoing, tracking } = adapter
  if (listing) return FIRST
  const asked = operations.filter((name) => outgoing[name]?.find !== undefined)
  const followed = byTrail && tracking && outgoing.createOrder && !outgoing.createOrder.find
  return followed ? [...asked, 'createOrder'] : asked
}

/** Our side of a comparison. */
interface Books {
  url: string
  settings: Pick<Settings, 'calendar' | 'city' | 'http' | 'keys' | 'postal'>
  catalogues: CatalogueNames
  /** See `comparable`. Not for every night: parcels of yesterday that wait for their first scan would raise an alarm. */
  byTrail?: boolean
  stop?: AbortSignal
}

/** `use` may read the findings; everything is gone afterwards. */
export async function compareBooks<T>(
  { url, settings, catalogues, byTrail, stop }: Books,
  system: System,
  day: string,
  use: (compared: Compared) => Promise<T>,
): Promise<T> {
  const comparison = await openComparison({
    url,
    system: system.id,
    day,
    operations: comparable(system, byTrail),
  })
  try {
    const make = attempts(system, settings, comparison, stop)
    const { listing } = system.adapter
    let unanswered: Unanswered[] = []
    if (listing) await takeDown(comparison, listing, day, make, system.settings.delivery.timeoutMs)
    else unanswered = await askForEach(comparison, system, settledContext(settings, catalogues), make, stop)
    const counts = await comparison.compare()
    const onlyOurs = counts.onlyOurs - new Set(unanswered.map((one) => one.transfer)).size
    return await use({ counts: { ...counts, onlyOurs }, comparison, unanswered })
  } finally {
    await comparison.close()
  }
}

/** Questions only: files may be named, but neither read nor stored. */
function attempts(
  system: System,
  settings: Pick<Settings, 'http' | 'keys'>,
  comparison: Comparison,
  stop: AbortSignal | undefined,
): MakeAttempt {
  const links = createLinks(settings.keys.links, settings.http.publicUrl)
  const refuse = (): Promise<never> =>
    Promise.reject(
      new AdapterFailure('rejected', '核对时不读写文件 (no files while reconciling)', { sent: false }),
    )
  const files: Attempt['files'] = {
    link: (file, seconds) => links.link(file, seconds),
    open: refuse,
    store: refuse,
  }
  return (given, key) => {
    const signal = stop ? AbortSignal.any([given, stop]) : given
    return { signal, http: system.http.forAttempt(signal), key, number: 1, now: comparison.now, files }
  }
}
