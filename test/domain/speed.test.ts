// How many events a second one core decides. A figure to watch, not a limit to keep.

import t from 'tap'
import { decide } from '../../src/domain/decide.ts'
import { callingBack, certificate, matter, NOW, submission } from './life.ts'

t.test('a whole life of a submission is decided over and over', async (t) => {
  const received = submission({ cases: [matter('licence')], materials: [certificate('C1')] })
  const began = performance.now()
  let events = 0
  while (performance.now() - began < 300) events += liveOnce()
  t.comment(`${Math.round(events / ((performance.now() - began) / 1000))} events a second`)
  t.ok(events > 0)

  function liveOnce(): number {
    let made = 1
    let { aggregate } = decide(null, received, NOW, callingBack)
    const caseId = aggregate.cases[0]!.id
    for (const operation of ['obtainCertificate', 'submitCase'] as const) {
      const transferId = aggregate.transfers.find((one) => one.operation === operation)!.id
      aggregate = decide(
        aggregate,
        { type: 'transfer.delivered', transferId, receipt: {} },
        NOW,
        callingBack,
      ).aggregate
      made++
    }
    for (const event of ['case.accepted', 'case.approved', 'case.issued', 'case.closed'] as const) {
      const reported = {
        type: 'case.reported',
        caseId,
        event,
        at: NOW,
        system: 'licence',
        detail: {},
      } as const
      aggregate = decide(aggregate, reported, NOW, callingBack).aggregate
      made++
    }
    if (aggregate.submission.state !== 'completed') throw new Error('it did not complete')
    return made
  }
})
