// tongban system shadow: what another configuration would send for transfers that were really made. Sends nothing.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Contents, Operation } from '../../adapter-kit/contract.ts'
import { attemptTools } from '../../delivery/attempt-tools.ts'
import { onlyCatalogue } from '../../delivery/compose.ts'
import type { FirstAttempts } from '../../ledger/changes.ts'
import { inspectDatabase } from '../../ledger/inspect.ts'
import { type Ledger, openLedger } from '../../ledger/ledger.ts'
import { latestTransfers, type PastTransfer, transfersSince } from '../../ledger/past-transfers.ts'
import { createLinks } from '../../materials/links.ts'
import { type MaterialStore, openMaterialStore } from '../../materials/store.ts'
import { fixedSources, rulesOf } from '../../rules.ts'
import type { Settings } from '../../settings/settings.ts'
import { places, readCommandLine } from '../command-line.ts'
import { openDatabase } from '../database.ts'
import { readSettings } from '../settings.ts'
import { readCandidate } from './candidate.ts'
import { type Compared, compare } from './comparison.ts'
import { type Configured, configured, onlyId } from './configured.ts'

const help = `tongban system shadow <id> --with <file.yaml> [--last N | --follow seconds] [--reveal] [--config folder] [--data folder]

Composes the latest transfers of a system again, lets the configuration in force and the one of the file make their
requests, and shows where they differ. Sends nothing. The same clock is given to both; signatures and nonces are not
compared, nor is the order of members of JSON objects. Of a flow of several requests the first is compared; a request for a
token of OAuth 2.0 client credentials is answered with a pretended one, and the request that follows is compared too.
用真实流转重演新旧两份配置并逐行比较请求，不发送任何内容；个人信息默认遮盖。

  --with     a file as it would lie in config/systems/<id>.yaml
  --last     how many of the latest transfers (default 20, at most 1000)
  --follow   compares new transfers for so many seconds instead
  --reveal   shows persons as they are; mind where the output goes

Ends with status 0 unless something could not be compared; differences are no failure.
`

const LAST = 20
const MOST = 1_000
const LONGEST_FOLLOW_S = 86_400
const LOOK_EVERY_MS = 1_000
/** A transfer may become visible this much later than it was made. */
const OVERLAP_MS = 5_000

export async function shadowSystem(args: string[]): Promise<number> {
  const line = readCommandLine(
    args,
    help,
    {
      with: { type: 'string' },
      last: { type: 'string' },
      follow: { type: 'string' },
      reveal: { type: 'boolean' },
      ...places,
    },
    'names',
  )
  if (!line) return 0
  const { values, positionals } = line
  const id = onlyId(positionals, 'shadow')
  if (values.with === undefined)
    throw new Error('--with is missing: the file to compare with. Try --help · 缺少 --with')
  if (values.last !== undefined && values.follow !== undefined)
    throw new Error('--last or --follow, not both. Try --help · --last 与 --follow 只能填一个')
  const last = wholeNumber('--last', values.last, MOST) ?? LAST
  const follow = wholeNumber('--follow', values.follow, LONGEST_FOLLOW_S)
  const { settings, adapters } = await readSettings(values)
  const old = configured(settings, adapters, id)
  const next = await readCandidate(values.with, id, settings, adapters)
  const counts = await withBooks(settings, (books) => {
    const transfers =
      follow === undefined ? theLatest(books.ledger, id, last) : followed(books.ledger, id, follow)
    return compareAll(transfers, { old, next, settings, reveal: values.reveal ?? false, ...books })
  })
  const { compared, same, different, failed } = counts
  process.stdout.write(
    `compared ${compared}, same ${same}, different ${different}, failed ${failed} · 比较 ${compared}，一致 ${same}，不同 ${different}，失败 ${failed}\n`,
  )
  return failed === 0 ? 0 : 1
}

function wholeNumber(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  throw new Error(`${name} must be a whole number from 1 to ${most} · 须为 1 至 ${most} 的整数`)
}

interface Books {
  ledger: Ledger
  store: MaterialStore
}

