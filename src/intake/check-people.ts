// Who submits, where and for whom: applicant, client, window (充分授权) and slot. What is submitted is checked elsewhere.

import type { CanonicalSubmission } from '../../schemas/types.ts'
import { covers, mayCollect, type Window } from '../domain/authority.ts'
import type { Catalogue, Mode } from '../domain/catalogue.ts'
import { fromTheFuture } from '../domain/future.ts'
import type { Plan } from '../domain/plan.ts'
import { type FieldError, fieldError, noFaults } from '../http/field-error.ts'
import type { Client, Hall } from '../settings/settings.ts'
import { RESIDENT_ID, USCC } from './normalise/index.ts'

/** The applicant against the theme, and the kind of number against the kind of applicant. */
export function checkApplicant(
  { applicant, theme }: CanonicalSubmission,
  catalogue: Catalogue,
): FieldError[] {
  const wanted = catalogue.themes.get(theme)?.applicant ?? 'any'
  const errors: FieldError[] = []
  if (wanted !== 'any' && wanted !== applicant.type) errors.push(wrongApplicant[wanted])
  const mismatch = applicant.type === 'person' ? USCC : RESIDENT_ID
  if (applicant.idType === mismatch) errors.push(wrongIdType)
  return errors
}

/** A client may submit in its own divisions only; code `division-not-allowed`, to be answered with 403. */
export function checkClient(division: string, client: Client): FieldError[] {
  const allowed = client.divisions.includes('*') || client.divisions.includes(division)
  return allowed ? [] : [notItsDivision]
}

/** Agent mode needs a window that is authorised, on that day, for each matter handled in it. `today` is yyyy-MM-dd. */
export function checkAgent(
  submission: Pick<CanonicalSubmission, 'mode' | 'division' | 'agent'>,
  plan: { cases: readonly Pick<Plan['cases'][number], 'matter' | 'mode'>[] },
  halls: ReadonlyMap<string, Hall>,
  today: string,
): FieldError[] {
  const matters = plan.cases.filter((one) => one.mode === 'agent').map((one) => one.matter)
  const { agent } = submission
  if (matters.length === 0 && (submission.mode !== 'agent' || plan.cases.length > 0)) return []
  if (agent === undefined) return [agentMissing]
  const hall = halls.get(agent.hall)
  if (hall === undefined) return [unknownHall]
  const errors = hall.division === submission.division ? [] : [hallElsewhere]
  return [...errors, ...checkWindow(hall, agent.window, matters, today)]
}

/** A result is collected at a hall that there is, where it is collected at one. */
export function checkReturnHall(
  { delivery }: Pick<CanonicalSubmission, 'delivery'>,
  halls: ReadonlyMap<string, Hall>,
): readonly FieldError[] {
  const { by, hall } = delivery?.return ?? {}
  if (hall === undefined) return noFaults
  if (by !== 'hall') return [noHallToCollectAt]
  return halls.has(hall) ? noFaults : [unknownReturnHall]
}

/**
 * The matters that the window may not collect on that day, each with its reason; `unknown-window` where there
 * is none.
 */
export function checkWindow(
  hall: Hall,
  code: string,
  matters: readonly string[],
  today: string,
): FieldError[] {
  const window = hall.windows.find((one) => one.code === code)
  if (window === undefined) return [unknownWindow]
  return matters
    .filter((matter) => !mayCollect(window, matter, today))
    .map((matter) => withoutAuthority(hall, window, matter, today))
}

/** Appointment mode needs a slot. */
export function checkAppointment(submission: CanonicalSubmission, plan: Plan): FieldError[] {
  const booked = plan.cases.some((one) => one.mode === 'appointment')
  const needed = booked || (submission.mode === 'appointment' && plan.cases.length === 0)
  return needed && submission.appointment === undefined ? [appointmentMissing] : []
}

/** A window and a slot are believed only where a case goes that way: nobody has looked at them otherwise. */
export function checkUnexpected(
  { agent, appointment }: CanonicalSubmission,
  { cases, problems }: Plan,
): FieldError[] {
  if (cases.length === 0 || problems.length > 0) return []
  const goes = (mode: Mode) => cases.some((one) => one.mode === mode)
  return [
    ...(agent !== undefined && !goes('agent') ? [agentUnexpected] : []),
    ...(appointment !== undefined && !goes('appointment') ? [appointmentUnexpected] : []),
  ]
}

