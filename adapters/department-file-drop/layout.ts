// Settings with their defaults, checked together once, and where each kind of file lies. Pure.

import type { CaseStatuses } from '../../src/adapter-kit/case-report.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { houseStatusTable } from '../../src/adapter-kit/house-reports.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { CHINA_OFFSET } from '../../src/adapter-kit/local-time.ts'
import type { Checksum } from './checksum.ts'
import { compileDocuments, type Documents } from './documents.ts'
import { checkNames, type NameTemplates } from './names.ts'
import { type ReportReader, reportReader } from './reports.ts'
import type { AckMeaning, DirectoryName, FileDropSettings, Format, Limits } from './settings.ts'

export interface Layout {
  at(directory: DirectoryName, name: string): string
  directory: Readonly<Record<DirectoryName, string>>
  region: string
  names: NameTemplates
  format: Format
  charset: Charset
  zip: boolean
  carriesMaterials: boolean
  manifestSuffix: string
  checksum: Checksum
  ackFormat: 'json' | 'xml'
  awaitsAck: boolean
  ackKeptMs: number
  codes: Readonly<Record<string, AckMeaning>>
  documents: Documents
  offset: string
  incoming: {
    format: Format
    charset: Charset
    fileNames: Charset
    checksum: Checksum
    complete: 'manifest' | 'marker' | 'rename' | 'still'
    stillMs: number
    patienceMs: number
    delimiter: string
    read: ReportReader
    statuses: CaseStatuses
  }
  limits: Limits
}

export const TEMPORARY = '.tmp'
export const ACK = '.ack'
export const REASON = '.reason.txt'
const MIB = 1024 * 1024

const defaultLimits: Limits = {
  fileBytes: 20 * MIB,
  unpackedBytes: 100 * MIB,
  ratio: 100,
  entries: 200,
  depth: 32,
  events: 2_000,
  page: 200,
  listed: 10_000,
}

const houseCodes: Readonly<Record<string, AckMeaning>> = { '0': 'ok', '1006': 'duplicate', '2*': 'refused' }

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function layoutOf(settings: FileDropSettings): Layout {
  checkTogether(settings)
  const directory = {
    out: 'out',
    in: 'in',
    ack: 'ack',
    reject: 'reject',
    done: 'done',
    ...settings.directories,
  }
  const offset = settings.utcOffset ?? CHINA_OFFSET
  const format = settings.format ?? 'json'
  return {
    directory,
    at: (of, name) => `${directory[of]}/${name}`,
    region: settings.region,
    names: checkNames(settings.names ?? {}),
    format,
    charset: settings.charset ?? 'utf-8',
    zip: settings.packaging === 'zip',
    carriesMaterials: settings.materials !== 'none',
    manifestSuffix: settings.manifestSuffix ?? '.mf',
    checksum: settings.checksum ?? 'sha256',
    ackFormat: settings.acknowledgement ?? (format === 'xml' ? 'xml' : 'json'),
    awaitsAck: settings.until === 'acknowledged',
    ackKeptMs: (settings.ackKeptDays ?? 30) * 86_400_000,
    codes: { ...houseCodes, ...settings.codes },
    documents: compileDocuments(settings.documents ?? {}, offset),
    offset,
    incoming: incomingOf(settings, offset),
    limits: { ...defaultLimits, ...settings.limits },
  }
}

function incomingOf(settings: FileDropSettings, offset: string): Layout['incoming'] {
  const own = settings.incoming ?? {}
  return {
    format: own.format ?? settings.format ?? 'json',
    charset: own.charset ?? settings.charset ?? 'utf-8',
    fileNames: settings.fileNames ?? 'utf-8',
    checksum: own.checksum ?? settings.checksum ?? 'sha256',
    complete: own.complete ?? 'manifest',
    stillMs: (own.stillSeconds ?? 60) * 1000,
    patienceMs: (own.patienceSeconds ?? 300) * 1000,
    delimiter: own.delimiter ?? ',',
    read: reportReader(own, offset),
    statuses: { ...houseStatusTable, ...settings.statuses },
  }
}

function checkTogether({ transport, directories = {} }: FileDropSettings): void {
  if ('sftp' in transport) {
    const { sftp } = transport
    if (sftp.password === undefined && sftp.privateKey === undefined)
      refuse('SFTP 需要密码或私钥 (SFTP needs a password or a private key)')
  }
  const places = Object.values(directories)
  if (new Set(places).size < places.length) refuse('各目录必须不同 (every directory must be another one)')
}

function refuse(sentence: string): never {
  throw new AdapterFailure('unrecognised', sentence, { sent: false })
}
