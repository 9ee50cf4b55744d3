// Leases that this process has without knowing it: the answer to the commit or the claim that took them was
// lost, with the connection or the whole database. It lives, so nobody would take them over before they run
// out. An answer may still be on its way, so only what is unknown twice, a while apart, is a stray; and it is
// looked up before it is sent.

import type { Due } from '../ledger/changes.ts'
import type { Held, Leases } from '../ledger/leases.ts'

/** Frees what is a stray now, and answers with it; `holds` says whether a lease is in memory. */
export function strayCatcher(
  leases: Pick<Leases, 'held' | 'free'>,
  holds: (lease: Held) => boolean,
): (systems: readonly string[]) => Promise<Due[]> {
  let suspects = new Set<string>()
  return async (systems) => {
    const unknown = (await leases.held(systems)).filter((one) => !holds(one))
    const strays = unknown.filter((one) => suspects.has(nameOf(one)))
    suspects = new Set(unknown.map(nameOf))
    return strays.length > 0 ? leases.free(strays) : []
  }
}

export const nameOf = ({ id, epoch }: Held): string => `${id} ${epoch}`
