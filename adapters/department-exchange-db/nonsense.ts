// Settings that make no sense together, said in both languages.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'

export function nonsense(zh: string, en: string): AdapterFailure {
  return new AdapterFailure('unrecognised', `配置有误：${zh} (settings: ${en})`, { sent: false })
}
