// Which catalogue counts: the one in force today for whatever is new, and for each submission the one it was made under.
// Once a second the ledger is asked for newer ones, and whether the day of a waiting one has come. What a process has not
// the systems for it does not take up.

import type { Logger } from 'pino'
import { dayOf } from '../domain/calendar.ts'
import type { Catalogue, CertificateType } from '../domain/catalogue.ts'
import { type CatalogueRecorded, readCatalogues, recordCatalogue } from '../ledger/catalogue-versions.ts'
import { isAway } from '../ledger/database.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Settings } from '../settings/settings.ts'
import { createShelf, type FoundVersion, type ListedVersion } from './shelf.ts'
import { lackingSystems } from './systems.ts'

export interface Catalogues {
  inForce(): Catalogue
  /** Number of the version in force here. */
  number(): number
  /** The one that a submission was made under; the one in force, with a warning, when it was never recorded. */
  of(version: string): Catalogue
  /** Like `of`, but asks the ledger first when it is not in memory. */
  pinned(version: string): Promise<Catalogue>
  /** Asks the ledger when one of these is not in memory; null when all are. */
  learn(versions: Iterable<string>): Promise<void> | null
  /** By number or content hash. */
  find(reference: string): FoundVersion | undefined
  /** The newest first. */
  list(): ListedVersion[]
  /** Those that are in force or will be. */
  live(): Catalogue[]
  /** Of the catalogue in force, or else of the newest that has it: what was asked for once keeps its name. */
  certificateTypes: { get(code: string): CertificateType | undefined }
  /** Looks at once for what any process has recorded. */
  refresh(): Promise<void>
  close(): void
}

interface CataloguesDeps {
  ledger: Pick<Ledger, 'readers' | 'writers'>
  now(): Date
  /** By the files of this process. */
  settings: Pick<Settings, 'catalogue' | 'catalogueFiles'>
  /** Those in force here, by id. */
  systems: { has(id: string): boolean }
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

type InForce = Pick<FoundVersion, 'number' | 'catalogue'>

const EVERY_MS = 1_000

/** Records the files of this process unless they were recorded before, and follows from then on. */
export async function openCatalogues(deps: CataloguesDeps): Promise<Catalogues> {
  const { ledger, settings, log } = deps
  const shelf = createShelf(settings.catalogue)
  const unknown = new Set<string>()
  const today = (): string => dayOf(deps.now().toISOString())
  const own = await recordOwn(deps)
  shelf.add(await readCatalogues(ledger.readers, 0))
  let current = first(shelf.due(today())!, own, deps)
  let heldBack = 0

  function takeUp(): void {
    const due = shelf.due(today())!
    if (due.number === current.number) return
    const lacking = lackingSystems(due.catalogue, deps.systems)
    if (lacking.length === 0) {
      const { number, version, effectiveFrom, by } = due
      log.info({ number, version, effectiveFrom, by, before: current.number }, 'catalogue.in-force')
      current = due
    } else if (heldBack !== due.number) {
      heldBack = due.number
      log.warn(
        { number: due.number, inForce: current.number, lacking },
        'catalogue.held-back: it leads to systems that are not in force here; reload the configuration · 新清单引用的系统在本进程尚未生效，请重新加载配置',
      )
    }
  }

  async function refresh(): Promise<void> {
    shelf.add(await readCatalogues(ledger.readers, shelf.newest()))
    takeUp()
  }

  function of(version: string): Catalogue {
    const recorded = shelf.of(version)
    if (recorded) return recorded
    if (!unknown.has(version))
      log.warn(
        { version, instead: current.number },
        'catalogue.unknown: a submission names a version that was never recorded · 申办所依据的清单版本没有记录',
      )
    unknown.add(version)
    return current.catalogue
  }

  function learn(versions: Iterable<string>): Promise<void> | null {
    for (const version of versions) if (!shelf.has(version) && !unknown.has(version)) return refresh()
    return null
  }

  const close = everySecond(refresh, log)
  return {
    inForce: () => current.catalogue,
    number: () => current.number,
    of,
    async pinned(version) {
      await learn([version])
      return of(version)
    },
    learn,
    find: (reference) => shelf.find(reference, today()),
    list: () => shelf.list(today()),
    live: () => shelf.live(today()),
    certificateTypes: {
      get: (code) => current.catalogue.certificateTypes.get(code) ?? shelf.certificateType(code),
    },
    refresh,
    close,
  }
}

async function recordOwn({ ledger, settings, log }: CataloguesDeps): Promise<CatalogueRecorded> {
  const { catalogue, catalogueFiles: files } = settings
  const { version, effectiveFrom } = catalogue
  const own = await recordCatalogue(ledger.writers, { version, effectiveFrom, by: 'start', files }, 'start')
  if (own.verdict === 'recorded')
    log.info({ number: own.as.number, version, effectiveFrom }, 'catalogue.recorded')
  if (own.verdict === 'refused')
    log.warn(
      { version, objections: own.objections },
      'catalogue.not-recorded: the files of this process are a catalogue that cannot follow the recorded ones; see tongban catalogue activate · 本进程的事项清单与已记录版本的生效日期冲突，未生效',
    )
  return own
}

/** @throws what to do when this process cannot serve the catalogue in force */
function first(
  due: FoundVersion,
  own: CatalogueRecorded,
  { settings, systems, log }: CataloguesDeps,
): InForce {
  const lacking = lackingSystems(due.catalogue, systems).join(', ')
  if (lacking !== '') {
    const why = own.verdict === 'refused' ? own.objections : []
    throw new Error(
      [
        `catalogue version ${due.number} is in force and leads to systems that config/systems does not have: ${lacking}. Bring the files of this process up to date · 现行第 ${due.number} 版事项清单引用了未配置的系统：${lacking}`,
        ...why.map(
          ({ message, messageZh }) => `  its own catalogue was not recorded: ${message} · ${messageZh}`,
        ),
      ].join('\n'),
    )
  }
  if (own.verdict === 'known' && due.version !== settings.catalogue.version)
    log.warn(
      { files: own.as.number, inForce: due.number },
      'catalogue.differs: the files of this process are of another version than the one in force · 本进程的事项清单文件不是现行版本',
    )
  return due
}

function everySecond(work: () => Promise<void>, log: Pick<Logger, 'error'>): () => void {
  let closed = false
  let timer: NodeJS.Timeout
  const again = (): void => {
    if (closed) return
    timer = setTimeout(() => {
      void work()
        .catch((error) => {
          if (!isAway(error)) log.error({ err: error }, 'catalogue.follow')
        })
        .finally(again)
    }, EVERY_MS)
    timer.unref()
  }
  again()
  return () => {
    closed = true
    clearTimeout(timer)
  }
}
