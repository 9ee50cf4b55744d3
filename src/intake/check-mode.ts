// The body of a change of mode, with all its faults at once: what the matter offers, the slot, the window's authority.

import { isRecord } from '../adapter-kit/loose-json.ts'
import type { Mode } from '../domain/catalogue.ts'
import { dayInChina } from '../domain/present.ts'
import type { WindowClerk } from '../domain/submission.ts'
import { type FieldError, fieldError } from '../http/field-error.ts'
import { unknownMembers } from '../http/members.ts'
import { problem } from '../http/problems.ts'
import type { Client, Settings } from '../settings/settings.ts'
import { checkAgent, checkClient } from './check-people.ts'
import { type Body, objectOf, optionalText, optionalTime } from './check-requests.ts'

interface ModeChange {
  mode: Mode
  reason: string
  slot?: string
  startsAt?: string
  agent?: WindowClerk
}

interface ModeContext {
  matter: string
  /** Undefined where today's catalogue no longer has the matter. */
  offered: readonly Mode[] | undefined
  halls: Settings['halls']
  client: Client
  now: Date
}

const modes: readonly Mode[] = ['online', 'agent', 'appointment']

/** @throws problem `invalid-request`, or `division-not-allowed` where the hall's division alone is wrong */
export function checkModeChange(raw: unknown, context: ModeContext): ModeChange {
  const body = objectOf(raw)
  const errors: FieldError[] = []
  const mode = modes.find((one) => one === body.mode)
  if (mode === undefined) errors.push(noMode)
  else if (context.offered && !context.offered.includes(mode)) errors.push(notOffered(context, mode))
  const reason = optionalText(body, 'reason', 500, errors)
  if (body.reason === undefined) errors.push(required('/reason', 'a reason is required', '须填写原因'))
  const slot = slotOf(body, mode, errors)
  const agent = agentOf(body, mode, context, errors)
  errors.push(...unknownMembers(body, ['mode', 'reason', 'appointment', 'agent']))
  if (errors.length > 0) {
    const foreign = errors.every(({ code }) => code === 'division-not-allowed')
    throw problem(foreign ? 'division-not-allowed' : 'invalid-request', { errors })
  }
  return { mode: mode!, reason: reason!, ...slot, ...(agent ? { agent } : {}) }
}

function slotOf(
  body: Body,
  mode: Mode | undefined,
  errors: FieldError[],
): Pick<ModeChange, 'slot' | 'startsAt'> {
  const given = member(body, 'appointment', mode, errors)
  if (given === undefined) return {}
  const slot = optionalText(given, 'slot', 128, errors, '/appointment')
  if (given.slot === undefined)
    errors.push(required('/appointment/slot', 'the slot is required', '须填写时段'))
  const startsAt = optionalTime(given, 'at', errors, '/appointment')
  errors.push(...unknownMembers(given, ['slot', 'at'], '/appointment'))
  return { ...(slot ? { slot } : {}), ...(startsAt ? { startsAt } : {}) }
}

function agentOf(
  body: Body,
  mode: Mode | undefined,
  context: ModeContext,
  errors: FieldError[],
): WindowClerk | undefined {
  const given = member(body, 'agent', mode, errors)
  if (given === undefined) return undefined
  const before = errors.length
  const [hall, window, clerk] = (['hall', 'window', 'clerk'] as const).map((name) => {
    if (given[name] === undefined) errors.push(required(`/agent/${name}`, 'is required', '必填'))
    return optionalText(given, name, 100, errors, '/agent')
  })
  errors.push(...unknownMembers(given, ['hall', 'window', 'clerk'], '/agent'))
  if (errors.length > before) return undefined
  const agent = { hall: hall!, window: window!, clerk: clerk! }
  errors.push(...checkWindow(agent, context))
  return agent
}

/** Any hall may take it over that the caller acts for, at a window authorised for the matter. */
function checkWindow(agent: WindowClerk, { matter, halls, client, now }: ModeContext): FieldError[] {
  const division = halls.get(agent.hall)?.division ?? ''
  const cases = [{ matter, mode: 'agent' as const }]
  return [
    ...checkAgent({ mode: 'agent', division, agent }, { cases }, halls, dayInChina(now)),
    ...(division === '' ? [] : checkClient(division, client)),
  ].map((error) => (error.pointer === '/division' ? { ...error, pointer: '/agent/hall' } : error))
}

/** The member that goes with this mode, and with no other. */
function member(
  body: Body,
  name: 'appointment' | 'agent',
  mode: Mode | undefined,
  errors: FieldError[],
): Body | undefined {
  const value = body[name]
  const at = `/${name}`
  if (value === undefined) {
    if (mode === name) errors.push(required(at, `mode ${name} needs it`, '该办理方式须填写'))
    return undefined
  }
  if (mode !== undefined && mode !== name)
    errors.push(fieldError(at, 'invalid-value', `goes with mode ${name} only`, `仅办理方式 ${name} 可填写`))
  if (isRecord(value)) return value
  errors.push(fieldError(at, 'invalid-type', 'must be an object', '须为对象'))
  return undefined
}

const required = (pointer: string, en: string, zh: string): FieldError =>
  fieldError(pointer, 'required', en, zh)

const noMode = fieldError(
  '/mode',
  'invalid-value',
  'must be online, agent or appointment',
  '须为 online（全流程网办）、agent（代收代办）或 appointment（网上预约）',
)

function notOffered({ matter, offered = [] }: ModeContext, mode: Mode): FieldError {
  const list = offered.join(', ')
  return fieldError(
    '/mode',
    'mode-not-offered',
    `Matter ${matter} is not offered in mode ${mode}; offered: ${list}`,
    `事项 ${matter} 不支持办理方式 ${mode}，可选：${list}`,
  )
}
