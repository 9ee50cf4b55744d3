// Polling and listing as they are configured, over the preset's. A preset's own are used only when the settings name
// them: most systems push, and are not asked.

import type { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { wrongSetting } from '../../src/adapter-kit/wrong-setting.ts'
import { itemReader, pageReader } from './answers.ts'
import { askedOf } from './asked.ts'
import type {
  Asked,
  DayAsked,
  Dialect,
  ListingDialect,
  MessageReader,
  PageAsked,
  PageReader,
  PollingDialect,
} from './dialect.ts'
import type { Compile } from './expressions.ts'
import type { DepartmentSettings, ListingSettings, PageSettings } from './settings.ts'

const USUAL_PAGE = 200
const MEBIBYTE = 1024 * 1024
const USUAL_MEBIBYTES = 4

export function pollingOf(
  settings: DepartmentSettings,
  preset: Dialect,
  incoming: MessageReader | undefined,
  compile: Compile,
): PollingDialect | undefined {
  const own = settings.polling
  if (!own) return undefined
  const base = preset.polling
  const asked = pageAsked<PageAsked>(settings, own, base?.asked, 'polling', compile)
  const readPage = pageReaderOf(own, base?.readPage, 'polling', compile)
  const settle = own.settle
    ? askedOf<{ items: readonly unknown[] }>(
        shared(settings, own.settle),
        base?.settle,
        'polling.settle',
        'polling.settle.answer',
        compile,
      )
    : base?.settle
  if (own.settle && !settle) throw missing('polling.settle.answer.code')
  return {
    asked,
    readPage,
    reader: itemReader(own.event ?? {}, incoming ?? base?.reader, 'polling.event', compile),
    ...(settle ? { settle } : {}),
    pageSize: own.pageSize ?? base?.pageSize ?? USUAL_PAGE,
    first: own.first ?? base?.first ?? '',
    maxBytes: (own.maxMebibytes ?? USUAL_MEBIBYTES) * MEBIBYTE,
  }
}

export function listingOf(
  settings: DepartmentSettings,
  preset: Dialect,
  compile: Compile,
): ListingDialect | undefined {
  const own = settings.listing
  if (!own) return undefined
  const base = preset.listing
  return {
    asked: pageAsked<DayAsked>(settings, own, base?.asked, 'listing', compile),
    readPage: pageReaderOf(own, base?.readPage, 'listing', compile),
    read: listedReader(own, base, compile),
    pageSize: own.pageSize ?? base?.pageSize ?? USUAL_PAGE,
    maxBytes: (own.maxMebibytes ?? USUAL_MEBIBYTES) * MEBIBYTE,
  }
}

function pageAsked<C>(
  settings: DepartmentSettings,
  { request }: Partial<PageSettings>,
  base: Asked<C> | undefined,
  where: string,
  compile: Compile,
): Asked<C> {
  const asked = askedOf<C>(
    shared(settings, request ?? {}),
    base,
    `${where}.request`,
    `${where}.request.answer`,
    compile,
  )
  if (!asked) throw missing(`${where}.request`)
  return asked
}

type Shared = Parameters<typeof askedOf>[0]

const shared = (settings: DepartmentSettings, own: Shared): Shared => ({
  ...own,
  answer: { ...settings.answer, ...own.answer },
  codes: { ...settings.codes, ...own.codes },
})

function pageReaderOf(
  { items, cursor, more }: Partial<PageSettings>,
  base: PageReader | undefined,
  where: string,
  compile: Compile,
): PageReader {
  if (items !== undefined)
    return pageReader(
      { items, ...(cursor === undefined ? {} : { cursor }), ...(more === undefined ? {} : { more }) },
      where,
      compile,
    )
  if (!base) throw missing(`${where}.items`)
  return base
}

function listedReader(
  own: ListingSettings,
  base: ListingDialect | undefined,
  compile: Compile,
): ListingDialect['read'] {
  const fields = (['id', 'reference', 'status'] as const).filter((field) => own[field] !== undefined)
  const expressions = fields.map((field) => [field, compile(own[field] ?? '', `listing.${field}`)] as const)
  if (!base && fields.length === 0) throw missing('listing.id')
  return async (item) => {
    const read: Record<string, unknown> = { ...(await base?.read(item)) }
    for (const [field, evaluate] of expressions) read[field] = await evaluate(item)
    return read
  }
}

const examples: Readonly<Record<string, string>> = {
  code: 'answer: { code: $string(code) }',
  request: 'request: { method: GET, path: "/events?after={cursor}" }',
  items: 'items: data.rows',
  id: 'id: data.caseNo',
}

function missing(where: string): AdapterFailure {
  return wrongSetting(where, '缺失 (is missing)', examples[where.split('.').at(-1) ?? ''])
}
