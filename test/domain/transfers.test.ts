// Transfers: order within a lane, ends that happen once, and ids that tell where everything belongs.

import t from 'tap'
import { partId, submissionOf } from '../../src/domain/submission.ts'
import { begin, callingBack, certificate, matter, SUBMISSION, submission } from './life.ts'

t.test('one of a lane goes at a time; the later ones are held and freed in order', async (t) => {
  const life = begin(submission(), callingBack)
  life.report('licence', 'case.accepted')
  life.report('licence', 'case.approved')
  const lane = () => life.state.transfers.filter((one) => one.lane === `licence:${life.case('licence').id}`)
  t.strictSame(
    lane().map(({ operation, state }) => [operation, state]),
    [
      ['submitCase', 'due'],
      ['notify', 'held'],
      ['notify', 'held'],
    ],
  )
  life.deliver('submitCase')
  t.strictSame(
    lane().map((one) => one.state),
    ['delivered', 'due', 'held'],
  )
})

t.test('a dead letter keeps its lane closed until it is sent again', async (t) => {
  const life = begin(submission(), callingBack)
  life.report('licence', 'case.accepted')
  life.report('licence', 'case.approved')
  const lane = () => life.state.transfers.filter((one) => one.lane === `platform:${life.case('licence').id}`)
  const transferId = lane()[0]!.id
  life.tell({ type: 'transfer.buried', transferId, reason: 'not understood' })
  t.match(lane(), [{ state: 'dead' }, { state: 'held' }])
  life.tell({ type: 'transfer.revived', transferId, by: 'op', reason: 'mended' })
  t.match(lane(), [{ state: 'due' }, { state: 'held' }])
  life.tell({ type: 'transfer.delivered', transferId, receipt: {} })
  t.match(lane(), [{ state: 'delivered' }, { state: 'due' }])
})

t.test('the end of a transfer happens once', async (t) => {
  const life = begin()
  const { id } = life.open('submitCase')!
  const delivered = { type: 'transfer.delivered', transferId: id, receipt: { reference: 'D-1' } } as const
  t.equal(life.tell(delivered).outcome, 'applied')
  for (const again of [
    delivered,
    { type: 'transfer.buried', transferId: id, reason: 'late' },
    { type: 'transfer.refused', transferId: id, code: 'x', reason: 'late' },
    { type: 'transfer.delivered', transferId: 'trf_unknown', receipt: {} },
  ] as const) {
    const before = life.state
    t.equal(life.tell(again).outcome, 'duplicate')
    t.equal(life.state, before)
  }
})

t.test('a dead letter that turns out to have arrived is delivered', async (t) => {
  const life = begin()
  const { id } = life.open('submitCase')!
  life.tell({ type: 'transfer.buried', transferId: id, reason: 'given up' })
  t.equal(life.tell({ type: 'transfer.buried', transferId: id, reason: 'given up' }).outcome, 'duplicate')
  life.deliver('submitCase', { reference: 'D-1' })
  t.equal(life.case('licence').state, 'dispatched')
})

t.test('only a dead letter can be sent again', async (t) => {
  const life = begin()
  const { id } = life.open('submitCase')!
  t.match(life.tell({ type: 'transfer.revived', transferId: id, by: 'op', reason: '' }), {
    outcome: 'refused',
    reason: { zh: '只有死信可以重新投递' },
  })
})

t.test("a refused case is a dead letter with the department's words", async (t) => {
  const life = begin()
  const { id } = life.open('submitCase')!
  life.tell({ type: 'transfer.refused', transferId: id, code: '4007', reason: '事项编码不存在' })
  t.match(life.open('submitCase'), { state: 'dead', reason: '事项编码不存在' })
  t.match(life.entries.at(-1), { type: 'transfer.buried', data: { operation: 'submitCase' } })
})

t.test("every part's id tells its submission, and sorts in the order of making", async (t) => {
  const life = begin(
    submission({ cases: [matter('licence'), matter('food')], materials: [certificate('C1')] }),
    callingBack,
  )
  life.report('licence', 'case.accepted')
  const lists = [life.state.cases, life.state.transfers, life.entries].map((list) =>
    list.map((one) => one.id),
  )
  for (const ids of lists) {
    t.strictSame(ids, [...new Set(ids)].sort())
    for (const id of ids) t.equal(submissionOf(id), SUBMISSION)
  }
  t.equal(partId('case', SUBMISSION, 33), `case_${SUBMISSION.slice(4)}11`)
  t.equal(partId('evt', SUBMISSION, 32 ** 2 - 1), `evt_${SUBMISSION.slice(4)}zz`)
  t.equal(partId('evt', SUBMISSION, 32 ** 2), `evt_${SUBMISSION.slice(4)}zz000`)
  const many = Array.from({ length: 40_000 }, (_, i) => partId('trf', SUBMISSION, i + 1))
  t.ok(
    many.every((id, i) => i === 0 || many[i - 1]! < id),
    'however many there are',
  )
  for (const id of ['', 'sub_short', 'mat_01kb3v5m8q0123456789abcdef', `${SUBMISSION}'; --`])
    t.equal(submissionOf(id), null)
})
