// Query and body as names and values, for signatures over sorted parameters. What a body holds is read from its bytes,
// for what we send as for what we receive, so that both sides sign what goes over the wire.

import { decodeFrom } from '../charset.ts'
import { formCharset, formFields } from '../form-fields.ts'
import type { Charset } from '../http.ts'
import { isRecord } from '../loose-json.ts'
import { parseStrictJson } from '../strict-json.ts'
import { readXmlMembers } from '../xml-members.ts'

export type Pairs = readonly (readonly [name: string, value: string])[]

/** How sorted parameters are written. */
export interface SortedForm {
  /** Between name and value; default `=`. */
  equals?: string
  /** Between pairs; default `&`. */
  join?: string
  /** Whether pairs without a value stay; default false. */
  empty?: boolean
  /** Whether names and values are percent-encoded; default false. */
  escaped?: boolean
}

/** By name (then value) in order of their characters' codes. @param without the name of the signature itself */
export function sortedPairs(pairs: Pairs, form: SortedForm, without: readonly string[]): string {
  const { equals = '=', join = '&', empty = false, escaped = false } = form
  const write = escaped ? encodeURIComponent : String
  return pairs
    .filter(([name, value]) => !without.includes(name) && (empty || value !== ''))
    .toSorted((a, b) => inOrder(a[0], b[0]) || inOrder(a[1], b[1]))
    .map(([name, value]) => `${write(name)}${equals}${write(value)}`)
    .join(join)
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What stands behind `?`, as it is written. */
export function queryOf(target: string): string {
  const at = target.indexOf('?')
  return at === -1 ? '' : target.slice(at + 1)
}

/** Read in the system's charset, or in UTF-8 where it is not of that. */
export function queryPairs(target: string, charset: Charset): Pairs {
  const query = Buffer.from(queryOf(target))
  return formFields(query, charset) ?? formFields(query, 'utf-8') ?? []
}

/** The target without the parameters of these names. */
export function targetWithout(target: string, names: readonly string[]): string {
  const query = queryOf(target)
  if (names.length === 0 || query === '') return target
  const kept = query.split('&').filter((pair) => !names.includes(decoded(pair.split('=', 1)[0] ?? '')))
  const path = target.slice(0, target.length - query.length - 1)
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`
}

/** In order of the decoded `name=value`, each as it stands on the wire; a bare name gets its '='. */
export function sortedQuery(query: string): string {
  if (query === '') return ''
  const pairs = query.split('&').map((written) => {
    const pair = written.includes('=') ? written : `${written}=`
    return { pair, plain: decoded(pair) }
  })
  return pairs
    .toSorted((a, b) => inOrder(a.plain, b.plain))
    .map(({ pair }) => pair)
    .join('&')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * The fields of a form, the members of a JSON object (objects and lists as their JSON), or the elements of flat XML.
 * Undefined for any other body.
 * @throws AdapterFailure 'unrecognised' for JSON that is ambiguous, and for what is no XML
 */
export function bodyPairs(
  body: Buffer,
  contentType: string | undefined,
  charset: Charset,
): Pairs | undefined {
  if (body.length === 0) return []
  if (contentType?.startsWith('application/x-www-form-urlencoded'))
    return formFields(body, formCharset(body, contentType, charset))
  if (/xml/i.test(contentType ?? '')) return flatPairs(decodeFrom(body, contentType, charset))
  const isJson = contentType === undefined || /json/i.test(contentType)
  const text = isJson ? decodeFrom(body, contentType, charset) : undefined
  const content = text === undefined ? undefined : parseStrictJson(text)
  return isRecord(content)
    ? Object.entries(content).map(([name, value]) => [name, written(value)])
    : undefined
}

/** Only what is flat: of elements within elements, or attributes, no list of names and values tells all. */
function flatPairs(text: string | undefined): Pairs | undefined {
  const [root, ...others] = text === undefined ? [] : Object.values(readXmlMembers(text))
  if (!isRecord(root) || others.length > 0) return undefined
  const pairs = Object.entries(root).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as const),
  )
  const flat = pairs.filter((pair): pair is readonly [string, string] => typeof pair[1] === 'string')
  return flat.length === pairs.length && !flat.some(([name]) => /^[@#]/.test(name)) ? flat : undefined
}

function written(value: unknown): string {
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
