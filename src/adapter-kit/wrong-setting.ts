// Settings that an adapter cannot accept, with the place of the one to mend: whoever configures a city is shown the file,
// the line and what would be right. Must hold no secret: places and sentences only.

import { pointerOf } from '../domain/pointer.ts'
import { AdapterFailure } from './failures.ts'

/**
 * @param setting its dotted path below `settings`, such as `signing.tokenUrl` or
 * `operations.submitCase.send.body.items[0]`
 * @param what what is wrong, in both languages
 * @param example what would be right
 */
export function wrongSetting(
  setting: string,
  what: string,
  example?: string,
  cause?: unknown,
): AdapterFailure {
  const right = example === undefined ? '' : `；例如 (e.g.) ${example}`
  return new AdapterFailure('unrecognised', `${setting}: ${what}${right}`, {
    sent: false,
    setting,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Whatever `make` does not accept is said of a setting below `where`. */
export function below<T>(where: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    const { message, setting } = error
    if (setting === undefined) throw wrongSetting(where, message, undefined, error)
    throw wrongSetting(`${where}.${setting}`, withoutPlace(message, setting), undefined, error)
  }
}

/** The same, said of the place where the setting is really written. */
export function saidOf(setting: string, error: AdapterFailure): AdapterFailure {
  return wrongSetting(setting, withoutPlace(error.message, error.setting ?? ''), undefined, error)
}

const withoutPlace = (message: string, setting: string): string =>
  message.startsWith(`${setting}: `) ? message.slice(setting.length + 2) : message

/** RFC 6901, below the system's own settings. */
export function settingPointer(setting: string): string {
  return pointerOf(setting.split(/[.[\]]+/).filter((part) => part !== ''))
}
