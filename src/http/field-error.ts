// One fault of one field, in both languages: the shape of every `errors` list the gateway answers with.
// No logic beyond making one; which faults exist is decided where they are found.

import { pointerPart } from '../domain/pointer.ts'
import type { Listed } from '../settings/many-errors.ts'
import type { FaultCode } from './fault-codes.ts'

/**
 * `pointer` is an RFC 6901 JSON Pointer into the request body; '' is the whole body. `/query/<name>` is a
 * parameter of the query, `/path/<name>` one of the path, and `<file>#<pointer>` a place in a file of the
 * configuration. Clients may switch on the code.
 */
export interface FieldError extends Listed<FaultCode> {
  pointer: string
  message: string
  messageZh: string
}

/** What most checks find. */
export const noFaults: readonly FieldError[] = Object.freeze([])

/** One list of several that are nearly always empty. */
export function allOf(lists: readonly (readonly FieldError[])[]): readonly FieldError[] {
  return lists.every((list) => list.length === 0) ? noFaults : lists.flat()
}

export function fieldError(pointer: string, code: FaultCode, message: string, messageZh: string): FieldError {
  return { pointer, code, message, messageZh }
}

/** Appends one key to a JSON Pointer (RFC 6901: `~` and `/` are escaped). */
export function at(pointer: string, key: string | number): string {
  return `${pointer}/${pointerPart(key)}`
}
