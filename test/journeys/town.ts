// A town for stories: the gateway and the simulated city around it, quick departments that do what a story needs,
// and the comparison of all books at its end. Knows no story.

import type { Test } from 'tap'
import type { LedgerView } from '../../src/ledger/view.ts'
import type { City, CityOptions } from '../../src/sandbox/city.ts'
import type { PlatformBooks } from '../../src/sandbox/platform/index.ts'
import { createRandom } from '../../src/sandbox/random.ts'
import { reconcile } from '../../src/sandbox/reconcile.ts'
import { recordOf, type Standing } from '../../src/sandbox/registry/records.ts'
import { idNumber } from '../../src/sandbox/world/numbers.ts'
import { type Answer, type Platform, platformAt } from '../support/platform.ts'
import { type Running, type RunningOptions, runGateway } from '../support/running.ts'
import { until } from '../support/until.ts'

/** Departments that say yes to everything, and give it to the applicant; applicants without an opinion. */
const friendly = { rejected: 0, corrected: 0, special: 0, denied: 0, issued: 1 }

const SEED = 'journeys'
const PATIENCE_MS = 25_000
const finals: ReadonlySet<string> = new Set(['closed', 'denied', 'rejected', 'withdrawn', 'terminated'])
const settled: ReadonlySet<string> = new Set(['delivered', 'refused', 'cancelled', 'dead'])

interface Town {
  running: Running
  city: City
  platform: Platform
  /** What an accepted submission is called from now on. */
  apply(submission: Record<string, unknown>): Promise<Application>
  /** Waits until it is so; fails with `what` when patience ends. */
  until(what: string, holds: () => Promise<boolean> | boolean): Promise<void>
  /** Waits until nothing is open any more: no transfer, no case, no parcel. */
  rest(): Promise<LedgerView>
  /** The platform's own books: what it was told. */
  told(): PlatformBooks
  /** The books of the whole city agree with the ledger: nothing lost, double or stuck. */
  agree(t: Test): Promise<void>
}

export interface Application {
  id: string
  /** Case ids by matter. */
  cases: Record<string, string>
  stateOf(matter: string): Promise<string>
  state(): Promise<string>
  /** Types of all that happened, in order; of one matter where given. */
  events(matter?: string): Promise<string[]>
  read(view: 'transfers' | 'materials' | 'parcels'): Promise<Record<string, unknown>[]>
}

export async function startTown(
  t: Test,
  options: Partial<CityOptions> = {},
  gateway: Omit<RunningOptions, 'city'> = {},
): Promise<Town> {
  const shares = { ...friendly, ...options.shares }
  const running = await runGateway(t, {
    edit: eager,
    ...gateway,
    city: { seed: SEED, rated: 0, ...options, shares },
  })
  const city = running.city!
  const platform = platformAt(running.url)
  const told = () => city.books()['kaifeng-platform'] as PlatformBooks
  return {
    running,
    city,
    platform,
    told,
    until: patiently,
    apply: async (submission) => applied(platform, await platform.submit(submission)),
    async rest() {
      await patiently(
        'everything has come to rest',
        async () => everybodySaid(city) && isAtRest(await running.ledger()),
      )
      return running.ledger()
    },
    async agree(t) {
      const found = reconcile(city.books(), await running.ledger())
      const { lost, double, stuck } = found
      t.strictSame({ lost, double, stuck }, { lost: [], double: [], stuck: [] }, 'the books agree')
      t.strictSame(city.progress().errors, [], 'every institution could do its work')
      const { outOfOrder, badSignatures } = told().counts
      t.strictSame(
        { outOfOrder, badSignatures },
        { outOfOrder: 0, badSignatures: 0 },
        'callbacks in order, signed',
      )
    },
  }
}

/** The systems of config/ with retries that a test can wait for. */
const systems = [
  'health',
  'public-security',
  'market-regulation',
  'natural-resources',
  'human-resources',
  'civil-affairs',
  'veterans',
  'gas-company',
]
export const eager = Object.fromEntries(
  [
    ...systems,
    'kaifeng-platform',
    'county-platform',
    'certificate-registry',
    'ems',
    'ems-weishi',
    'kuaidi100',
    'rating',
  ].map((id) => [
    `systems/${id}.yaml`,
    (text: string) =>
      text.replace(
        /delivery: .*/,
        'delivery: { concurrency: 8, timeoutMs: 1000, retry: { baseMs: 50, maxMs: 300 }, breaker: { failures: 5, openMs: 200 } }',
      ),
  ]),
)

const patiently: Town['until'] = (what, holds) => until(what, holds, { withinMs: PATIENCE_MS, everyMs: 40 })

/** Applicants take a moment to say how they were served, and that is told around. */
const everybodySaid = (city: City): boolean => city.books().rating?.counts.notToldYet === 0

function isAtRest({ transfers, cases, parcels }: LedgerView): boolean {
  return (
    transfers.every(({ state }) => settled.has(state)) &&
    cases.every(({ state }) => finals.has(state)) &&
    parcels.every(({ state }) => state === 'delivered')
  )
}

function applied(platform: Platform, answer: Answer): Application {
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${answer.body}`)
  const { submissionId: id, cases: made } = answer.json()
  const cases: Record<string, string> = Object.fromEntries(
    made.map((one: { matter: string; caseId: string }) => [one.matter, one.caseId]),
  )
  const read = async (path: string) => (await platform.get(path)).json()
  const of = (matter?: string) => (matter ? `/v1/cases/${cases[matter]}` : `/v1/submissions/${id}`)
  return {
    id,
    cases,
    stateOf: async (matter) => (await read(of(matter))).state,
    state: async () => (await read(of())).state,
    events: async (matter) =>
      (await read(`${of(matter)}/events`)).items.map((one: { type: string }) => one.type),
    read: async (view) => (await read(`${of()}/${view}`)).items,
  }
}

export const certificateTypes = {
  'id-card': '11100000000013186G001',
  'household-register': '11100000000013186G002',
  'marriage-certificate': '11100000000013223N001',
} as const

/** Somebody of whom the registry holds just this, chosen among the invented; all else is valid. */
export function holderWith(standings: Partial<Record<keyof typeof certificateTypes, Standing>> = {}): string {
  const random = createRandom('holders')
  for (;;) {
    const holderCode = idNumber(random, { division: '410204', born: '1990-05-05', sex: 'female' })
    const fits = Object.entries(certificateTypes).every(([code, certTypeCode]) => {
      const question = { holderCode, holderTypeCode: '111', certTypeCode }
      const { standing } = recordOf(question, new Map(), SEED, new Date())
      return standing === (standings[code as keyof typeof certificateTypes] ?? 'valid')
    })
    if (fits) return holderCode
  }
}
