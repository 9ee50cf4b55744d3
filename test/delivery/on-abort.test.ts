import { getEventListeners } from 'node:events'
import t from 'tap'
import { onAbort } from '../../src/delivery/on-abort.ts'

t.test('everyone who still listens is called once', async (t) => {
  const stop = new AbortController()
  const called: string[] = []
  onAbort(stop.signal, () => called.push('a'))
  const end = onAbort(stop.signal, () => called.push('b'))
  const same = (): number => called.push('c')
  onAbort(stop.signal, same)
  onAbort(stop.signal, same)()
  end()
  end()
  stop.abort()
  t.strictSame(called, ['a', 'c'])
})

t.test('a signal that has aborted calls at once', async (t) => {
  let calls = 0
  onAbort(AbortSignal.abort(), () => calls++)()
  t.equal(calls, 1)
})

t.test('who is called may end another, and begin again', async (t) => {
  const stop = new AbortController()
  const called: string[] = []
  let end = (): void => undefined
  onAbort(stop.signal, () => {
    called.push('first')
    end()
    onAbort(stop.signal, () => called.push('late'))
  })
  end = onAbort(stop.signal, () => called.push('second'))
  stop.abort()
  t.strictSame(called, ['first', 'late'])
})

t.test('the signal itself is listened to once, however many come and go', async (t) => {
  const { signal } = new AbortController()
  for (let i = 0; i < 1000; i++) onAbort(signal, () => undefined)
  t.equal(getEventListeners(signal, 'abort').length, 1)
})
