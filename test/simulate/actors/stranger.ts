// Whoever tells what cannot be: of parts that are not there, in another's name. Nothing may come of it.

import type { DomainEvent } from '../../../src/domain/events.ts'
import { pick } from '../../../src/sandbox/random.ts'
import { law } from '../law.ts'
import { iso, known, newKey, tell, type World } from '../world.ts'
import type { Actor } from './index.ts'

export const stranger: Actor = {
  name: 'stranger',
  weight: 1,
  tells: [
    'case.reported',
    'case.supplement-received',
    'case.withdrawal-asked',
    'clock.rang',
    'appointment.reported',
    'case.mode-asked',
    'case.rated',
    'material.handed-over',
    'material.received',
    'submission.redone',
    'certificate.overdue',
    'callbacks.replayed',
    'parcel.reported',
    'transfer.delivered',
    'transfer.revived',
  ],
  act(world) {
    if (world.calm || world.random() >= world.faults.strangers) return false
    const event = pick(world.random, nonsense)(world)
    const outcome = tell(world, event, newKey(world, 'stranger'))
    law(outcome !== 'applied' && outcome !== 'noted', 'a stranger changes nothing', () =>
      JSON.stringify(event),
    )
    return true
  },
}

const nobody = 'case_nobody'

const nonsense: readonly ((world: World) => DomainEvent)[] = [
  (world) => reported(world, nobody, 'market'),
  (world) => reported(world, known(world).cases[0]!.id, 'nobody'),
  () => ({ type: 'case.supplement-received', caseId: nobody, materials: [] }),
  () => ({ type: 'case.withdrawal-asked', caseId: nobody, reason: '' }),
  () => ({ type: 'clock.rang', caseId: nobody }),
  (world) => ({ type: 'appointment.reported', caseId: nobody, outcome: 'attended', at: iso(world.now) }),
  () => ({
    type: 'case.mode-asked',
    caseId: nobody,
    mode: 'online',
    reason: '',
    waitsForAttendance: false,
  }),
  (world) => ({
    type: 'case.rated',
    caseId: known(world).cases[0]!.id,
    system: 'nobody',
    service: 1,
    evaluation: { satisfaction: 5, at: iso(world.now) },
  }),
  (world) => ({
    type: 'material.handed-over',
    papers: [{ material: 'nothing' }],
    from: { kind: 'applicant' },
    to: { kind: 'window' },
    at: iso(world.now),
    by: 'client:nobody',
  }),
  (world) => ({
    type: 'material.received',
    caseId: known(world).cases[0]!.id,
    at: iso(world.now),
    system: 'nobody',
  }),
  () => ({ type: 'submission.redone', by: 'sub_x', externalId: 'x', matters: ['nothing'], over: [] }),
  () => ({ type: 'certificate.overdue', transferId: 'trf_nobody' }),
  () => ({ type: 'callbacks.replayed', system: 'nobody', events: [], by: '', reason: '' }),
  (world) => ({
    type: 'parcel.reported',
    parcelId: known(world).parcels[0]?.id ?? 'par_nobody',
    eventId: 'x',
    event: 'parcel.delivered',
    at: iso(world.now),
    system: 'nobody',
    detail: {},
  }),
  () => ({ type: 'transfer.delivered', transferId: 'trf_nobody', receipt: {} }),
  () => ({ type: 'transfer.revived', transferId: 'trf_nobody', by: '', reason: '' }),
]

function reported(world: World, caseId: string, system: string): DomainEvent {
  return { type: 'case.reported', caseId, event: 'case.closed', at: iso(world.now), system, detail: {} }
}
