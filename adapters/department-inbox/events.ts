// The reports of a department with an inbox: `{ "events": [ … ] }` in the contract's own words, checked field by field.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { caseEventTypes, type ExternalEvent } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'

const text = (most: number) => ({ type: 'string', minLength: 1, maxLength: most })

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['events'],
  properties: {
    events: {
      type: 'array',
      minItems: 1,
      maxItems: 500,
      items: {
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
      },
    },
  },
}

type Message = { events: (Omit<ExternalEvent, 'detail'> & Partial<ExternalEvent>)[] }

const ajv = new Ajv2020({ allErrors: true, strict: false, meta: false, validateSchema: false })
addFormats.default(ajv)
let compiled: ValidateFunction<Message> | undefined

/** @throws AdapterFailure 'unrecognised', naming every field that does not fit */
export function eventsOf(body: Buffer): ExternalEvent[] {
  const message = parse(body)
  // Compiled for the first message: who has no such department need not wait for it.
  compiled ??= ajv.compile<Message>(schema)
  const fits = compiled
  if (!fits(message))
    throw new AdapterFailure(
      'unrecognised',
      `消息不符合约定 (the message does not fit): ${ajv.errorsText(fits.errors, { dataVar: '' })}`,
    )
  return message.events.map(({ detail = {}, ...event }) => ({ ...event, detail }))
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
