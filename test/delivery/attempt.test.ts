// One attempt: what is looked up first, what its deadline means, and whose fault an error is.

import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Outgoing, Receipt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { attemptTransfer } from '../../src/delivery/attempt.ts'
import type { Leased } from '../../src/ledger/changes.ts'
import { leasedOnce, systemWith, tools } from './scene.ts'

const live = new AbortController().signal
const unused = async (): Promise<never> => {
  throw new Error('it was asked')
}

const attempt = (operation: Partial<Outgoing<unknown>>, change: Partial<Leased> = {}, timeoutMs = 1_000) =>
  attemptTransfer(
    leasedOnce(change),
    systemWith({ submitCase: { send: unused, ...operation } }, { timeoutMs }),
    tools,
    live,
  )

t.test("a first attempt is sent without looking, under the transfer's own key", async (t) => {
  const result = await attempt({
    find: unused,
    send: async (_, { key, number }) => ({ reference: `${key} ${number}` }),
  })
  t.match(result, { delivered: { reference: `${leasedOnce().transfer.id} 1` } })
})

t.test(
  'what may have arrived is looked up: found is a duplicate, surely not there is sent again',
  async (t) => {
    t.match(await attempt({ find: async () => ({ reference: 'D-1' }) }, { look: true }), {
      delivered: { reference: 'D-1', duplicate: true },
    })
    const again = await attempt(
      { find: async () => null, send: async (_, { key }) => ({ reference: key }) },
      { look: true, attempts: 1 },
    )
    t.match(again, { delivered: { reference: leasedOnce().transfer.id } })
    t.notOk('delivered' in again && again.delivered.duplicate)
  },
)

t.test('a look that fails sends nothing', async (t) => {
  const find = async (): Promise<never> => {
    throw new AdapterFailure('unavailable', 'away')
  }
  t.match(await attempt({ find }, { look: true }), { failure: { kind: 'unavailable' } })
})

t.test('without a way to look, only a system that honours our key is sent to again', async (t) => {
  const send = async () => ({ reference: 'D-1' })
  t.match(await attempt({ send, honoursKey: true }, { look: true }), { delivered: { reference: 'D-1' } })
  t.match(await attempt({ send }, { look: true }), { failure: { kind: 'rejected', code: 'cannot-look' } })
})

t.test('silence until the deadline is uncertain, and the adapter is told to stop', async (t) => {
  let stopped = false
  const send = (_: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        stopped = true
        reject(signal.reason)
      })
    })
  t.match(await attempt({ send }, {}, 30), {
    failure: { kind: 'uncertain', message: 'no answer within 30 ms' },
  })
  t.ok(stopped)
})

t.test('what an adapter knows at the deadline is believed', async (t) => {
  const send = async () => {
    await sleep(60)
    throw new AdapterFailure('unavailable', 'no connection', { sent: false })
  }
  t.match(await attempt({ send }, {}, 30), { failure: { kind: 'unavailable', sent: false } })
})

t.test('an adapter that ignores its signal does not hold its place for ever', async (t) => {
  const began = performance.now()
  t.match(await attempt({ send: () => new Promise(() => undefined) }, {}, 30), {
    failure: { kind: 'uncertain' },
  })
  t.ok(performance.now() - began < 3_000)
})

t.test('a process that is ending gives up at once', async (t) => {
  const stop = new AbortController()
  stop.abort(new Error('shutting down'))
  const system = systemWith({
    submitCase: {
      send: (_, { signal }) =>
        new Promise((_, reject) => (signal.aborted ? reject(signal.reason) : undefined)),
    },
  })
  t.match(await attemptTransfer(leasedOnce(), system, tools, stop.signal), {
    failure: { kind: 'uncertain', message: /this process is ending/ },
  })
})

t.test('whatever else escapes is our bug', async (t) => {
  t.match(await attempt({ send: unused }), { bug: { message: 'it was asked' } })
  const compose = async () => {
    throw new TypeError('no such material')
  }
  const system = systemWith({ submitCase: { send: async () => ({}) } })
  t.match(await attemptTransfer(leasedOnce(), system, { ...tools, compose }, live), {
    bug: { message: 'no such material' },
  })
})

t.test('the ledger being away while a transfer is put together is no fault of anybody', async (t) => {
  const compose = async () => {
    throw Object.assign(new Error('terminating connection'), { code: '57P01' })
  }
  const system = systemWith({ submitCase: { send: unused } })
  t.match(await attemptTransfer(leasedOnce(), system, { ...tools, compose }, live), {
    failure: { kind: 'unavailable', sent: false },
  })
})

t.test('an operation that the system does not offer is rejected, not guessed', async (t) => {
  t.match(await attemptTransfer(leasedOnce(), systemWith({}), tools, live), {
    failure: { kind: 'rejected', message: 'licence cannot submitCase' },
  })
})

t.test('files that an attempt opened end with it, read or not', async (t) => {
  const opened: Readable[] = []
  const files = {
    ...tools.files,
    open: async () => {
      const stream = Readable.from(['a', 'b'])
      opened.push(stream)
      return stream
    },
  }
  const run = (send: Outgoing<unknown>['send']) =>
    attemptTransfer(
      leasedOnce(),
      systemWith({ submitCase: { send } }, { timeoutMs: 50 }),
      { ...tools, files },
      live,
    )
  const unread = await run(async (_, { files }) => {
    await files.open('a')
    return {}
  })
  t.match(unread, { delivered: {} })
  let late: Promise<unknown> = Promise.resolve()
  const givenUp = await run((_, { files, signal }) => {
    late = sleep(1_200).then(() => files.open('b'))
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  t.match(givenUp, { failure: { kind: 'uncertain' } })
  await late
  t.strictSame(
    opened.map(({ destroyed }) => destroyed),
    [true, true],
  )
})

t.test('what runs into its deadline is told apart: the system may still be at it', async (t) => {
  const silent = () => new Promise<never>(() => undefined)
  t.match(await attempt({ send: silent }, {}, 20), { failure: { kind: 'uncertain' }, timedOut: true })
  const lost = async () => {
    throw new AdapterFailure('uncertain', 'closed without an answer')
  }
  t.notHas(await attempt({ send: lost }), { timedOut: true })
})

t.test('a receipt that the ledger cannot keep is one that nobody understands', async (t) => {
  const receipts = [
    { reference: 'D\0-1' },
    { reference: 'D'.repeat(501) },
    { data: { desk: '\ud842' } },
    { events: [{ id: '1', type: 'case.accepted', at: '0000-01-01T09:00:00+08:00', detail: {} }] },
  ] as const
  for (const receipt of receipts)
    t.match(await attempt({ send: async () => receipt as Receipt }), {
      failure: { kind: 'unrecognised', sent: true },
    })
  t.match(await attempt({ send: async () => ({ reference: '办'.repeat(500) }) }), { delivered: {} })
})

t.test('a mistake after the sending may hide an effect, one before it hides none', async (t) => {
  t.match(await attempt({ send: unused }), { bug: {}, sent: true })
  const found = await attempt({ find: unused, send: async () => ({}) }, { look: true })
  t.match(found, { bug: {} })
  t.notOk('bug' in found && found.sent)
})
