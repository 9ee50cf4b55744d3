// How many events a second one core decides: whole lives of a submission with a certificate and a callback,
// in this process.

import { decide } from '../../src/domain/decide.ts'
import { callingBack, certificate, matter, NOW, submission } from '../domain/life.ts'

export interface DecideFigures {
  events: number
  eventsPerSecond: number
  /** Of CPU time, which does not count what others did on the same core. */
  eventsPerCpuSecond: number
}

const REPORTS = ['case.accepted', 'case.approved', 'case.issued', 'case.closed'] as const
const ASKED_OF_OTHERS = ['obtainCertificate', 'submitCase'] as const

/** @throws Error when a life does not come to its end */
export function measureDecide({
  seconds,
  warmUpSeconds,
}: {
  seconds: number
  warmUpSeconds: number
}): DecideFigures {
  liveFor(warmUpSeconds * 1000)
  const [began, cpuBefore] = [performance.now(), process.cpuUsage()]
  const events = liveFor(seconds * 1000)
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    events,
    eventsPerSecond: (events * 1000) / (performance.now() - began),
    eventsPerCpuSecond: (events * 1e6) / (user + system),
  }
}

function liveFor(ms: number): number {
  const began = performance.now()
  let events = 0
  while (performance.now() - began < ms) events += liveOnce()
  return events
}

const received = submission({ cases: [matter('licence')], materials: [certificate('C1')] })

function liveOnce(): number {
  let { aggregate } = decide(null, received, NOW, callingBack)
  const caseId = aggregate.cases[0]!.id
  for (const operation of ASKED_OF_OTHERS) {
    const transferId = aggregate.transfers.find((one) => one.operation === operation)!.id
    const delivered = { type: 'transfer.delivered', transferId, receipt: {} } as const
    aggregate = decide(aggregate, delivered, NOW, callingBack).aggregate
  }
  for (const event of REPORTS) {
    const reported = { type: 'case.reported', caseId, event, at: NOW, system: 'licence', detail: {} } as const
    aggregate = decide(aggregate, reported, NOW, callingBack).aggregate
  }
  if (aggregate.submission.state !== 'completed') throw new Error('a submission did not complete')
  return 1 + ASKED_OF_OTHERS.length + REPORTS.length
}
