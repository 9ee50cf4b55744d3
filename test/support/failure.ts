// What an adapter was asked for, and what it failed with.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'

/** Null when it did not fail; any other error is the caller's. */
export async function failureOf(asked: Promise<unknown> | undefined): Promise<AdapterFailure | null> {
  try {
    await asked
    return null
  } catch (error) {
    if (error instanceof AdapterFailure) return error
    throw error
  }
}
