// What cannot be said in the form that is wanted.

import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'

/** Nothing was sent. */
export function unfit(what: string): AdapterFailure {
  return new AdapterFailure('unrecognised', what, { sent: false })
}
