// What is wrong with the engine of the queues, in words for whoever runs it: ioredis tells of its own options instead.

import { isPassing } from '../ledger/database.ts'

/** The engine answers and takes nothing: out of memory or disk, a replica since a fail-over, still reading its data. */
export class QueuesRefuse extends Error {}

export const isRefusal = ({ name }: Error): boolean => name === 'ReplyError'

/** A replica that was the master until now: where the name or address has moved on, a new connection finds the new one. */
export const leadsElsewhere = ({ message }: Error): boolean => message.startsWith('READONLY')

const SILENT = /^(Command timed out|Socket timeout)/
const CLOSED = /^(Connection is closed|Stream isn't writeable|Reached the max retries per request)/

/** Null where it is not the engine's doing. */
function sentenceOf(error: Error): string | null {
  if (isRefusal(error)) return `Redis refuses · Redis 拒绝执行: ${error.message}`
  if (SILENT.test(error.message)) return 'Redis does not answer · Redis 无应答'
  if (CLOSED.test(error.message)) return 'Redis cannot be reached · 无法连接 Redis'
  return null
}

/** The same fault in our words, where they are clearer. */
export function inOurWords(error: Error): Error {
  const sentence = sentenceOf(error)
  return sentence === null ? error : new Error(sentence, { cause: error })
}

/** Nobody's mistake: the engine is away, silent or takes nothing at present. */
export const isEngineAway = (error: unknown): boolean =>
  error instanceof Error && (sentenceOf(error) !== null || isPassing(error))
