// The configuration is reloaded again and again while the city submits, and the gateway is killed while it reloads:
// at the end the city's own books are compared with the ledger, line by line.

import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Pool } from 'pg'
import t from 'tap'
import { readLedgerView } from '../../src/ledger/view.ts'
import { reconcile } from '../../src/sandbox/reconcile.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { untilAccepted, untilSettled, type Waiting } from './settle.ts'
import { startWorld, type World } from './world.ts'

t.setTimeout(240_000)

const configuration = fileURLToPath(new URL('../../config', import.meta.url))
const options = { kills: 3, submissions: 100, seed: 7, cityFaults: 'default', speed: 20 } as const
const RELOAD_EVERY_MS = 100
const TAKEN_EVERY = 2
const KILLED_EVERY = 12
const TAKEN_WITHIN_MS = 20_000
const changed = ['market-regulation', 'ems', 'certificate-registry', 'kaifeng-platform', 'public-security']

/** One more version of the files: other limits, and a system that comes and goes. */
function writeVersion(folder: string, number: number): void {
  for (const id of changed) {
    const path = join(folder, `systems/${id}.yaml`)
    const delivery = `delivery: { concurrency: ${4 + (number % 9)}, timeoutMs: ${9_000 + (number % 7) * 1_000} }`
    whole(path, readFileSync(path, 'utf8').replace(/^delivery: .*$/m, delivery))
  }
  const guest = join(folder, 'systems/guest.yaml')
  if (number % 2 === 1)
    whole(guest, neverAsking(readFileSync(join(folder, 'systems/market-regulation.yaml'), 'utf8')))
  else rmSync(guest, { force: true })
}

/** A second one that asked the same department would take its reports away from the first. */
const neverAsking = (text: string): string => text.replace(/^ *(polling|listing): .*\n/gm, '')

/** As editors and deployment tools write: nobody reads half of it. */
function whole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}

/** Reloads until told to stop, and kills the gateway in the middle of some. */
async function disturb(world: World, folder: string, stop: AbortSignal): Promise<number> {
  let kills = 0
  for (let number = 1; !stop.aborted || kills < options.kills; number++) {
    const before = await versions(world.databaseUrl)
    writeVersion(folder, number)
    world.gateway().signal('SIGHUP')
    await sleep(RELOAD_EVERY_MS)
    // However slow the machine is, some versions are taken before the next one is written.
    if (number % TAKEN_EVERY === 0) await takenAfter(world.databaseUrl, before)
    if (number % KILLED_EVERY !== 0 || kills === options.kills) continue
    kills++
    writeVersion(folder, number + 1)
    world.gateway().signal('SIGHUP')
    await sleep(40 * kills)
    await world.gateway().kill9()
    await world.startGateway()
  }
  return kills
}

/** What somebody fetched from an inbox and forgot lies still until its lease ends. */
async function settled(world: World, waiting: Waiting): Promise<boolean> {
  for (let patience = 3; patience > 0; patience--) if (await untilSettled(world, waiting, 60_000)) return true
  return false
}

/** A file that vanished while it was read is a refusal like any other. */
const vanished = (problems: readonly { message: string }[]): boolean =>
  problems.every(({ message }) => message.startsWith('The file cannot be read'))

async function takenAfter(databaseUrl: string, before: number): Promise<void> {
  const deadline = performance.now() + TAKEN_WITHIN_MS
  while ((await versions(databaseUrl)) === before && performance.now() < deadline) await sleep(50)
}

async function versions(databaseUrl: string): Promise<number> {
  const { applied, refused } = await versionsOf(databaseUrl)
  return applied + refused.length
}

async function versionsOf(
  databaseUrl: string,
): Promise<{ applied: number; refused: { message: string }[][] }> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 })
  try {
    const { rows } = await pool.query(
      `select count(*) filter (where result = 'applied')::integer as applied,
         coalesce(json_agg(problems) filter (where result = 'refused'), '[]') as refused from configuration_versions`,
    )
    return rows[0]
  } finally {
    await pool.end()
  }
}

t.test('nothing is lost or doubled by reloads under load, nor by a kill in the middle of one', async (t) => {
  const folder = temporaryFolder('reloads')
  t.teardown(() => removeFolder(folder))
  cpSync(configuration, folder, { recursive: true })
  // What its department forgets to acknowledge is in its inbox again after a short while.
  const health = join(folder, 'systems/health.yaml')
  const text = readFileSync(health, 'utf8').replace(/^delivery: .*\n/m, '')
  writeFileSync(health, `${text}delivery: { timeoutMs: 1000 }\n`)
  await using world = await startWorld(options, 'postgres', folder)
  const waiting: Waiting = { unexpectedEnds: [] }
  await world.city.run(options.submissions, options.seed)
  const stop = new AbortController()
  const disturbing = disturb(world, folder, stop.signal)
  for (let accepted = 0; accepted < options.submissions; ) {
    await sleep(250)
    const progress = await world.city.progress()
    accepted = progress.finished ? options.submissions : progress.accepted
  }
  await sleep(1_000)
  stop.abort()
  t.equal(await disturbing, options.kills)
  await untilAccepted(world, options.submissions, waiting)
  const ended = await settled(world, waiting)
  t.strictSame(ended ? [] : await world.watch.stillOpen(), [], 'everything came to its end')
  const { lost, double, stuck, submissions } = reconcile(
    await world.city.books(),
    await readLedgerView(world.databaseUrl),
  )
  t.strictSame({ lost, double, stuck }, { lost: [], double: [], stuck: [] }, 'the books agree')
  t.equal(submissions, options.submissions)
  t.strictSame(waiting.unexpectedEnds, [])
  t.strictSame(await world.watch.deadReasons(), [], 'no dead letters')
  const { applied, refused } = await versionsOf(world.databaseUrl)
  t.ok(applied > 10, `${applied} versions were applied`)
  t.strictSame(
    refused.filter((problems) => !vanished(problems)),
    [],
  )
})
