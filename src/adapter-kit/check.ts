// `check` as nearly every adapter has it: a question without effect, whose failure is the answer and no exception.

import { AdapterFailure } from './failures.ts'

const WELL = '地址、凭证与时钟有效 (address, credentials and clock accepted)'

/** All is well when the question is answered. */
export async function checkedBy(
  ask: () => Promise<unknown>,
  well = WELL,
): Promise<{ ok: boolean; summary: string }> {
  try {
    await ask()
    return { ok: true, summary: well }
  } catch (error) {
    if (error instanceof AdapterFailure) return { ok: false, summary: error.message }
    throw error
  }
}
