// The reports of a department with an inbox: `{ "events": [ … ] }` in the contract's own words, checked field by field.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { caseEventTypes, type ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'

const text = (most: number) => ({ type: 'string', minLength: 1, maxLength: most })

/** So many of a message: each costs the process that checks them. */
const MOST_EVENTS = 500
/** So many faults are named; of the rest it is said that there are more. */
const MOST_FAULTS = 100

const envelope = {
  type: 'object',
  additionalProperties: false,
  required: ['events'],
  properties: { events: { type: 'array', minItems: 1, maxItems: MOST_EVENTS } },
}

const oneEvent = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'type', 'at', 'caseId'],
  properties: {
    id: text(200),
    type: { enum: caseEventTypes },
    at: { type: 'string', format: 'date-time' },
    caseId: text(100),
    reference: text(100),
    detail: {
      type: 'object',
      additionalProperties: false,
      properties: {
        reason: text(2000),
        limitDays: { type: 'integer', minimum: 1, maximum: 3650 },
        handledBy: text(100),
        materials: {
          type: 'array',
          maxItems: 200,
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['code', 'reason'],
            properties: { code: text(64), reason: text(500) },
          },
        },
        result: {
          type: 'object',
          additionalProperties: false,
          required: ['type', 'name'],
          properties: {
            type: { enum: ['electronic', 'paper'] },
            name: text(200),
            number: text(100),
            certificateType: text(64),
            identifier: text(200),
          },
        },
      },
    },
  },
}

type ToldEvent = Omit<ExternalEvent, 'detail'> & Partial<ExternalEvent>
interface Checks {
  envelope: ValidateFunction<{ events: unknown[] }>
  event: ValidateFunction<ToldEvent>
}

/** Of a larger message the first fault of each event is named: to look for all of them could take seconds. */
const LARGE = 100_000
const checks = { allFaults: compiledOnce(true), firstFault: compiledOnce(false) }

/** For the first message that needs it: who has no such department need not wait for it. */
function compiledOnce(allErrors: boolean): () => Checks {
  let compiled: Checks | undefined
  return () => {
    if (compiled) return compiled
    const ajv = new Ajv2020({ allErrors, strict: false, meta: false, validateSchema: false })
    addFormats.default(ajv)
    compiled = { envelope: ajv.compile(envelope), event: ajv.compile(oneEvent) }
    return compiled
  }
}

/** @throws AdapterFailure 'unrecognised', naming the fields that do not fit, the first hundred at most */
export function eventsOf(body: Buffer): ExternalEvent[] {
  const message = parse(body)
  const fits = body.length > LARGE ? checks.firstFault() : checks.allFaults()
  // How many there are comes first, and no more are looked at once enough is wrong.
  if (!fits.envelope(message)) throw misfit(faultsOf(fits.envelope, ''))
  const events: ExternalEvent[] = []
  const faults: string[] = []
  for (const [at, event] of message.events.entries()) {
    if (fits.event(event)) events.push({ ...event, detail: event.detail ?? {} })
    else faults.push(...faultsOf(fits.event, `/events/${at}`))
    if (faults.length > MOST_FAULTS) break
  }
  if (faults.length > 0) throw misfit(faults)
  return events
}

/** One more than are named, so that it shows when there are more. */
const faultsOf = ({ errors }: Pick<ValidateFunction, 'errors'>, within: string): string[] =>
  (errors ?? [])
    .slice(0, MOST_FAULTS + 1)
    .map(({ instancePath, message }) => `${within}${instancePath} ${message}`.trim())

function misfit(faults: readonly string[]): AdapterFailure {
  const more = faults.length > MOST_FAULTS ? ['…'] : []
  const named = [...faults.slice(0, MOST_FAULTS), ...more].join(', ')
  return new AdapterFailure('unrecognised', `消息不符合约定 (the message does not fit): ${named}`)
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new AdapterFailure('unrecognised', '消息不是 UTF-8 的 JSON (the message is not JSON in UTF-8)', {
      cause,
    })
  }
}