/** Only reads; it takes no lease and no wake-up call. */
async function withBooks<T>(settings: Settings, use: (books: Books) => Promise<T>): Promise<T> {
  const database = await openDatabase(settings)
  try {
    const { missing } = await inspectDatabase(database.url)
    if (missing.length > 0)
      throw new Error(
        `the database lacks migrations (${missing.join(', ')}): run tongban migrate · 数据库尚未升级，请先执行 tongban migrate`,
      )
    const store = await openMaterialStore(settings.materialsUrl)
    const ledger = await openLedger({
      url: database.url,
      rules: rulesOf(settings, fixedSources(settings.catalogue)),
      roles: 'shadow',
      first: () => nobody,
    })
    try {
      return await use({ ledger, store })
    } finally {
      await ledger.close()
      await store.close()
    }
  } finally {
    await database.close()
  }
}

const nobody: FirstAttempts = {
  reserve: () => null,
  release: () => undefined,
  attempt: () => undefined,
  wake: () => undefined,
}

async function* theLatest(ledger: Ledger, id: string, last: number): AsyncGenerator<PastTransfer> {
  yield* await latestTransfers(ledger.readers, id, last)
}

async function* followed(ledger: Ledger, id: string, seconds: number): AsyncGenerator<PastTransfer> {
  const until = performance.now() + seconds * 1_000
  const seen = new Set<string>()
  const afterId = (await latestTransfers(ledger.readers, id, 1))[0]?.transfer.id ?? ''
  let at = ledger.now()
  process.stdout.write(`following ${id} for ${seconds} s · 跟踪新流转 ${seconds} 秒\n`)
  while (performance.now() < until) {
    for (const found of await transfersSince(ledger.readers, id, { afterId, at }, MOST)) {
      if (seen.has(found.transfer.id)) continue
      seen.add(found.transfer.id)
      at = new Date(Math.max(at.getTime(), found.createdAt.getTime() - OVERLAP_MS))
      yield found
    }
    await sleep(Math.min(LOOK_EVERY_MS, Math.max(0, until - performance.now())))
  }
}

interface Comparing extends Books {
  old: Configured
  next: Configured
  settings: Settings
  reveal: boolean
}

interface Counts {
  compared: number
  same: number
  different: number
  failed: number
}

async function compareAll(transfers: AsyncIterable<PastTransfer>, given: Comparing): Promise<Counts> {
  const counts: Counts = { compared: 0, same: 0, different: 0, failed: 0 }
  let firstOnly = false
  for await (const past of transfers) {
    const compared = await compareOne(past, given)
    counts.compared++
    counts['failed' in compared ? 'failed' : 'different' in compared ? 'different' : 'same']++
    firstOnly ||= 'first' in compared && compared.first
    process.stdout.write(`${told(past, compared).join('\n')}\n`)
  }
  if (firstOnly)
    process.stdout.write('Of each flow the first request was compared · 每个流程只比较了第一个请求\n')
  return counts
}

async function compareOne(past: PastTransfer, given: Comparing): Promise<Compared> {
  const { old, next, settings, ledger, store, reveal } = given
  const { transfer, submissionId } = past
  const at = ledger.now()
  const links = createLinks(settings.keys.links, settings.http.publicUrl, () => at.getTime())
  try {
    const leased = { transfer, submissionId, epoch: 0, attempts: 0, look: false, claims: 0, triedMs: 0 }
    const content = await attemptTools({
      ledger,
      store,
      links,
      settings,
      catalogues: onlyCatalogue(settings.catalogue),
    }).compose(leased)
    return await compare(old, next, {
      operation: transfer.operation,
      content: content as Contents[Operation],
      reveal,
      attempt: {
        signal: AbortSignal.timeout(old.system.delivery.timeoutMs),
        key: transfer.id,
        number: 1,
        now: () => at,
        files: {
          open: (sha256) => store.open(sha256),
          link: links.link,
          store: () => Promise.reject(new Error('nothing is stored while shadowing')),
        },
      },
    })
  } catch (error) {
    return { failed: [`it cannot be composed any more · 无法重新组装: ${(error as Error).message}`] }
  }
}

function told({ transfer, createdAt }: PastTransfer, compared: Compared): string[] {
  const name = `${transfer.id} ${transfer.operation} ${createdAt.toISOString()}`
  if ('failed' in compared) return [`✘ ${name}`, ...compared.failed.map((line) => `    ${line}`)]
  if ('different' in compared) return [`≠ ${name}`, ...compared.different.map((line) => `    ${line}`)]
  return [`= ${name}`]
}
