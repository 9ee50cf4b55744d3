// Departments: each desk takes a case through its course and reports, in order or not, late, twice, never, or what no
// course knows. In the end every case that it has is decided.

import type { CaseEvent, CaseState } from '../../../src/domain/case-states.ts'
import { caseEvents, leadsTo, settledStates } from '../../../src/domain/case-states.ts'
import type { EventDetail } from '../../../src/domain/events.ts'
import type { Case } from '../../../src/domain/submission.ts'
import { between, pick } from '../../../src/sandbox/random.ts'
import { type Desk, deskOf, iso, known, newKey, type Report, tell, type World } from '../world.ts'
import type { Actor } from './index.ts'

const MINUTE = 60_000

/** What may come next at a desk; what is likelier stands there more often. */
const course: Partial<Record<CaseState, readonly CaseEvent[]>> = {
  dispatched: [
    ...Array.from({ length: 6 }, () => 'case.accepted' as const),
    'case.rejected',
    'case.pre-review-returned',
    'case.correction-requested',
  ],
  'pre-review-returned': ['case.rejected', 'case.accepted'],
  accepted: [
    'case.reviewing',
    'case.reviewing',
    'case.approved',
    'case.approved',
    'case.correction-requested',
    'case.special-procedure-started',
    'case.denied',
  ],
  'correction-requested': [
    'case.terminated',
    'case.accepted',
    'case.reviewing',
    'case.special-procedure-started',
  ],
  'special-procedure': ['case.special-procedure-ended'],
  reviewing: ['case.approved', 'case.approved', 'case.approved', 'case.denied', 'case.correction-requested'],
  approved: ['case.issued', 'case.issued', 'case.closed'],
  issued: ['case.closed'],
  denied: ['case.closed'],
  rejected: ['case.closed'],
  withdrawn: ['case.withdrawn', 'case.closed'],
  terminated: ['case.closed'],
}

/** At these the desk waits for the applicant, mostly. */
const patient: ReadonlySet<CaseState> = new Set(['pre-review-returned', 'correction-requested'])

export const department: Actor = {
  name: 'department',
  weight: 8,
  tells: ['case.reported'],
  act(world) {
    const { cases } = known(world)
    if (world.calm) return cases.some((one) => conclude(world, one))
    const one = pick(world.random, cases)
    return work(world, one, deskOf(world, one.id))
  },
}

function work(world: World, one: Case, desk: Desk): boolean {
  const { random, faults } = world
  if (desk.outbox.length > 0 && random() < 0.5) {
    const at = random() < faults.shuffled ? between(random, 0, desk.outbox.length - 1) : 0
    report(world, one, desk, desk.outbox.splice(at, 1)[0]!)
    return true
  }
  if (desk.sent.length > 0 && random() < faults.repeated) {
    const again = pick(random, desk.sent)
    report(world, one, desk, random() < 0.5 ? again : { ...again, key: newKey(world, one.system) })
    return true
  }
  const event = nextOf(world, desk)
  if (!event) return false
  const target = leadsTo[event]
  desk.state = target === 'resume' ? 'accepted' : target
  if (random() < faults.silent) return true
  const lateMs = random() < faults.delayed ? between(random, 0, 3 * 24 * 60) * MINUTE : 0
  const said = {
    key: newKey(world, one.system),
    event,
    at: iso(world.now - lateMs),
    detail: detailOf(world, one, event),
  }
  if (random() < faults.delayed) desk.outbox.push(said)
  else report(world, one, desk, said)
  return true
}

function nextOf({ random, faults }: World, desk: Desk): CaseEvent | undefined {
  if (random() < faults.chaos) return pick(random, caseEvents)
  if (!desk.taken || (patient.has(desk.state) && random() < 0.8)) return undefined
  const list = course[desk.state]
  return list && pick(random, list)
}

function report(world: World, one: Case, desk: Desk, said: Report): void {
  const { key, event, at, detail } = said
  if (world.faults.repeated > 0 && desk.sent.length < 8) desk.sent.push(said)
  tell(world, { type: 'case.reported', caseId: one.id, event, at, system: one.system, detail }, key)
}

function detailOf({ random }: World, one: Case, event: CaseEvent): EventDetail {
  const reference = random() < 0.5 ? { reference: `no-${one.id}` } : {}
  switch (event) {
    case 'case.correction-requested':
    case 'case.pre-review-returned': {
      const materials = [{ code: pick(random, ['d1', 'd2', 'x1']), reason: 'unclear' }]
      return {
        ...reference,
        reason: 'unclear',
        ...(random() < 0.9 ? { materials } : {}),
        limitDays: between(random, 1, 30),
        ...unitOf(random),
      }
    }
    case 'case.special-procedure-started':
      if (random() < 0.5) return reference
      return { ...reference, limitDays: between(random, 1, 60), ...unitOf(random) }
    case 'case.approved':
    case 'case.issued':
    case 'case.closed': {
      const result = {
        type: pick(random, ['electronic', 'electronic', 'paper'] as const),
        name: 'licence',
        ...(random() < 0.8 ? { number: '1' } : {}),
        ...(random() < 0.2 ? { certificateType: pick(random, ['id', 'licence']) } : {}),
      }
      return {
        ...reference,
        ...(random() < 0.6 ? { result } : {}),
        ...(random() < 0.3 ? { reason: 'granted' } : {}),
      }
    }
    case 'case.denied':
    case 'case.rejected':
    case 'case.terminated':
      return { ...reference, reason: 'no' }
    default:
      return reference
  }
}

/** Mostly departments count in working days without saying so. */
function unitOf(random: World['random']): Pick<EventDetail, 'limitUnit'> {
  const kind = random()
  return kind < 0.6 ? {} : { limitUnit: kind < 0.8 ? 'G' : 'Z' }
}

/** Tells what is still to be told, then decides the case, once it is with a department. */
function conclude(world: World, one: Case): boolean {
  const desk = deskOf(world, one.id)
  const said = desk.outbox.shift()
  if (said) report(world, one, desk, said)
  else if (one.state === 'pending' || settledStates.has(one.state)) return false
  else {
    const event = one.state !== 'approved' && world.random() < 0.3 ? 'case.denied' : 'case.issued'
    const detail = detailOf(world, one, event)
    world.now += MINUTE
    report(world, one, desk, { key: newKey(world, one.system), event, at: iso(world.now), detail })
  }
  return true
}