/** What a window says it verified, it has verified already. */
export function checkVerifiedTimes({ agent }: CanonicalSubmission, now: Date): FieldError[] {
  return (agent?.verified ?? []).flatMap(({ at }, i) => {
    const ahead = fromTheFuture(at, now.toISOString())?.refused
    return ahead ? [fieldError(`/agent/verified/${i}/at`, 'from-the-future', ahead.en, ahead.zh)] : []
  })
}

const wrongApplicant = {
  person: fieldError(
    '/applicant/type',
    'applicant-not-allowed',
    'This theme is for natural persons only',
    '该主题仅限自然人申请',
  ),
  organisation: fieldError(
    '/applicant/type',
    'applicant-not-allowed',
    'This theme is for organisations only',
    '该主题仅限法人或其他组织申请',
  ),
}
const wrongIdType = fieldError(
  '/applicant/idType',
  'id-type-wrong',
  'A person has no unified social credit code, an organisation no identity card',
  '证件类型与申请人类型不符：自然人不用统一社会信用代码，单位不用身份证',
)
const notItsDivision = fieldError(
  '/division',
  'division-not-allowed',
  'The caller may not submit in this division',
  '调用方无权在该行政区划收件',
)
const agentMissing = fieldError(
  '/agent',
  'agent-missing',
  'Agent mode needs hall, window and clerk',
  '代收代办须填写大厅、窗口和工作人员',
)
const agentUnexpected = fieldError(
  '/agent',
  'agent-unexpected',
  'No matter of this submission goes through a window: leave agent out, or choose mode agent for a matter that offers it',
  '本次申办没有代收代办的事项：请勿填写 agent，或为支持代收代办的事项选择该方式',
)
const unknownHall = fieldError('/agent/hall', 'unknown-hall', 'There is no such hall', '没有该大厅')
const unknownReturnHall = fieldError(
  '/delivery/return/hall',
  'unknown-hall',
  'There is no such hall',
  '没有该大厅',
)
const noHallToCollectAt = fieldError(
  '/delivery/return/hall',
  'not-allowed',
  'A hall is named only with by: hall',
  '仅 by 为 hall 时可填写领取大厅',
)
const hallElsewhere = fieldError(
  '/agent/hall',
  'hall-elsewhere',
  'The hall is not in the division of the submission',
  '该大厅不在收件地行政区划内',
)
const unknownWindow = fieldError(
  '/agent/window',
  'unknown-window',
  'The hall has no such window',
  '该大厅没有此窗口',
)
const appointmentMissing = fieldError(
  '/appointment',
  'appointment-missing',
  'Appointment mode needs a slot',
  '网上预约须选定时段',
)
const appointmentUnexpected = fieldError(
  '/appointment',
  'appointment-unexpected',
  'No matter of this submission is by appointment: leave appointment out, or choose mode appointment for a matter that offers it',
  '本次申办没有网上预约的事项：请勿填写 appointment，或为支持预约的事项选择该方式',
)
/** Other periods in which it may, or might have, are said: a clerk then knows whom to ask. */
function withoutAuthority(hall: Hall, window: Window, matter: string, today: string): FieldError {
  const periods = window.authorisations.filter((one) => covers(one, matter))
  const [en, zh] = [
    `Window ${window.code} of hall ${hall.code}`,
    `大厅 ${hall.code} 的 ${window.code} 号窗口`,
  ]
  if (periods.length === 0) {
    return fieldError(
      '/agent/window',
      'window-not-authorised',
      `${en} is not authorised to collect matter ${matter}`,
      `${zh}未获授权收取事项 ${matter}`,
    )
  }
  const listed = (word: string, mark: string): string =>
    periods.map(({ from, to }) => `${from} ${word} ${to}`).join(mark)
  return fieldError(
    '/agent/window',
    'window-not-in-force',
    `${en} is authorised to collect matter ${matter} from ${listed('to', ' and ')}, not on ${today}`,
    `${zh}收取事项 ${matter} 的授权期限为 ${listed('至', '、')}，${today} 不在期限内`,
  )
}
