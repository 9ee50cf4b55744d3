// What an operator's "send it again" does to a transfer that may have arrived already.

import t from 'tap'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { play, type Scene } from './scene.ts'

const isDead = (scene: Scene) => async () => (await scene.states())[0] === 'dead'

async function again(scene: Scene, submissionId: string): Promise<void> {
  const [row] = await scene.query<{ id: string }>('select id from transfers')
  const event = { type: 'transfer.revived', transferId: row!.id, by: 'op', reason: 'mended' } as const
  await scene.ledger.record({ submissionId, event })
}

t.test(
  'an answer that nobody understood may hide an effect: it is looked for before it is sent again',
  async (t) => {
    const scene = await play(t, {
      send: async () => {
        throw new AdapterFailure('unrecognised', 'code 7')
      },
      find: async () => ({ reference: 'R1' }),
    })
    const [submissionId] = await scene.take()
    await scene.until('it is a dead letter', isDead(scene))
    await again(scene, submissionId!)
    await scene.settled(1)
    t.equal(scene.sent.length, 1)
    t.match(await scene.query('select reference from cases'), [{ reference: 'R1' }])
  },
)

t.test('so may a mistake of ours that was made after the sending', async (t) => {
  const scene = await play(t, {
    send: async () => {
      throw new TypeError('undefined is not a function')
    },
    find: async () => ({ reference: 'R1' }),
  })
  const [submissionId] = await scene.take()
  await scene.until('it is a dead letter', isDead(scene))
  await again(scene, submissionId!)
  await scene.settled(1)
  t.equal(scene.sent.length, 1)
})

t.test('what cannot be kept of an answer ends as a dead letter with words that can be read', async (t) => {
  for (const send of [
    async () => ({ reference: 'D\0-1' }),
    async () => {
      throw new AdapterFailure('rejected', '姓名\0有误\ud842', { code: '\ud842' })
    },
    async () => {
      throw new TypeError('no such member \0')
    },
  ]) {
    const scene = await play(t, { send, find: async () => null })
    await scene.take()
    await scene.until('it is a dead letter', isDead(scene))
    t.match(await scene.query("select failure ->> 'summary' as summary from transfers"), [{ summary: /\S/ }])
  }
})

t.test('a refusal had no effect: it is sent again without a look', async (t) => {
  let refused = false
  const scene = await play(t, {
    send: async () => {
      if (refused) return { reference: 'R2' }
      refused = true
      throw new AdapterFailure('rejected', 'a field is missing')
    },
    find: () => Promise.reject(new Error('nobody asked')),
  })
  const [submissionId] = await scene.take()
  await scene.until('it is a dead letter', isDead(scene))
  await again(scene, submissionId!)
  await scene.settled(1)
  t.equal(scene.sent.length, 2)
})

t.test('what can neither be looked for nor trusted is sent again once a person says so', async (t) => {
  let silent = true
  const scene = await play(t, {
    send: async () => {
      if (!silent) return { reference: 'R3' }
      silent = false
      throw new AdapterFailure('uncertain', 'no answer')
    },
  })
  const [submissionId] = await scene.take()
  await scene.until('it is a dead letter', isDead(scene))
  t.equal(scene.sent.length, 1)
  await again(scene, submissionId!)
  await scene.settled(1)
  t.equal(scene.sent.length, 2)
})

t.test('what was tried in vain for too long is given up; sent again, it has as long again', async (t) => {
  let tries = 0
  const scene: Scene = await play(t, {
    retry: { baseMs: 50, maxMs: 50, forMs: 3_600_000 },
    send: async () => {
      if (++tries > 4) return { reference: 'R4' }
      if (tries === 2)
        await scene.ledger.writers.query("update transfers set trying_since = now() - interval '2 h'")
      throw new AdapterFailure('unavailable', 'away', { sent: false })
    },
  })
  scene.system.gate.pause('not yet')
  const [submissionId] = await scene.take()
  await scene.ledger.writers.query("update transfers set created_at = now() - interval '9 h'")
  scene.system.gate.resume()
  await scene.until('it is a dead letter', isDead(scene))
  t.equal(scene.sent.length, 3, 'its age alone buried nothing')
  await again(scene, submissionId!)
  await scene.settled(1)
  t.equal(scene.sent.length, 5)
})

t.test('a system that only ever asks for time is not asked for ever', async (t) => {
  const scene = await play(t, {
    send: async () => {
      throw new AdapterFailure('throttled', 'slow down')
    },
  })
  await scene.take()
  await scene.until('it was put off', () => scene.attempted.length > 0)
  await scene.until('it is written', async () => (await scene.states())[0] === 'due')
  await scene.ledger.writers.query("update transfers set trying_since = now() - interval '2 h'")
  await scene.until('it is a dead letter', isDead(scene))
  t.match(await scene.query('select reason from transfers'), [{ reason: /^given up after \d+ attempts/ }])
})

t.test('a case that never left this machine is withdrawn without a person', async (t) => {
  const scene = await play(t, {
    send: async () => {
      throw new AdapterFailure('unrecognised', 'holds a character that gbk lacks', { sent: false })
    },
  })
  const [submissionId] = await scene.take()
  await scene.until('it is a dead letter', isDead(scene))
  const [one] = await scene.query<{ id: string }>('select id from cases')
  const event = {
    type: 'case.withdrawal-asked',
    caseId: one!.id,
    reason: '不再办理',
    by: 'applicant',
  } as const
  await scene.ledger.record({ submissionId: submissionId!, event })
  await scene.until('nothing is open', async () =>
    (await scene.states()).every(
      (state) => state === 'refused' || state === 'cancelled' || state === 'delivered',
    ),
  )
  t.match(await scene.query('select state from cases'), [{ state: 'withdrawn' }])
})
