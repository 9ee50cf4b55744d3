// One submission lived through decide(), for tests that read as stories. Every state handed to decide is frozen to
// its depth, so a decision that changed its input would throw. Must know no rule of the domain.

import { type Decision, decide, type Rules } from '../../src/domain/decide.ts'
import type {
  DomainEvent,
  ReceivedCase,
  ReceivedMaterial,
  SubmissionReceived,
} from '../../src/domain/events.ts'
import type { Aggregate, Case, Entry, Operation, Parcel, Transfer } from '../../src/domain/submission.ts'

export const SUBMISSION = 'sub_01kb3v5m8q0123456789abcdef'
export const NOW = '2026-11-23T01:00:00.000Z'

/** ISO time `minutes` after NOW. */
export const after = (minutes: number): string => new Date(Date.parse(NOW) + minutes * 60_000).toISOString()

const DAY_MS = 24 * 3_600_000
const carrier = { system: 'ems', customerNumber: '90000001' }

/** Nobody is called back, every county has a contract and no limit runs, unless said otherwise. */
export const rulesWith = (change: Partial<Rules> = {}): Rules => ({
  subscribes: () => false,
  postal: () => carrier,
  limits: () => null,
  certificates: { maxAgeMs: () => DAY_MS, registration: () => null },
  isWorkingDay: (day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()),
  ...change,
})

export const callingBack = rulesWith({ subscribes: () => true })

/** A matter decided by a system of the same name as its code, unless said otherwise. */
export function matter(code: string, change: Partial<ReceivedCase> = {}): ReceivedCase {
  return {
    matter: { code, name: code },
    system: code,
    mode: 'online',
    after: [],
    waitsForAttendance: false,
    paperResult: false,
    ...change,
  }
}

export function material(
  code: string,
  source: ReceivedMaterial['source'],
  change: Partial<ReceivedMaterial> = {},
): ReceivedMaterial {
  return { code, name: code, source, matters: ['licence'], files: [], holdsCase: false, ...change }
}

export const certificate = (code: string, change: Partial<ReceivedMaterial> = {}): ReceivedMaterial =>
  material(code, 'certificate', { certificateType: `type-${code}`, registry: 'registry', ...change })

export function submission(change: Partial<SubmissionReceived> = {}): SubmissionReceived {
  return {
    type: 'submission.received',
    submissionId: SUBMISSION,
    externalId: 'KF0001',
    platform: 'platform',
    client: 'city-platform',
    theme: 'open-restaurant',
    mode: 'online',
    division: '410204',
    homeDivision: '410221',
    catalogueVersion: 'v1',
    post: { collect: true, deliver: true },
    cases: [matter('licence')],
    materials: [],
    ...change,
  }
}

export interface Life {
  readonly state: Aggregate
  readonly entries: readonly Entry[]
  tell(event: DomainEvent, now?: string): Decision
  /** The department of the case reports. */
  report(
    code: string,
    event: (DomainEvent & { type: 'case.reported' })['event'],
    change?: Partial<DomainEvent & { type: 'case.reported' }>,
  ): Decision
  /** The oldest open transfer of this operation is delivered. */
  deliver(operation: Operation, receipt?: (DomainEvent & { type: 'transfer.delivered' })['receipt']): Decision
  case(code: string): Case
  /** Open and settled ones since the beginning. */
  transfers(operation: Operation): Transfer[]
  open(operation: Operation): Transfer | undefined
  parcels(direction: Parcel['direction']): Parcel[]
  /** Types of all entries so far. */
  told(): string[]
}

export function begin(received: SubmissionReceived = submission(), rules: Rules = rulesWith()): Life {
  const first = decide(null, frozen(received), NOW, rules)
  let state = frozen(first.aggregate)
  const entries = [...first.entries]

  function tell(event: DomainEvent, now = after(entries.length)): Decision {
    const decision = decide(state, frozen(event), now, rules)
    state = frozen(decision.aggregate)
    entries.push(...decision.entries)
    return decision
  }
  const find = (code: string): Case => state.cases.find((one) => one.matter.code === code)!
  const open = (operation: Operation): Transfer | undefined =>
    state.transfers.find((one) => one.operation === operation && ['held', 'due', 'dead'].includes(one.state))

  return {
    get state() {
      return state
    },
    entries,
    tell,
    report(code, event, change = {}) {
      const at = change.at ?? after(entries.length)
      const { id: caseId, system } = find(code)
      // It is told at once, or now where it happened before.
      const now = Date.parse(at) > Date.parse(after(entries.length)) ? at : after(entries.length)
      return tell(
        { type: 'case.reported', caseId, event, system, detail: {}, ...change, at },
        new Date(now).toISOString(),
      )
    },
    deliver: (operation, receipt = {}) =>
      tell({ type: 'transfer.delivered', transferId: open(operation)!.id, receipt }),
    case: find,
    transfers: (operation) => state.transfers.filter((one) => one.operation === operation),
    open,
    parcels: (direction) => state.parcels.filter((one) => one.direction === direction),
    told: () => entries.map((one) => one.type),
  }
}

const known = new WeakSet<object>()

/** Freezes what is reachable; parts already frozen are not walked again. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || known.has(value)) return value
  known.add(value)
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}
