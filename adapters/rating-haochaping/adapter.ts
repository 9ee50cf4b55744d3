// Speaks with a 好差评 system: tells it of services, hears what applicants say of them. The words are in translate.ts,
// envelope.ts and evaluation.ts. Nothing here rates anything.

import type { Adapter, Attempt, Receipt, ServiceContent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { maskText, personsIn } from '../../src/adapter-kit/masking.ts'
import { check } from './check.ts'
import { unwrapped } from './envelope.ts'
import { acknowledge, eventOf } from './evaluation.ts'
import { say } from './exchange.ts'
import type { HaochapingSettings } from './settings.ts'
import { paramsOf } from './translate.ts'

export function createHaochaping(settings: HaochapingSettings): Adapter {
  return {
    outgoing: {
      // A service is named by projectNo and serviceNumber: pushed again, it is the same one.
      recordService: { send: (service, attempt) => push(settings, service, attempt), honoursKey: true },
    },
    incoming: { read: (message) => ({ events: [eventOf(unwrapped(message, settings))] }), acknowledge },
    check: (attempt) => check(settings, attempt),
  }
}

async function push(
  settings: HaochapingSettings,
  service: ServiceContent,
  attempt: Attempt,
): Promise<Receipt> {
  const { desc, means } = await say(paramsOf(service, settings), settings, attempt)
  if (means === 'done') return {}
  if (means === 'duplicate') return { duplicate: true }
  const told = maskText(desc ?? '', personsIn(service))
  if (means === undefined)
    throw new AdapterFailure('unrecognised', `好差评的回复无法识别 (answer not understood): ${told}`)
  throw new AdapterFailure(means, `好差评 (rating system): ${told}`)
}
