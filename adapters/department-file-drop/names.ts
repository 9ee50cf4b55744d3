// Names of our files. A name is made of the content alone, so that every try at a transfer makes the same one:
// that is how a file is found again. Pure.

import type { CaseContent, SupplementContent, WithdrawalContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { toLocal } from '../../src/adapter-kit/local-time.ts'
import type { DroppedOperation } from './settings.ts'

export type NameTemplates = Readonly<Record<DroppedOperation, string>>
export type DroppedContent = CaseContent | SupplementContent | WithdrawalContent

/** SB 申办, BZ 补正, CH 撤回. */
const usualNames: NameTemplates = {
  submitCase: '{region}_SB_{date}_{caseId}',
  supplementCase: '{region}_BZ_{caseId}_{round}',
  withdrawCase: '{region}_CH_{caseId}',
}

const known: Readonly<Record<DroppedOperation, readonly string[]>> = {
  submitCase: ['region', 'caseId', 'date', 'matter', 'homeDivision'],
  supplementCase: ['region', 'caseId', 'round'],
  withdrawCase: ['region', 'caseId'],
}
const needed: Readonly<Record<DroppedOperation, readonly string[]>> = {
  submitCase: ['caseId'],
  supplementCase: ['caseId', 'round'],
  withdrawCase: ['caseId'],
}

/** @throws AdapterFailure 'unrecognised' for a template that would give two things one name */
export function checkNames(own: Partial<NameTemplates>): NameTemplates {
  const names = { ...usualNames, ...own }
  for (const operation of Object.keys(usualNames) as DroppedOperation[]) {
    const used = [...names[operation].matchAll(/\{(\w*)\}/g)].map((match) => match[1] ?? '')
    const missing = needed[operation].find((one) => !used.includes(one))
    if (missing) refuse(`names.${operation}: 缺少 {${missing}} (lacks it, names would not be unique)`)
    const strange = used.find((one) => !known[operation].includes(one))
    if (strange !== undefined)
      refuse(`names.${operation}: {${strange}} 不可用 (is not known of this operation)`)
  }
  const bare = Object.values(names).map((name) => name.replace(/\{\w+\}/g, '*'))
  if (new Set(bare).size < bare.length) refuse('names: 两种操作同名 (two operations would share their names)')
  return names
}

function refuse(sentence: string): never {
  throw new AdapterFailure('unrecognised', sentence, { sent: false })
}

const LONGEST = 180

/**
 * Without an extension; `{date}` is the day of submission in the department's time.
 * @throws AdapterFailure 'rejected' when the name would be too long for a disk
 */
export function nameOf(template: string, content: DroppedContent, region: string, offset: string): string {
  const values: Record<string, string> = { region, caseId: content.caseId }
  if ('round' in content) values.round = String(content.round)
  if ('submittedAt' in content) {
    values.date = toLocal(content.submittedAt, offset).slice(0, 10).replaceAll('-', '')
    values.matter = content.matter.code
    values.homeDivision = content.homeDivision
  }
  const name = template.replace(/\{(\w+)\}/g, (_, one: string) => safe(values[one] ?? ''))
  if (Buffer.byteLength(name) <= LONGEST) return name
  throw new AdapterFailure('rejected', '文件名过长 (the file name would be too long)', { sent: false })
}

const safe = (value: string): string => value.replace(/[^\p{L}\p{N}.-]/gu, '_').replace(/^\./, '_')

/** Case ids out of names of our submissions. */
export function caseIdReader(template: string): (name: string) => string | undefined {
  const pieces = template.split(/(\{\w+\})/).map((piece) => {
    if (piece === '{caseId}') return '(?<caseId>[A-Za-z0-9_-]+)'
    return piece.startsWith('{') ? '[^/]*?' : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  const first = pieces.findIndex((piece) => piece.startsWith('(?<'))
  const once = pieces.map((piece, i) => (piece.startsWith('(?<') && i > first ? '[A-Za-z0-9_-]+' : piece))
  const written = new RegExp(`^${once.join('')}$`)
  return (name) => written.exec(name)?.groups?.caseId
}

/** The extension of a material's own file name, if it is an ordinary one. */
export function extensionOf(fileName: string): string {
  const [, extension] = /\.([A-Za-z0-9]{1,8})$/.exec(fileName) ?? []
  return extension ? `.${extension.toLowerCase()}` : '.bin'
}

/** Material codes as a part of a name. */
export const safePart = (code: string): string => safe(code).slice(0, 40)
