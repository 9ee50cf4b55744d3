// The tables as one department has them: the national names with the settings laid over them, checked once.
// Whatever is missing here is a mistake in the settings and is said before anything is sent.

import { toLocal } from '../../src/adapter-kit/local-time.ts'
import { dialGuard } from '../../src/adapter-kit/origins.ts'
import {
  addedColumns,
  codeColumns,
  houseLacks,
  nationalColumns,
  nationalNames,
  type PolledKey,
  polledKeys,
  type TableKey,
} from './columns.ts'
import { asColumn } from './local-time.ts'
import { nonsense } from './nonsense.ts'
import { type OwnColumns, ownColumns } from './own-values.ts'
import type { CodeSettings, ExchangeSettings, FilesWay, FlagSettings, Statuses } from './settings.ts'
import { name, type Statement, sql } from './sql.ts'
import { houseCodes, houseResultForms, houseStatuses } from './statuses.ts'

export interface Table {
  key: TableKey
  /** As the department calls it. */
  title: string
  /** Qualified by the schema, where one is configured. */
  name: Statement
  has(column: string): boolean
  /** The department's column for a national (or added) one. @throws when it is not mapped */
  column(column: string): Statement
  /** National (or added) names that are mapped. */
  columns: readonly string[]
  /** The department's further columns. */
  own: OwnColumns
}

export interface Layout {
  accept: Table
  material: Table
  polled: readonly Table[]
  offset: string
  /** How a local time is written into a column. */
  asTime(local: string): string
  dataSource: string
  operations: { submit: string; supplement: string; withdraw: string }
  codes: Partial<CodeSettings>
  statuses: Partial<Statuses>
  resultForms: Readonly<Record<string, 'electronic' | 'paper'>>
  files: FilesWay
  largeObjectReader: string | undefined
  linkSeconds: number
  maxFileBytes: number
  flags: FlagSettings
  /** Present: nothing is marked; rows are read by this column. */
  watermark: { delaySeconds: number } | undefined
  cleaning: { days?: number; cases?: CaseCleaning } | undefined
  pageSize: number
}

export interface CaseCleaning {
  days: number
  /** `is_sync` of a row that the department has taken. */
  taken: string
}

const MEBIBYTE = 1024 * 1024
const defaults = {
  offset: '+08:00',
  dataSource: 'tongban',
  operations: { submit: 'I', supplement: 'I', withdraw: 'D' },
  flags: { new: '0', taken: '2', done: '1', unknown: '9', failed: '3', claimSeconds: 300, skipLocked: true },
  linkSeconds: 24 * 3600,
  maxFileBytes: 10 * MEBIBYTE,
  delaySeconds: 10,
  pageSize: 200,
}

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function layoutOf(settings: ExchangeSettings): Layout {
  if (!dialGuard(undefined)(settings.host)) throw nonsense('host 不允许', 'host may not be dialled')
  if (settings.files === 'large-object' && settings.dialect !== 'postgresql')
    throw nonsense('files: large-object 仅用于 PostgreSQL', 'files: large-object is for PostgreSQL only')
  const house = settings.preset === 'house'
  const accept = tableOf(settings, 'accept')
  const material = tableOf(settings, 'material')
  if (!accept || !material)
    throw nonsense('tables.accept 与 tables.material 不能为 null', 'accept and material cannot be null')
  const layout: Layout = {
    accept,
    material,
    polled: polledKeys.flatMap((key) => tableOf(settings, key) ?? []),
    offset: settings.utcOffset ?? defaults.offset,
    asTime: (local) => asColumn(local, settings.textTimes),
    dataSource: settings.dataSource ?? defaults.dataSource,
    operations: { ...defaults.operations, ...settings.operations },
    codes: { ...(house ? houseCodes : {}), ...settings.codes },
    statuses: { ...(house ? houseStatuses : {}), ...settings.statuses },
    resultForms: { ...(house ? houseResultForms : {}), ...settings.resultForms },
    files: settings.files ?? 'link',
    largeObjectReader: settings.largeObjectReader,
    linkSeconds: settings.linkSeconds ?? defaults.linkSeconds,
    maxFileBytes: settings.maxFileBytes ?? defaults.maxFileBytes,
    flags: { ...defaults.flags, ...settings.flags },
    watermark: settings.watermark && {
      delaySeconds: settings.watermark.delaySeconds ?? defaults.delaySeconds,
    },
    cleaning: cleaningOf(settings),
    pageSize: settings.pageSize ?? defaults.pageSize,
  }
  checkWritten(layout)
  checkPolled(layout)
  checkCleaning(layout)
  return layout
}

