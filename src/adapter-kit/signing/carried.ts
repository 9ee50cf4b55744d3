// Where key, time, nonce and signature travel: in headers, in the query, among the members of the body, or
// together in one Authorization header. Must not know how any of them is made.

import type { InboundMessage } from '../contract.ts'
import type { AdapterFailure } from '../failures.ts'
import { wrongSetting } from '../wrong-setting.ts'
import { unknownPlaceholder } from './canonical.ts'
import type { HmacScheme } from './hmac.ts'
import { bodyPairs, type Pairs, queryPairs } from './parameters.ts'
import { headerOf, refuse, targetOf } from './scheme.ts'

const slots = ['key', 'timestamp', 'nonce', 'signature'] as const
type Slot = (typeof slots)[number]
export type Names = { [K in Slot]?: string }
type Values = { [K in Slot]?: string }

const FILLED = /\{([^{}]*)\}/g

/** The values that have a name there, under that name. */
export function named(names: Names = {}, values: Values): Record<string, string> {
  const found: Record<string, string> = {}
  for (const slot of slots) {
    const name = names[slot]
    const value = values[slot]
    if (name !== undefined && value !== undefined) found[name] = value
  }
  return found
}

/** `Authorization`, once all of its values are there. */
export function authorisation({ authorization }: HmacScheme, values: Values): Record<string, string> {
  if (authorization === undefined || values.signature === undefined) return {}
  return { Authorization: authorization.replace(FILLED, (_all, slot: Slot) => values[slot] ?? '') }
}

/** @throws AdapterFailure 'unrecognised' when something that the other side needs travels nowhere */
export function checkCarried(scheme: HmacScheme): void {
  const together = [...(scheme.authorization ?? '').matchAll(FILLED)].map(([, name = '']) => name)
  for (const [index, name] of together.entries())
    if (!(slots as readonly string[]).includes(name) || together.indexOf(name) !== index)
      throw unknownPlaceholder('authorization', name, slots)
  for (const slot of ['timestamp', 'signature'] as const) if (!travels(scheme, slot)) throw nowhere(slot)
  if (scheme.canonical.includes('{nonce}') && !travels(scheme, 'nonce')) throw nowhere('nonce')
}

export function travels({ headers, query, body, authorization }: HmacScheme, slot: Slot): boolean {
  return [headers, query, body].some((names) => names?.[slot]) || !!authorization?.includes(`{${slot}}`)
}

function nowhere(slot: Slot): AdapterFailure {
  return wrongSetting(
    'headers',
    `${slot} 未指定位置 (travels nowhere)：请在 headers、query、body 或 authorization 中写明 (name it in headers, query, body or authorization)`,
    `headers: { ${slot}: X-${slot[0]!.toUpperCase()}${slot.slice(1)} }`,
  )
}

/** Reads one value of a message; refuses one that is absent or repeated. */
type ReadSlot = (slot: Slot) => string

export function carriedBy(scheme: HmacScheme, message: InboundMessage): ReadSlot {
  const { headers, query, body, charset = 'utf-8' } = scheme
  const together = scheme.authorization === undefined ? {} : apart(scheme.authorization, message)
  const target = targetOf(message)
  return (slot) => {
    const inHeader = headers[slot]
    if (inHeader) return headerOf(message.headers, inHeader)
    const inQuery = query?.[slot]
    if (inQuery) return only(queryPairs(target, charset), inQuery)
    const inBody = body?.[slot]
    if (inBody) return only(bodyPairs(message.body, contentTypeOf(message), charset) ?? [], inBody)
    return together[slot] ?? ''
  }
}

export function contentTypeOf({ headers }: InboundMessage): string | undefined {
  const type = headers['content-type']
  return typeof type === 'string' ? type : undefined
}

function only(pairs: Pairs, name: string): string {
  const values = pairs.filter(([one]) => one === name)
  const value = values[0]?.[1]
  if (values.length !== 1 || !value) refuse(`缺少参数 ${name}`, `parameter ${name} is missing`)
  return value
}

/**
 * The values that one header holds together, by its template: each ends where what follows it first stands. Looked for
 * once from the left: whoever sends it has proved nothing yet.
 */
function apart(template: string, { headers }: InboundMessage): Values {
  const [first = '', ...pieces] = template.split(FILLED)
  const header = headerOf(headers, 'Authorization')
  const values: Values = {}
  let at = header.startsWith(first) ? first.length : -1
  for (let i = 0; at !== -1 && i < pieces.length; i += 2) {
    const [slot, next = ''] = pieces.slice(i) as [Slot, string?]
    const end = i + 2 < pieces.length ? header.indexOf(next, at + 1) : header.length - next.length
    values[slot] = header.slice(at, end)
    at = end > at && header.startsWith(next, end) ? end + next.length : -1
  }
  if (at !== header.length)
    refuse('Authorization 请求头与约定不符', 'the header Authorization is not written as agreed')
  return values
}
