// What config/systems/*.yaml may say of a department that exchanges files, as types; settings-schema.ts is the same as
// JSON Schema. Defaults stand in layout.ts. Must hold no default of a secret.

import type { ReportField } from '../../src/adapter-kit/case-report.ts'
import type { CaseEventType } from '../../src/adapter-kit/contract.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import type { Checksum } from './checksum.ts'

export interface FileDropSettings {
  transport: { sftp: SftpSettings } | { folder: { path: string } }
  /** The department's division, for file names. */
  region: string
  directories?: Partial<Record<DirectoryName, string>>
  names?: Partial<Record<DroppedOperation, string>>
  format?: Format
  charset?: Charset
  fileNames?: Charset
  packaging?: 'files' | 'zip'
  materials?: 'carried' | 'none'
  manifestSuffix?: string
  checksum?: Checksum
  acknowledgement?: 'json' | 'xml'
  /** Days for which our acknowledgements lie in ack/. */
  ackKeptDays?: number
  until?: 'written' | 'acknowledged'
  documents?: Partial<Record<DroppedOperation, unknown>>
  utcOffset?: string
  incoming?: IncomingSettings
  statuses?: Readonly<Record<string, CaseEventType | null>>
  codes?: Readonly<Record<string, AckMeaning>>
  limits?: Partial<Limits>
}

export interface SftpSettings {
  host: string
  port?: number
  user: string
  password?: string
  privateKey?: string
  passphrase?: string
  /** SHA256:… of the host's key; several while it is changed. */
  hostKey: string | string[]
  /** Root of the directories on the server; the login's home when absent. */
  path?: string
  connectMs?: number
  requestMs?: number
}

export const directoryNames = ['out', 'in', 'ack', 'reject', 'done'] as const
export type DirectoryName = (typeof directoryNames)[number]

export const droppedOperations = ['submitCase', 'supplementCase', 'withdrawCase'] as const
export type DroppedOperation = (typeof droppedOperations)[number]

export const formats = ['json', 'xml', 'csv'] as const
export type Format = (typeof formats)[number]

/** What a code in the department's acknowledgement of our file means. */
export const ackMeanings = ['ok', 'duplicate', 'refused', 'waiting'] as const
export type AckMeaning = (typeof ackMeanings)[number]

export type IncomingSettings = { [K in ReportField]?: string } & {
  format?: Format
  charset?: Charset
  checksum?: Checksum
  /** How a file is known to be whole. */
  complete?: 'manifest' | 'marker' | 'rename' | 'still'
  stillSeconds?: number
  patienceSeconds?: number
  delimiter?: string
  each?: string
}

export interface Limits {
  /** Bytes of one file that is read. */
  fileBytes: number
  /** Bytes of an archive once unpacked, all entries together. */
  unpackedBytes: number
  /** Unpacked to packed. */
  ratio: number
  /** Entries of an archive. */
  entries: number
  /** Levels of folders in an archive, and of elements in a document. */
  depth: number
  /** Events of one file. */
  events: number
  /** Items of one page. */
  page: number
  /** Files of one directory that are looked at. */
  listed: number
}
