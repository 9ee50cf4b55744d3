// Whose a submission is within its platform: the clients' that act for the division where it was handed in,
// or where a window has taken a case of it over since. The others are told so; what belongs to another
// platform is not there at all.

import type { Case, Submission } from '../domain/submission.ts'
import { problem } from '../http/problems.ts'
import { mayActFor } from '../security/clients.ts'
import type { Client, Settings } from '../settings/settings.ts'

/**
 * @throws problem `division-not-allowed`. `cases`: those it is about; none where a window's own case does not
 * give a right to it.
 */
export function checkDivisions(
  client: Client,
  { submission, cases }: { submission: Pick<Submission, 'division'>; cases: readonly Pick<Case, 'agent'>[] },
  halls: Settings['halls'],
): void {
  const taken = cases.map(({ agent }) => halls.get(agent?.hall ?? '')?.division)
  if ([submission.division, ...taken].some((one) => one !== undefined && mayActFor(client, one))) return
  throw problem('division-not-allowed', {
    detail: `client ${client.id} does not act for division ${submission.division}, where it was handed in`,
    detailZh: `客户端 ${client.id} 无权办理收件地行政区划 ${submission.division} 的业务`,
  })
}
