// 代收代办: which papers a window has taken in when it submits for the applicant.

import type { CanonicalSubmission } from '../../schemas/types.ts'
import type { ReceivedMaterial } from '../domain/events.ts'

/**
 * A paper whose original the window has verified is with the window; so is every paper that the hall is to send on.
 * Where the carrier fetches it from the applicant, what was not verified is still there.
 */
export function takenIn(
  { code, source }: { code: string; source: string },
  { mode, agent, delivery }: CanonicalSubmission,
  now: Date,
): Pick<ReceivedMaterial, 'takenIn'> {
  if (source !== 'paper' || mode !== 'agent' || !agent) return {}
  const verified = agent.verified?.find(({ material }) => material === code)
  if (!verified && delivery?.collect) return {}
  const { hall, window, clerk } = agent
  // It cannot have been later than now, whatever the window's clock says.
  const at = verified && Date.parse(verified.at) <= now.getTime() ? new Date(verified.at) : now
  return { takenIn: { by: { kind: 'window', hall, window, person: clerk }, at: at.toISOString() } }
}
