// Everything that is asked for what happened: systems that cannot push, and where parcels are.

import type { Attempt, FollowedParcel } from '../adapter-kit/contract.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Asking, type AskingDeps, startAsking } from './asking.ts'
import { pollOnce } from './polling.ts'
import type { ReportObserver } from './reporting.ts'
import { tracker } from './tracking.ts'

interface AskersDeps {
  ledger: Ledger
  systems: AskingDeps['systems']
  files: Attempt['files']
  pause: AskingDeps['pause']
  observer: AskingDeps['observer'] & ReportObserver
  /** What a carrier or tracker needs to know of a parcel to tell where it is. */
  describe(parcelId: string): Promise<FollowedParcel>
}

/** One process of the installation asks: the one that leads. */
export function startAskers(deps: AskersDeps): Asking {
  const { ledger } = deps
  const asking: AskingDeps = {
    systems: deps.systems,
    files: deps.files,
    now: ledger.now,
    leads: () => ledger.presence.leads(),
    pause: deps.pause,
    observer: deps.observer,
  }
  const polls = startAsking(
    asking,
    ({ adapter }) => adapter.polling !== undefined,
    (system, turn) => pollOnce(deps, system, turn),
  )
  const tracks = startAsking(asking, ({ adapter }) => adapter.tracking !== undefined, tracker(deps))
  return { close: () => Promise.all([polls.close(), tracks.close()]).then(() => undefined) }
}
