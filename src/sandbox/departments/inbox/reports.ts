// What happened, in the gateway's own words, posted by a department that can only call out.

import type { CityContext } from '../../actor.ts'
import type { Report, Tell } from '../desk.ts'

const words: Partial<Record<Report['status'], string>> = {
  28: 'case.correction-requested',
  30: 'case.accepted',
  35: 'case.reviewing',
  36: 'case.special-procedure-started',
  38: 'case.special-procedure-ended',
  40: 'case.denied',
  50: 'case.approved',
  60: 'case.issued',
  90: 'case.closed',
  97: 'case.rejected',
}

export function inboxTell(context: CityContext, { id, token }: { id: string; token: string }): Tell {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return async (report) => {
    const body = JSON.stringify({ events: [eventOf(report)] })
    const answer = await context.push(id, { method: 'POST', path: `/v1/systems/${id}/events`, headers, body })
    return answer.status === 200
  }
}

function eventOf({ eventId, outerNo, projectNo, status, time, result, ...facts }: Report): unknown {
  const detail = {
    ...facts,
    ...(result ? { result: { ...result, type: result.type === '1' ? 'electronic' : 'paper' } } : {}),
  }
  return {
    id: eventId,
    type: words[status],
    at: `${time.replace(' ', 'T')}+08:00`,
    caseId: outerNo,
    reference: projectNo,
    detail,
  }
}
