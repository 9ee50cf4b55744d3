// What an adapter does not accept of a system's settings, before anybody is asked anything.

import { AdapterFailure } from '../../adapter-kit/failures.ts'
import { refusedSettings } from '../../settings/position.ts'
import type { ConfigurationProblem } from '../../settings/problems.ts'
import type { Configured } from './configured.ts'

interface Refusal {
  failure: AdapterFailure
  problem: ConfigurationProblem
}

/** Undefined when it accepts them, or fails by a fault of its own. */
export async function refusal(
  configDir: string,
  { system, manifest }: Configured,
): Promise<Refusal | undefined> {
  try {
    await manifest.create(system.settings).close?.()
    return undefined
  } catch (error) {
    if (!(error instanceof AdapterFailure)) return undefined
    return { failure: error, problem: await refusedSettings(configDir, system.id, error) }
  }
}
