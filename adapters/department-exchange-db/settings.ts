// What config/systems/*.yaml may say of a department's exchange database; the schema is in settings-schema.ts.
// Must hold no default of a secret.

import type { CaseContent, CaseEventType, MaterialContent, Party } from '../../src/adapter-kit/contract.ts'
import type { PolledKey, TableKey } from './columns.ts'

export interface ExchangeSettings {
  preset?: 'house'
  dialect: 'postgresql' | 'mysql'
  host: string
  port?: number
  database: string
  user: string
  password: string
  tls?: { ca?: string; cert?: string; key?: string; passphrase?: string; servername?: string }
  schema?: string
  charset?: 'utf8mb4' | 'gbk' | 'gb18030'
  connections?: number
  connectTimeoutMs?: number
  statementTimeoutMs?: number
  utcOffset?: string
  /** Columns of times are texts, written so; otherwise they are times. */
  textTimes?: TextTimes
  dataSource?: string
  tables?: { [K in TableKey]?: TableSettings | null }
  operations?: { submit?: string; supplement?: string; withdraw?: string }
  codes?: Partial<CodeSettings>
  files?: FilesWay
  /** The database role that reads large objects, where it is not ours. */
  largeObjectReader?: string
  linkSeconds?: number
  maxFileBytes?: number
  flags?: Partial<FlagSettings>
  watermark?: { column?: string; delaySeconds?: number }
  cleaning?: CleaningSettings
  pageSize?: number
  statuses?: Partial<Statuses>
  resultForms?: Readonly<Record<string, 'electronic' | 'paper'>>
}

interface CleaningSettings {
  /** Rows of the polled tables that we marked done are deleted after so many days. */
  days?: number
  /** Cases and materials that the department marked as taken; `taken` is its mark, by default `flags.done`. */
  cases?: { days: number; taken?: string }
}

export const textTimes = ['yyyyMMddHHmmss', 'yyyy-MM-dd HH:mm:ss'] as const
export type TextTimes = (typeof textTimes)[number]

export const filesWays = ['link', 'reference', 'inline', 'large-object'] as const
export type FilesWay = (typeof filesWays)[number]

export interface TableSettings {
  name?: string
  /** National (or added) name to the department's own; null when its table has none. */
  columns?: Readonly<Record<string, string | null>>
  /**
   * The department's further columns with the text they get; `{matter.code}` and the like are filled in, and a text that
   * begins with '=' is JSONata over the content.
   */
  values?: Readonly<Record<string, string>>
  /** Of the accept table: the same by matter code, `*` for any other matter. */
  valuesByMatter?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export interface CodeSettings {
  applyType: Readonly<Record<CaseContent['mode'], string>>
  applicantType: Readonly<Record<Party['type'], string>>
  getType: Readonly<Record<MaterialContent['source'], string>>
}

export interface FlagSettings {
  /** null: the column is empty in a new row. */
  new: string | null
  taken: string
  done: string
  unknown: string
  failed: string
  /** A row taken longer ago than this may be taken again. */
  claimSeconds: number
  /** false: for MySQL before 8.0 and MariaDB before 10.6, which cannot skip locked rows. */
  skipLocked: boolean
}

export type Statuses = Readonly<Record<PolledKey, StatusTable>>
export type StatusTable = Readonly<Record<string, CaseEventType | null>>
