// What people and platforms look at all day, at a fixed rate whatever happens: the checklist, a submission by
// its id and by the platform's number, a case, its events; each of another submission of a full ledger, so
// that nothing is remembered.

import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { names, secrets } from './bodies.ts'
import type { Contender } from './contenders.ts'
import { type Percentiles, percentiles } from './latency.ts'
import { openLoop } from './load.ts'
import { createSender, type Sender } from './wire.ts'

const READS_PER_SECOND = 500
const CONNECTIONS = 64
const MOST_PLACES = 50_000
const DRAIN_WITHIN_MS = 10_000

/** One finished submission of one case. */
interface Place {
  submissionId: string
  externalId: string
  caseId: string
}

export interface ReadsFigures {
  perSecond: number
  /** Cases in the ledger. */
  cases: number
  /** From the intended moment of asking to the whole answer. */
  times: Record<string, Percentiles | null>
  /** CPU ms per read, whichever it is; null where the system does not tell. */
  cpuMsPerRead: { process: number | null; postgres: number | null }
  /** Answered otherwise than with 200 and the thing that was asked for, or not at all. */
  failures: number
  firstFailures: string[]
}

interface Read {
  path(place: Place): string
  /** What a right answer holds. */
  holds(place: Place): string
}

const reads: Readonly<Record<string, Read>> = {
  checklist: {
    path: () => `/v1/themes/${names.checklistTheme}/checklist?home=${names.division}&mode=online`,
    holds: () => '"bench-material-20"',
  },
  submission: { path: (one) => `/v1/submissions/${one.submissionId}`, holds: (one) => one.externalId },
  'by its number': {
    path: (one) => `/v1/submissions?externalId=${one.externalId}`,
    holds: (one) => one.submissionId,
  },
  case: { path: (one) => `/v1/cases/${one.caseId}`, holds: (one) => one.caseId },
  events: { path: (one) => `/v1/cases/${one.caseId}/events`, holds: () => '"case.closed"' },
}

/** Finished submissions of the whole ledger, in no order, and how many cases it holds. */
export async function placesIn(databaseUrl: string): Promise<{ places: Place[]; cases: number }> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows: places } = await client.query<Place>(
      `SELECT s.id AS "submissionId", s.external_id AS "externalId", c.id AS "caseId"
         FROM submissions s JOIN cases c ON c.submission_id = s.id
        WHERE s.theme = $1 AND s.state = 'completed' AND c.state = 'closed' ORDER BY random() LIMIT $2`,
      [names.relayTheme, MOST_PLACES],
    )
    const { rows } = await client.query<{ cases: number }>('SELECT count(*)::integer AS cases FROM cases')
    return { places, cases: rows[0]!.cases }
  } finally {
    await client.end()
  }
}

export async function measureReads(
  { port, meters }: Pick<Contender, 'port' | 'meters'>,
  { places, cases }: { places: readonly Place[]; cases: number },
  { seconds, warmUpSeconds }: { seconds: number; warmUpSeconds: number },
): Promise<ReadsFigures> {
  if (places.length === 0) throw new Error('no finished case to read: measure --w1 first')
  const sender = createSender(port, CONNECTIONS)
  try {
    await askAll(sender, places, warmUpSeconds)
    const before = meters()
    const asked = await askAll(sender, places, seconds)
    const after = meters()
    const times = Object.fromEntries(
      Object.keys(reads).map((name) => [name, percentiles(asked.times.get(name) ?? [])]),
    )
    const { failures, firstFailures } = asked
    const each = (name: 'process' | 'postgres'): number | null => {
      const [start, end] = [before[name], after[name]]
      return start === null || end === null ? null : (end - start) / (READS_PER_SECOND * seconds)
    }
    const cpuMsPerRead = { process: each('process'), postgres: each('postgres') }
    return { perSecond: READS_PER_SECOND, cases, times, cpuMsPerRead, failures, firstFailures }
  } finally {
    sender.close()
  }
}

/** The kinds of reads by turns, each of the next place. */
async function askAll(sender: Sender, places: readonly Place[], seconds: number) {
  const kinds = Object.entries(reads)
  const times = new Map(kinds.map(([name]) => [name, [] as number[]]))
  const firstFailures: string[] = []
  let [turn, failures] = [0, 0]
  await openLoop({ perSecond: READS_PER_SECOND, seconds }, (intendedAt) => {
    const [name, read] = kinds[turn % kinds.length]!
    const place = places[turn++ % places.length]!
    sender.send(requestOf(read.path(place)), (status, body) => {
      if (status === 200 && body.includes(read.holds(place)))
        return void times.get(name)!.push(performance.now() - intendedAt)
      failures++
      if (firstFailures.length < 5) firstFailures.push(`${name}: ${status} ${body.toString().slice(0, 300)}`)
    })
  })
  for (let waited = 0; sender.waiting() > 0 && waited < DRAIN_WITHIN_MS; waited += 50) await sleep(50)
  failures += sender.waiting()
  return { times, failures, firstFailures }
}

const requestOf = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${secrets.token}\r\n\r\n`
