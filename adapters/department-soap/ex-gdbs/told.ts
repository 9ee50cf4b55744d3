// Our events as the steps that a department or an exchange hub is told: the other way round of steps.ts, with the same
// published names. What no step says is a failure or, where it is only part of what an event type tells, passed over.

import { toLocal } from '../../../src/adapter-kit/beijing-time.ts'
import type { CaseEventType, EventDetail, NotifyContent } from '../../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import type { ExGdbs } from './complete.ts'
import type { StepRecord } from './info.ts'
import { writeAsked } from './lists.ts'
import { PREFIX } from './steps.ts'

type Fields = Readonly<Record<string, string | undefined>>

interface ToldStep {
  step: string
  /** The field that holds the time. */
  time: string
  /** Its code, and further codes. */
  codes?: Fields
  /** The field that holds the reason. */
  reason?: string
  /** What only this event tells. */
  more?(data: Data, settings: ExGdbs): Fields
}

/** Members of an event's data that a step has a field for. */
interface Data extends Pick<EventDetail, 'reason' | 'materials' | 'limitDays'> {
  caseId?: string
  reference?: string
  /** What was issued; of a hand-over, the matter whose result it is. */
  result?: string | { name?: string; number?: string }
  from?: { kind?: string }
  to?: { kind?: string }
}

const preAccepted: ToldStep = { step: 'WSYSL', time: 'YSLSJ', codes: { YSLZTDM: '1' } }
const closed = (code: string): ToldStep => ({
  step: 'BJ',
  time: 'BJSJ',
  codes: { BJJGDM: code },
  reason: 'BJJGMS',
})

/** By event type; SPHJZTDM and LQFS have no published list. */
const toldSteps: Readonly<Record<string, ToldStep>> = {
  'case.dispatched': preAccepted,
  'case.pre-review-returned': { ...preAccepted, codes: { YSLZTDM: '3' }, reason: 'BSLYY' },
  'case.accepted': {
    step: 'SL',
    time: 'SLSJ',
    codes: { SLZTDM: '1' },
    more: ({ reference }) => ({ SLHZH: reference }),
  },
  'case.rejected': { step: 'SL', time: 'SLSJ', codes: { SLZTDM: '2' }, reason: 'BSLYY' },
  'case.reviewing': { step: 'SPCL', time: 'SPSJ', codes: { SPHJDM: '2' }, reason: 'SPYJ' },
  'case.approved': decided('case.approved', '1'),
  'case.denied': decided('case.denied', '2'),
  'case.correction-requested': {
    step: 'BJGZ',
    time: 'BJGZSJ',
    reason: 'BJGZYY',
    more: ({ materials = [], limitDays }, { materialLists }) => ({
      BJCLQD: writeAsked(materials, materialLists),
      BZSX: limitDays?.toString(),
    }),
  },
  'case.supplemented': { step: 'BJSL', time: 'BJSJ' },
  'case.special-procedure-started': {
    step: 'TBCXSQ',
    time: 'TBCXKSRQ',
    reason: 'SQNR',
    more: ({ limitDays }) => (limitDays === undefined ? {} : { TBCXSX: limitDays.toString(), TBCXSXDW: 'G' }),
  },
  'case.special-procedure-ended': { step: 'TBCXJG', time: 'TBCXJSRQ', reason: 'TBCXJG' },
  'case.issued': {
    ...closed('0'),
    more: ({ result }) => (typeof result === 'object' ? { ZJGZMC: result.name, ZJBH: result.number } : {}),
  },
  'case.withdrawn': closed('1'),
  'case.terminated': closed('2'),
  'case.closed': closed('6'),
  'material.handed-over': {
    step: 'LQDJ',
    time: 'LQSJ',
    more: ({ from }) => ({ LQFS: from?.kind === 'carrier' ? '8' : '0' }),
  },
}

function decided(type: CaseEventType, usual: string): ToldStep {
  return {
    step: 'SPCL',
    time: 'SPSJ',
    codes: { SPHJDM: '3' },
    reason: 'SPYJ',
    more: (_, { approvals }) => ({
      SPHJZTDM: Object.keys(approvals).find((code) => approvals[code] === type) ?? usual,
    }),
  }
}

/** The steps that come more than once in a case, and so have a number. */
const numbered: ReadonlySet<string> = new Set(['BJGZ', 'BJSL', 'TBCXSQ', 'TBCXJG'])

/**
 * Undefined for a hand-over of anything but a result to its applicant: 领证 is the only one that has a step.
 * @throws AdapterFailure 'unrecognised', not sent, for an event that no step tells
 */
export function toldStep(content: NotifyContent, settings: ExGdbs): StepRecord | undefined {
  const { type, time, sequence } = content
  const row = Object.hasOwn(toldSteps, type) ? toldSteps[type] : undefined
  const data: Data = content.data
  const { caseId } = data
  if (!row || !caseId) throw untold(type)
  if (row.step === 'LQDJ' && !(data.result !== undefined && data.to?.kind === 'applicant')) return undefined
  const fields: Fields = {
    SBLSH: caseId,
    ...(numbered.has(row.step) ? { XH: sequence.replace(/^0+(?=.)/, '') } : {}),
    ...row.codes,
    ...row.more?.(data, settings),
    ...(row.reason ? { [row.reason]: data.reason } : {}),
    [row.time]: toLocal(new Date(time)),
  }
  return { process: PREFIX + row.step, fields: filled(fields) }
}

const filled = (fields: Fields): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
  )

function untold(type: string): AdapterFailure {
  const what = `事件 ${type} 没有对应的步骤，请从 subscribes 中去掉 (no step tells it: leave it out of subscribes)`
  return new AdapterFailure('unrecognised', what, { sent: false, code: type })
}
