// The body that tells of a hand-over, checked with all faults at once. Whether it can have been is the domain's to say.

import { isRecord } from '../adapter-kit/loose-json.ts'
import { type Keeper, type KeeperKind, keeperKinds } from '../domain/paper.ts'
import type { PaperName } from '../domain/papers.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { unknownMembers } from '../http/members.ts'
import { problem } from '../http/problems.ts'
import type { Settings } from '../settings/settings.ts'
import { type Body, objectOf, optionalText, optionalTime } from './check-requests.ts'
import { cleanText } from './normalise/index.ts'

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

const MOST_PAPERS = 200
const known = ['materials', 'results', 'from', 'to', 'at', 'place', 'waybill', 'note']

/** Throws `invalid-request` with every fault. */
export function checkHandOver(raw: unknown, context: CustodyContext): HandOverBody {
  const body = objectOf(raw)
  const errors = unknownMembers(body, known)
  const materials = codes(body, 'materials', errors).map((material): PaperName => ({ material }))
  const papers = [...materials, ...codes(body, 'results', errors).map((result): PaperName => ({ result }))]
  if (papers.length === 0 && errors.length === 0)
    errors.push(
      fieldError('/materials', 'required', 'name at least one material or result', '至少填写一份材料或结果'),
    )
  const from = keeper(body.from, '/from', context, errors)
  const to = keeper(body.to, '/to', context, errors)
  const at = optionalTime(body, 'at', errors)
  const more = {
    ...text(body, 'place', 200, errors),
    ...text(body, 'waybill', 40, errors),
    ...text(body, 'note', 500, errors),
  }
  if (errors.length > 0) throw problem('invalid-request', { errors })
  return { papers, from, to, ...(at ? { at } : {}), ...more }
}

function codes(body: Body, name: 'materials' | 'results', errors: FieldError[]): string[] {
  const list = body[name] ?? []
  const fits =
    Array.isArray(list) &&
    list.length <= MOST_PAPERS &&
    list.every((one) => typeof one === 'string' && /^[\w.-]{1,64}$/.test(one)) &&
    new Set(list).size === list.length
  if (fits) return list
  errors.push(
    fieldError(
      `/${name}`,
      'invalid-type',
      `must list up to ${MOST_PAPERS} codes, each once`,
      `须为不重复的编码列表，最多 ${MOST_PAPERS} 个`,
    ),
  )
  return []
}

const nobody: Keeper = { kind: 'applicant' }

function keeper(value: unknown, at: string, context: CustodyContext, errors: FieldError[]): Keeper {
  if (!isRecord(value) || !keeperKinds.includes(value.kind as KeeperKind)) {
    errors.push(
      fieldError(
        isRecord(value) ? `${at}/kind` : at,
        'invalid-value',
        `kind must be one of ${keeperKinds.join(', ')}`,
        `kind 须为 ${keeperKinds.join('、')} 之一`,
      ),
    )
    return nobody
  }
  const kind = value.kind as KeeperKind
  errors.push(...unknownMembers(value, ['kind', 'person', ...places[kind]], at))
  const person = text(value, 'person', 60, errors, at)
  if (kind === 'window') return { kind, ...windowOf(value, at, context, errors), ...person }
  if (kind === 'applicant') return { kind, ...(person.person ? { person: shortened(person.person) } : {}) }
  return { kind, ...systemOf(value, at, context, errors), ...person }
}

const places: Record<KeeperKind, readonly string[]> = {
  applicant: [],
  window: ['hall', 'window'],
  carrier: ['system'],
  department: ['system'],
}

/** Of a citizen only the family name is kept: 张** */
const shortened = (name: string): string => `${[...name][0]}**`

function windowOf(
  value: Body,
  at: string,
  { halls, agent }: CustodyContext,
  errors: FieldError[],
): Partial<Keeper> {
  const { hall = agent?.hall, window = value.hall === undefined ? agent?.window : undefined } = value
  if (typeof hall !== 'string') {
    errors.push(fieldError(`${at}/hall`, 'required', 'the hall is required', '缺少大厅编码'))
    return {}
  }
  const place = halls.get(hall)
  if (!place) errors.push(fieldError(`${at}/hall`, 'unknown-hall', 'There is no such hall', '没有该大厅'))
  else if (!place.windows.some(({ code }) => code === window))
    errors.push(
      fieldError(`${at}/window`, 'unknown-window', 'The hall has no such window', '该大厅没有此窗口'),
    )
  return { hall, ...(typeof window === 'string' ? { window } : {}) }
}

function systemOf(
  value: Body,
  at: string,
  { systems }: CustodyContext,
  errors: FieldError[],
): Partial<Keeper> {
  const { system } = value
  if (system === undefined) return {}
  if (typeof system === 'string' && systems.has(system)) return { system }
  errors.push(fieldError(`${at}/system`, 'unknown-system', 'There is no such system', '未接入该系统'))
  return {}
}

function text<K extends string>(
  body: Body,
  name: K,
  max: number,
  errors: FieldError[],
  at = '',
): { [N in K]?: string } {
  const given = optionalText(body, name, max, errors, at)
  const clean = given === undefined ? undefined : cleanText(given)
  return typeof clean === 'string' ? ({ [name]: clean } as { [N in K]?: string }) : {}
}
