// China Post EMS in the generation that the settings name. Each has a file of its own; nothing is decided here.

import type { Adapter } from '../../src/adapter-kit/contract.ts'
import { createGen15 } from './gen1-5/adapter.ts'
import { createGen2 } from './gen2/adapter.ts'
import { createOpenApi } from './open-api.ts'
import type { EmsSettings } from './settings.ts'

/** An EMS system. @throws AdapterFailure 'unrecognised' for settings that make no sense together. */
export function createPostalEms(settings: EmsSettings): Adapter {
  if (settings.profile === 'gen2-xml') return createGen2(settings)
  if (settings.profile === 'gen1-5') return createGen15(settings)
  return createOpenApi(settings)
}
