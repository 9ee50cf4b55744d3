// The body that tells of a hand-over, checked with all faults at once. Whether it can have been is the domain's to say.

import { type Keeper, type KeeperKind, keeperKinds } from '../domain/paper.ts'
import type { PaperName } from '../domain/papers.ts'
import type { FaultCode } from '../http/fault-codes.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { unknownMembers } from '../http/members.ts'
import { problem } from '../http/problems.ts'
import type { Settings } from '../settings/settings.ts'
import { utcTime } from './normalise/index.ts'
import { cleanText } from './normalise/text.ts'

export interface HandOverBody {
  papers: PaperName[]
  from: Keeper
  to: Keeper
  /** ISO, UTC; absent: now. */
  at?: string
  place?: string
  waybill?: string
  note?: string
}

export interface CustodyContext {
  halls: Settings['halls']
  systems: ReadonlyMap<string, unknown>
  /** The window that took the submission, for hand-overs that name none. */
  agent?: { hall?: string; window?: string }
}

type Body = Record<string, unknown>
type Say = (pointer: string, code: FaultCode, en: string, zh: string) => void

const MOST_PAPERS = 200
const known = ['materials', 'results', 'from', 'to', 'at', 'place', 'waybill', 'note']

/** Throws `invalid-request` with every fault. */
export function checkHandOver(raw: unknown, context: CustodyContext): HandOverBody {
  const errors: FieldError[] = []
  const say: Say = (pointer, code, en, zh) => void errors.push(fieldError(pointer, code, en, zh))
  const body = isObject(raw) ? raw : {}
  if (!isObject(raw)) say('', 'invalid-type', 'must be a JSON object', '必须是 JSON 对象')
  else onlyKnown(body, '', known, say)
  const materials = codes(body, 'materials', say).map((material): PaperName => ({ material }))
  const papers = [...materials, ...codes(body, 'results', say).map((result): PaperName => ({ result }))]
  if (papers.length === 0 && errors.length === 0)
    say('/materials', 'required', 'name at least one material or result', '至少填写一份材料或结果')
  const from = keeper(body.from, '/from', context, say)
  const to = keeper(body.to, '/to', context, say)
  const at = time(body.at, say)
  const more = {
    ...text(body, 'place', 200, say),
    ...text(body, 'waybill', 40, say),
    ...text(body, 'note', 500, say),
  }
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return { papers, from, to, ...(at ? { at } : {}), ...more }
}

function codes(body: Body, name: 'materials' | 'results', say: Say): string[] {
  const list = body[name] ?? []
  const fits =
    Array.isArray(list) &&
    list.length <= MOST_PAPERS &&
    list.every((one) => typeof one === 'string' && /^[\w.-]{1,64}$/.test(one)) &&
    new Set(list).size === list.length
  if (fits) return list
  say(
    `/${name}`,
    'invalid-type',
    `must list up to ${MOST_PAPERS} codes, each once`,
    `须为不重复的编码列表，最多 ${MOST_PAPERS} 个`,
  )
  return []
}

const nobody: Keeper = { kind: 'applicant' }

function keeper(value: unknown, at: string, context: CustodyContext, say: Say): Keeper {
  if (!isObject(value) || !keeperKinds.includes(value.kind as KeeperKind)) {
    say(
      isObject(value) ? `${at}/kind` : at,
      'invalid-value',
      `kind must be one of ${keeperKinds.join(', ')}`,
      `kind 须为 ${keeperKinds.join('、')} 之一`,
    )
    return nobody
  }
  const kind = value.kind as KeeperKind
  onlyKnown(value, at, ['kind', 'person', ...places[kind]], say)
  const person = text(value, 'person', 60, say, at)
  if (kind === 'window') return { kind, ...windowOf(value, at, context, say), ...person }
  if (kind === 'applicant') return { kind, ...(person.person ? { person: shortened(person.person) } : {}) }
  return { kind, ...systemOf(value, at, context, say), ...person }
}

const places: Record<KeeperKind, readonly string[]> = {
  applicant: [],
  window: ['hall', 'window'],
  carrier: ['system'],
  department: ['system'],
}

/** Of a citizen only the family name is kept: 张** */
const shortened = (name: string): string => `${[...name][0]}**`

function windowOf(value: Body, at: string, { halls, agent }: CustodyContext, say: Say): Partial<Keeper> {
  const { hall = agent?.hall, window = value.hall === undefined ? agent?.window : undefined } = value
  if (typeof hall !== 'string') {
    say(`${at}/hall`, 'required', 'the hall is required', '缺少大厅编码')
    return {}
  }
  const place = halls.get(hall)
  if (!place) say(`${at}/hall`, 'unknown-hall', 'There is no such hall', '没有该大厅')
  else if (!place.windows.some(({ code }) => code === window))
    say(`${at}/window`, 'unknown-window', 'The hall has no such window', '该大厅没有此窗口')
  return { hall, ...(typeof window === 'string' ? { window } : {}) }
}

function systemOf(value: Body, at: string, { systems }: CustodyContext, say: Say): Partial<Keeper> {
  const { system } = value
  if (system === undefined) return {}
  if (typeof system === 'string' && systems.has(system)) return { system }
  say(`${at}/system`, 'unknown-system', 'There is no such system', '未接入该系统')
  return {}
}

function time(value: unknown, say: Say): string | undefined {
  if (value === undefined) return undefined
  const read = utcTime(value)
  if (read !== null) return read
  say(
    '/at',
    'invalid-date',
    'must be a date and time such as 2026-11-23T09:30:00+08:00',
    '须为日期时间，如 2026-11-23T09:30:00+08:00',
  )
  return undefined
}

function text<K extends string>(body: Body, name: K, max: number, say: Say, at = ''): { [N in K]?: string } {
  const value = body[name]
  if (value === undefined) return {}
  const clean = typeof value === 'string' && value.length <= max ? cleanText(value) : undefined
  if (typeof clean === 'string' && clean.length > 0) return { [name]: clean } as { [N in K]?: string }
  say(`${at}/${name}`, 'invalid-type', `must be text of 1 to ${max} characters`, `须为 1 至 ${max} 字的文字`)
  return {}
}

function onlyKnown(body: Body, at: string, names: readonly string[], say: Say): void {
  for (const { pointer, code, message, messageZh } of unknownMembers(body, names, at))
    say(pointer, code, message, messageZh)
}

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
