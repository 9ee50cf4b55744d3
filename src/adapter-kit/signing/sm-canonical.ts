// What the signature of an SM2 envelope covers: a string with placeholders, compiled once.

import { isRecord } from '../loose-json.ts'
import { unknownPlaceholder } from './canonical.ts'

interface Signed {
  outer: Readonly<Record<string, unknown>>
  data: unknown
  sealed: string
}
type Piece = (signed: Signed) => string

interface Form {
  key: string
  secret: string
  canonical?: string
  unsigned?: readonly string[]
}
interface MemberNames {
  data: string
  sealed: string
  timestamp: string
}

const USUAL = '{members}&key={secret}'
const usuallyUnsigned = ['signData', 'encData', 'extra']

const makers = {
  members:
    ({ unsigned = usuallyUnsigned }, names) =>
    ({ outer, data, sealed }) =>
      membersOf({ ...outer, [names.data]: data, [names.sealed]: sealed }, unsigned),
  key: (form) => () => form.key,
  secret: (form) => () => form.secret,
  timestamp: (_form, names) => (signed) => textOf(signed.outer[names.timestamp] ?? ''),
  data: () => (signed) => textOf(signed.data),
  sealed: () => (signed) => signed.sealed,
} as const satisfies Record<string, (form: Form, names: MemberNames) => Piece>

export const smPlaceholders = Object.keys(makers) as (keyof typeof makers)[]

/** @throws AdapterFailure 'unrecognised' for a placeholder that is not known */
export function compileSmCanonical(
  form: Form,
  names: MemberNames & { signature: string },
): (outer: Signed['outer'], data: unknown, sealed: string) => string {
  const unsigned = form.unsigned ?? [...usuallyUnsigned, names.sealed, names.signature]
  const pieces = (form.canonical ?? USUAL).split(/(\{[^{}]*\})/).map((text): string | Piece => {
    const name = /^\{([^{}]*)\}$/.exec(text)?.[1]
    if (name === undefined) return text
    if (Object.hasOwn(makers, name)) return makers[name as keyof typeof makers]({ ...form, unsigned }, names)
    throw unknownPlaceholder('canonical', name, smPlaceholders)
  })
  return (outer, data, sealed) =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : piece({ outer, data, sealed }))).join('')
}

/** As NHSA signs: see below, with `key=<secret>` last. */
export function smCanonical(message: Readonly<Record<string, unknown>>, secret: string): string {
  return `${membersOf(message, usuallyUnsigned)}&key=${secret}`
}

/**
 * Members but those that are not signed, without empty ones, by name in order, `name=value` joined by `&`,
 * objects as JSON with sorted names.
 */
function membersOf(message: Readonly<Record<string, unknown>>, unsigned: readonly string[]): string {
  return Object.keys(message)
    .filter((name) => !unsigned.includes(name) && !isEmpty(message[name]))
    .sort()
    .map((name) => `${name}=${textOf(message[name])}`)
    .join('&')
}

const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(sorted(value)) : String(value)
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isRecord(value)) return value
  const names = Object.keys(value)
    .filter((name) => !isEmpty(value[name]))
    .sort()
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]))
}
