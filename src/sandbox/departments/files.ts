// A department fetches the files of a case itself, by their links, and believes only what it has hashed.
// Repeats a link that does not work; a file that stays broken is written into the books, not passed over.

import { createHash } from 'node:crypto'
import { type Caller, pause } from '../caller.ts'
import type { SentFile, SentMaterial } from './receive.ts'

interface FetchOutcome {
  verified: number
  retries: number
  broken: { file: SentFile; reason: string }[]
}

/** A minute: longer than any restart of a gateway. */
const TRIES = 240
const AT_ONCE = 4
const PAUSE_MS = 250

/** Fetches every file and compares size and SHA-256. Rejects only when the city stops. */
export async function fetchFiles(
  caller: Caller,
  materials: readonly SentMaterial[],
  stopping: AbortSignal,
): Promise<FetchOutcome> {
  const waiting = materials.flatMap((material) => material.files)
  const outcome: FetchOutcome = { verified: 0, retries: 0, broken: [] }
  const clerk = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      await fetchOne(caller, file, outcome, stopping)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, clerk))
  return outcome
}

async function fetchOne(caller: Caller, file: SentFile, outcome: FetchOutcome, stopping: AbortSignal) {
  let reason = ''
  for (let tries = 0; tries < TRIES; tries++) {
    reason = await tryFile(caller, file)
    if (reason === '') {
      outcome.verified++
      return
    }
    outcome.retries++
    await pause(PAUSE_MS, stopping)
  }
  outcome.broken.push({ file, reason })
}

/** Empty when the file is what it was said to be. */
async function tryFile(caller: Caller, file: SentFile): Promise<string> {
  try {
    const answer = await caller.once({ method: 'GET', url: file.url })
    if (answer.status !== 200) return `HTTP ${answer.status}`
    if (answer.body.length !== file.size) return `${answer.body.length} bytes instead of ${file.size}`
    const sha256 = createHash('sha256').update(answer.body).digest('hex')
    return sha256 === file.sha256 ? '' : 'another SHA-256'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
