// Settings that make no sense together, said in both languages.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'

/** @param setting its dotted path below `settings`: whoever mends it is shown the line */
export function nonsense(zh: string, en: string, setting?: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `配置有误：${zh} (settings: ${en})`, {
    sent: false,
    ...(setting === undefined ? {} : { setting }),
  })
}
