// What operators are shown, each as the schema of its name in schemas/ has it: the compiler holds the two together. Pure.

import type {
  DeadLetterDocument,
  OverduePaperDocument,
  PauseAct as PauseActDocument,
  SystemState,
} from '../../schemas/types.ts'
import type { System } from '../delivery/systems.ts'
import type { Exactly } from '../http/exactly.ts'
import type { OverduePaper } from '../ledger/custody.ts'
import type { Pause, PauseAct } from '../ledger/pauses.ts'
import type { DeadLetter } from '../ledger/reads.ts'

export function systemState(
  { id, settings, gate }: Pick<System, 'id' | 'settings' | 'gate'>,
  pause: Pause | null,
): Exactly<SystemState> {
  const { title, adapter } = settings
  return { id, title, adapter, gate: gate.state(), pause }
}

export const pauseAct = ({ at, ...act }: PauseAct): Exactly<PauseActDocument> => ({
  at: at.toISOString(),
  ...act,
})

export const deadLetter = ({ createdAt, ...letter }: DeadLetter): Exactly<DeadLetterDocument> => ({
  ...letter,
  createdAt: createdAt.toISOString(),
})

export const overduePaper = ({ at, data, ...paper }: OverduePaper): Exactly<OverduePaperDocument> => ({
  ...paper,
  at: at.toISOString(),
  ...data,
})
