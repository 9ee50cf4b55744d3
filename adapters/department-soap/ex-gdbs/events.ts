// A department's reported steps to our events. Nothing is guessed: an unknown step or code, a case without a number,
// a limit that is no number of days is 'unrecognised' and waits for a person.

import { hash } from 'node:crypto'
import type { CaseEventType, EventDetail, ExternalEvent } from '../../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { fromLocal } from '../local-time.ts'
import type { ExGdbs } from './complete.ts'
import type { StepRecord } from './info.ts'
import { readMaterials } from './lists.ts'
import { stepFields, stepOf, stepRows } from './steps.ts'

type Fields = StepRecord['fields']

/** @throws AdapterFailure 'unrecognised' */
export function eventsOf(record: StepRecord, settings: ExGdbs, receivedAt: Date): ExternalEvent[] {
  const step = stepOf(record.process)
  const { fields } = record
  const words = wordsOf(step, fields, settings)
  if (words.length === 0) return []
  const caseId = fields.SBLSH
  if (!caseId) throw unrecognised('消息未指明办件 SBLSH (the message names no case)')
  const at = fromLocal(timeOf(step, fields), receivedAt)
  const id = eventId(step, caseId, fields)
  const detail = detailOf(step, fields, words, settings)
  return words.map((type, index) => ({
    id: index === 0 ? id : `${id}:${type}`,
    type,
    at,
    caseId,
    detail,
  }))
}

function wordsOf(step: string, fields: Fields, { approvals }: ExGdbs): readonly CaseEventType[] {
  const decides = Object.hasOwn(stepFields, step) ? stepFields[step]?.decides : undefined
  const value = decides === undefined ? undefined : (fields[decides] ?? '')
  const row = stepRows.find((one) => one.step === step && one.value === value)
  if (!row) {
    const code = [step, value].filter(Boolean).join(' ').slice(0, 40)
    throw unrecognised('环节或状态代码不在对照表中 (the step or its code is not in the table)', code)
  }
  const outcome = fields.SPHJZTDM
  if (step !== 'SPCL' || value !== '3' || !outcome) return row.words
  const decided = Object.hasOwn(approvals, outcome) ? approvals[outcome] : undefined
  if (!decided)
    throw unrecognised(
      'SPHJZTDM 不在 approvals 中 (not among the settings)',
      `SPCL 3 ${outcome.slice(0, 20)}`,
    )
  return [decided]
}

function timeOf(step: string, fields: Fields): string {
  return stepFields[step]?.times.map((name) => fields[name]).find(Boolean) ?? ''
}

/** The same for every repetition: the running number where the step has one, else what it says. */
function eventId(step: string, caseId: string, fields: Fields): string {
  if (fields.XH) return `${caseId}:${step}:${fields.XH.slice(0, 40)}`
  const said = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${caseId}:${step}:${hash('sha256', JSON.stringify(said), 'hex').slice(0, 32)}`
}

const reasons: Readonly<Record<string, readonly string[]>> = {
  WSYSL: ['BSLYY'],
  SL: ['BSLYY'],
  SPCL: ['SPYJ'],
  BJGZ: ['BJGZYY'],
  TBCXSQ: ['TBCXQDLY', 'SQNR'],
  TBCXJG: ['TBCXJG'],
  BJ: ['ZFHTHYY', 'BJJGMS'],
}
const officials: Readonly<Record<string, string>> = { SL: 'BLRXM', SPCL: 'SPRXM', TBCXSQ: 'TBCXPZR' }
/** Kept as they are; none of them tells of a person. */
const kept = [
  'GXDXZQHDM',
  'SPHJMC',
  'SPHJZTDM',
  'TBCXZL',
  'TBCXZLMC',
  'BJJGDM',
  'BJJGMS',
  'ZJYXQX',
  'FZGZDW',
  'SFJE',
  'LQFS',
]

/** Of these a reason would read as a refusal. */
const favourable: ReadonlySet<string> = new Set<CaseEventType>([
  'case.accepted',
  'case.reviewing',
  'case.approved',
  'case.issued',
  'case.closed',
])

function detailOf(
  step: string,
  fields: Fields,
  words: readonly CaseEventType[],
  settings: ExGdbs,
): EventDetail {
  const says = words.some((word) => !favourable.has(word))
  const reason = says ? reasons[step]?.map((name) => fields[name]).find(Boolean) : undefined
  const handledBy = fields[officials[step] ?? '']
  const materials = step === 'BJGZ' ? readMaterials(fields.BJCLQD, settings.materialLists) : undefined
  const more: Record<string, string> = {}
  for (const name of kept) if (fields[name]) more[name] = fields[name]
  const limit = limitOf(step, fields)
  return {
    ...(step === 'SL' && fields.SLHZH ? { reference: fields.SLHZH } : {}),
    ...(reason ? { reason } : {}),
    ...(handledBy ? { handledBy } : {}),
    ...(materials ? { materials } : {}),
    ...(limit ? { limitDays: limit.days } : {}),
    ...(limit?.unit === 'Z' ? { limitUnit: limit.unit } : {}),
    ...resultOf(step, fields, settings),
    more: { step, ...more },
  }
}

const MAX_DAYS = 3650

/** BZSX in working days; TBCXSX in the unit it names: G 工作日 (also when it names none), Z 自然日. */
function limitOf(step: string, fields: Fields): { days: number; unit: 'G' | 'Z' } | undefined {
  const [written, unit] =
    step === 'BJGZ' ? [fields.BZSX, ''] : step === 'TBCXSQ' ? [fields.TBCXSX, fields.TBCXSXDW] : []
  if (!written) return undefined
  const days = /^\d{1,4}$/.test(written) ? Number(written) : 0
  if (days < 1 || days > MAX_DAYS) throw unrecognised('时限不是天数 (the limit is no number of days)')
  if (unit && unit !== 'G' && unit !== 'Z')
    throw unrecognised('时限单位无法识别 (the unit of the limit is not known)')
  return { days, unit: unit === 'Z' ? 'Z' : 'G' }
}

/** What 出证办结 issued. */
function resultOf(step: string, fields: Fields, { resultType }: ExGdbs): Pick<EventDetail, 'result'> {
  const { ZJGZMC: name = '', ZJBH: number = '' } = fields
  if (step !== 'BJ' || fields.BJJGDM !== '0' || (!name && !number)) return {}
  return { result: { type: resultType, name, ...(number ? { number } : {}) } }
}

function unrecognised(what: string, code?: string): AdapterFailure {
  return new AdapterFailure('unrecognised', what, code ? { code } : {})
}
