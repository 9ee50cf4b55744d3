// A department whose network lets nothing in: it fetches its cases from the gateway's inbox, acknowledges what it has
// entered, and posts what happened. Sometimes it forgets to acknowledge: then the same item comes again.

import type { Actor, CityContext } from '../../actor.ts'
import { type Caller, createCaller, pause } from '../../caller.ts'
import { fraction } from '../../random.ts'
import { openCounter } from '../counter.ts'
import { type Shares, usualShares } from '../course.ts'
import { openDesk } from '../desk.ts'
import { booksOf, count, openRegister } from '../project.ts'
import { enterItem, type InboxItem } from './items.ts'
import { inboxTell } from './reports.ts'

interface InboxDepartmentOptions {
  /** The system's id. */
  id: string
  seed: string
  /** Bearer token of its client at the gateway. */
  token: string
  shares?: Partial<Shares>
}

const WAIT_SECONDS = 5
const PAUSE_AFTER_FAULT_MS = 200
/** Share of items that are entered, but not acknowledged the first time. */
const FORGOTTEN = 0.02

export function createInboxDepartment(context: CityContext, options: InboxDepartmentOptions): Actor {
  const { id, seed } = options
  const register = openRegister()
  const stopping = new AbortController()
  const caller = createCaller({ connections: 12 })
  const desk = openDesk(context, register, stopping.signal, inboxTell(context, options))
  const shares = { ...usualShares, ...options.shares }
  const parts = { register, desk, caller, context, id, seed, shares, stopping: stopping.signal }
  const counter = openCounter(parts)

  async function handle(item: InboxItem): Promise<void> {
    count(register, 'requests')
    const verdict = enterItem(counter, item)
    if (item.fetchedBefore === 0 && fraction(seed, item.id, 'forgotten') < FORGOTTEN) return
    await call(caller, context, options, `/inbox/${item.id}/ack`, verdict)
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const items = await fetchItems(caller, context, options).catch(() => null)
      if (items === null) await pause(PAUSE_AFTER_FAULT_MS, stopping.signal)
      else await Promise.all(items.map((item) => handle(item).catch(() => undefined)))
    }
  }

  const working = work().catch(() => undefined)
  return {
    name: id,
    routes: (app) => void app.get('/', () => ({ department: id, speaks: 'inbox' })),
    books: () => booksOf(register),
    async stop() {
      stopping.abort(new Error('the city stops'))
      caller.close()
      await working
    },
  }
}

async function fetchItems(
  caller: Caller,
  { gatewayUrl }: CityContext,
  { id, token }: InboxDepartmentOptions,
): Promise<InboxItem[] | null> {
  const answer = await caller.once({
    method: 'GET',
    url: `${gatewayUrl}/v1/systems/${id}/inbox?wait=${WAIT_SECONDS}`,
    headers: { authorization: `Bearer ${token}` },
  })
  if (answer.status !== 200) return null
  return (JSON.parse(answer.body.toString('utf8')) as { items: InboxItem[] }).items
}

async function call(
  caller: Caller,
  { gatewayUrl }: CityContext,
  { id, token }: InboxDepartmentOptions,
  path: string,
  body: unknown,
): Promise<void> {
  await caller.untilAnswered(() => ({
    method: 'POST',
    url: `${gatewayUrl}/v1/systems/${id}${path}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }))
}