function cleaningOf({ cleaning, flags }: ExchangeSettings): Layout['cleaning'] {
  if (!cleaning) return undefined
  const { days, cases } = cleaning
  const taken = cases?.taken ?? flags?.done ?? defaults.flags.done
  return { ...(days ? { days } : {}), ...(cases ? { cases: { days: cases.days, taken } } : {}) }
}

/** Files lie in the database itself, so their size matters. */
export const carriesBytes = ({ files }: Pick<Layout, 'files'>): boolean =>
  files === 'inline' || files === 'large-object'

function tableOf(settings: ExchangeSettings, key: TableKey): Table | undefined {
  const given = settings.tables?.[key]
  if (given === null) return undefined
  const known = [...nationalColumns[key], ...addedColumns[key], 'watermark']
  const stray = Object.keys(given?.columns ?? {}).find((column) => !known.includes(column))
  if (stray !== undefined)
    throw nonsense(
      `tables.${key}.columns.${stray} 不是国标列或可附加的列；其他列写在 tables.${key}.values，可用的有 ${known.join(' ')}`,
      `tables.${key}.columns.${stray} is none of the columns that can be mapped; others go into tables.${key}.values`,
      `tables.${key}.columns.${stray}`,
    )
  const mapped = new Map<string, Statement>()
  for (const column of known) {
    const own = given?.columns?.[column] ?? defaultColumn(settings, key, column)
    if (own !== undefined && given?.columns?.[column] !== null) mapped.set(column, name(own))
  }
  const title = given?.name ?? nationalNames[key]
  return {
    key,
    title,
    name: settings.schema === undefined ? name(title) : sql`${name(settings.schema)}.${name(title)}`,
    columns: [...mapped.keys()],
    own: ownColumns(key, given, (iso) =>
      asColumn(toLocal(iso, settings.utcOffset ?? defaults.offset), settings.textTimes),
    ),
    has: (column) => mapped.has(column),
    column(column) {
      const own = mapped.get(column)
      if (!own)
        throw nonsense(
          `tables.${key}.columns.${column} 未配置`,
          `tables.${key}.columns.${column} is needed`,
          `tables.${key}.columns`,
        )
      return own
    },
  }
}

function defaultColumn(settings: ExchangeSettings, key: TableKey, column: string): string | undefined {
  if (column === 'watermark') return settings.watermark ? (settings.watermark.column ?? 'cd_time') : undefined
  const present =
    nationalColumns[key].includes(column) || (settings.preset === 'house' && !houseLacks.has(column))
  return present ? column : undefined
}

/** Codes that the written columns need, and columns without which nothing can be found again. */
function checkWritten({ accept, material, codes, files }: Layout): void {
  accept.column('project_no')
  for (const column of ['row_guid', 'project_no', 'material_name']) material.column(column)
  if (carriesBytes({ files })) material.column('file_content')
  const needed = [
    ['applyType', accept.has('apply_type')],
    ['applicantType', accept.has('applyer_type')],
    ['getType', material.has('get_type')],
  ] as const
  for (const [code, isNeeded] of needed)
    if (isNeeded && !codes[code])
      throw nonsense(
        `须配置 codes.${code}，或将该列映射为 null`,
        `codes.${code} must be configured, or its column mapped to null`,
        'codes',
      )
}

function checkPolled(layout: Layout): void {
  for (const table of layout.polled) {
    const key = table.key as PolledKey
    for (const column of ['row_guid', 'project_no', codeColumns[key]]) table.column(column)
    if (!layout.watermark) table.column('is_sync')
    if (table.has('sync_time') !== table.has('sync_by'))
      throw nonsense(
        `tables.${key} 的 sync_time 与 sync_by 须同时配置`,
        `tables.${key}: sync_time and sync_by go together`,
        `tables.${key}.columns`,
      )
    if (!layout.statuses[key])
      throw nonsense(
        `须配置 statuses.${key}，或将 tables.${key} 设为 null`,
        `statuses.${key} must be configured, or tables.${key} be null`,
        'statuses',
      )
  }
}

function checkCleaning({ cleaning, watermark, polled, accept, material }: Layout): void {
  if (!cleaning) return
  if (watermark)
    throw nonsense('cleaning 与 watermark 不能同时配置', 'cleaning needs marks, which watermark leaves out')
  if (polled.length === 0)
    throw nonsense(
      'cleaning 在读取部门数据后进行，而没有可读的表',
      'cleaning is done whenever rows were read, and no table is read',
    )
  for (const table of polled)
    if (cleaning.days && !table.has('cd_time') && !table.has('sync_time')) table.column('cd_time')
  if (cleaning.cases)
    for (const table of [accept, material]) for (const column of ['is_sync', 'cd_time']) table.column(column)
}
