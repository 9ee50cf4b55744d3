// A setting that operations share (answer, and what polling takes over from incoming) is written once,
// elsewhere than where it is found to be wrong: a failure names the place where it is written.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { saidOf } from '../../src/adapter-kit/wrong-setting.ts'

/** @throws what `make` throws, said of the setting as it is written */
export function whereWritten<T>(settings: object, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof AdapterFailure) || error.setting === undefined) throw error
    const { setting } = error
    const shared = [
      setting.replace(/^.+\.(?=answer\.)/, ''),
      setting.replace(/^polling\.event\./, 'incoming.'),
    ]
    const place = [setting, ...shared].find((one) => isWritten(settings, one))
    if (place === undefined || place === setting) throw error
    throw saidOf(place, error)
  }
}

function isWritten(settings: unknown, setting: string): boolean {
  let value = settings
  for (const part of setting.split(/[.[\]]+/).filter((one) => one !== ''))
    value = (value as Record<string, unknown> | null | undefined)?.[part]
  return value !== undefined
}
