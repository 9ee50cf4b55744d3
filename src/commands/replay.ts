// tongban replay

import { userInfo } from 'node:os'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import { type Replayed, type ReplayFault, replay } from '../operations/replay.ts'
import { readReplayOrder } from '../operations/replay-order.ts'
import { faults } from '../operations/replay-routes.ts'
import { fixedSources, rulesOf } from '../rules.ts'
import { places, readCommandLine } from './command-line.ts'
import { openDatabase } from './database.ts'
import { readSettings } from './settings.ts'

const help = `tongban replay --system <id> (--since time | --after evt_…) [--until time] [--types case.*,parcel.delivered]
               (--reason text | --dry-run) [--config folder] [--data folder]

Tells a system again what it was told since a time, or after an event: the same events with the same ids, in order per case, so
whoever keeps webhook-id sees no doubles. What is still open is not repeated; it comes by itself. The running gateway sends
them; who asked and why is written in the ledger. 以相同的事件编号按序重新推送回调，操作人与原因记入台账。

  --dry-run   only counts what would be told again

Prints one JSON object with the counts.
`

export async function replayCommand(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, {
    system: { type: 'string' },
    since: { type: 'string' },
    after: { type: 'string' },
    until: { type: 'string' },
    types: { type: 'string' },
    reason: { type: 'string' },
    'dry-run': { type: 'boolean' },
    ...places,
  })
  if (!line) return 0
  const { values } = line
  if (values.system === undefined) {
    process.stderr.write(help)
    return 2
  }
  const dryRun = values['dry-run'] === true
  const { since, after, until, types, reason } = values
  const given = Object.entries({ since, after, until, types: types?.split(','), reason })
  const asked = readReplayOrder(Object.fromEntries(given.filter(([, value]) => value !== undefined)), dryRun)
  if ('errors' in asked) return complain(asked.errors)
  const { settings } = await readSettings(values)
  if (!settings.systems.has(values.system))
    throw new Error(`there is no system "${values.system}" in config/systems · 没有该对接系统`)
  const order = { ...asked, system: values.system, by: `command:${userInfo().username}` }
  const done = await withLedger(settings, (ledger) => replay(ledger, order, dryRun))
  if (typeof done === 'string') return complain([faults[done]])
  process.stdout.write(`${JSON.stringify(done)}\n`)
  return 0
}

function complain(errors: readonly { pointer: string; message: string; messageZh: string }[]): number {
  for (const { pointer, message, messageZh } of errors)
    process.stderr.write(`tongban: --${pointer.slice(1)} ${message} · ${messageZh}\n`)
  return 2
}

/** What it makes due is sent by the processes that run. */
async function withLedger(
  settings: Awaited<ReturnType<typeof readSettings>>['settings'],
  use: (ledger: Ledger) => Promise<Replayed | ReplayFault>,
): Promise<Replayed | ReplayFault> {
  const database = await openDatabase(settings)
  const nobody = {
    reserve: () => null,
    release: () => undefined,
    attempt: () => undefined,
    wake: () => undefined,
  }
  try {
    const ledger = await openLedger({
      url: database.url,
      rules: rulesOf(settings, fixedSources(settings.catalogue)),
      roles: 'replay',
      first: () => nobody,
    })
    try {
      await ledger.check()
      return await use(ledger)
    } finally {
      await ledger.close()
    }
  } finally {
    await database.close()
  }
}
