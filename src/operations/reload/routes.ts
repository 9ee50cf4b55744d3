// What operators may ask of the configuration: to be read again, what is in force, and how it came to be.

import type { FastifyInstance } from 'fastify'
import { refusalOf } from '../../docs/route-doc.ts'
import { tagged, unmodified } from '../../http/entity-tags.ts'
import { type FieldError, fieldError } from '../../http/field-error.ts'
import { optionalKeyHeader } from '../../http/idempotency-key.ts'
import { refuseMembers } from '../../http/members.ts'
import { problem } from '../../http/problems.ts'
import { refuseUnknown } from '../../http/query-parameters.ts'
import { configurationHistory, processConfigurations } from '../../ledger/configuration.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { operatorOf } from '../../security/access.ts'
import type { ConfigurationProblem } from '../../settings/problems.ts'
import { orderOnce } from '../order-once.ts'
import type { Reloads } from '../reload.ts'

interface ConfigurationDeps {
  reloads: Pick<Reloads, 'reload' | 'inForce'>
  ledger: Pick<Ledger, 'readers' | 'writers'>
}

const HISTORY = 50

export async function configurationRoutes(
  app: FastifyInstance,
  { reloads, ledger }: ConfigurationDeps,
): Promise<void> {
  app.get(
    '/ops/v1/configuration',
    { config: { access: 'operator:viewer', doc: docs.show } },
    async (request, reply) => {
      refuseUnknown(request.query, [])
      return tagged(request, reply, {
        ...reloads.inForce(),
        processes: await processConfigurations(ledger.readers),
        history: await configurationHistory(ledger.readers, HISTORY),
      })
    },
  )

  app.post(
    '/ops/v1/configuration/reload',
    { config: { access: 'operator:operator', doc: docs.reload } },
    (request, reply) => {
      refuseMembers(request.body)
      return orderOnce(ledger, request, reply, async () => {
        const reloaded = await reloads.reload(`operator:${operatorOf(request).id}`)
        if (reloaded.result !== 'refused') return reloaded
        throw problem('invalid-configuration', {
          detail: `version ${reloaded.to} is refused; ${reloaded.from} stays in force`,
          detailZh: `版本 ${reloaded.to} 未被采用，仍沿用 ${reloaded.from}`,
          errors: reloaded.problems.map(asFieldError),
        })
      })
    },
  )
}

/** The pointer is a URI reference into the configuration folder: `systems/ems.yaml#/settings/baseUrl`. */
export function asFieldError({
  file,
  line,
  column,
  pointer,
  message,
  messageZh,
}: ConfigurationProblem): FieldError {
  const place = line > 0 ? `${file}:${line}:${column}` : file
  return fieldError(
    `${file}#${pointer}`,
    'invalid-configuration',
    `${place} ${message}`,
    `${place} ${messageZh}`,
  )
}

const tags = ['Operations 运维']
const text = { type: 'string' }
const texts = { type: 'array', items: text }
const time = { type: 'string', format: 'date-time' }
const state = { enum: ['current', 'differs', 'refused'] }
const waiting = {
  type: 'array',
  description: 'Parts that are in force only after a restart · 重启后方生效的部分',
  items: { type: 'object', required: ['part', 'needs'], properties: { part: text, needs: text } },
}
const entry = {
  type: 'object',
  required: ['id', 'at', 'by', 'process', 'result', 'from', 'to', 'changes', 'problems'],
  properties: {
    id: { type: 'integer' },
    at: time,
    by: { type: 'string', description: 'operator:<id>, signal, start or process:<n>' },
    process: { type: 'integer' },
    result: { enum: ['applied', 'refused'] },
    from: { type: ['string', 'null'], description: 'null at the first start · 首次启动为 null' },
    to: text,
    changes: { description: 'As a reload answers them; null at a start · 同重新加载的应答，启动时为 null' },
    problems: { type: 'array', items: {} },
  },
}
const docs = {
  show: {
    tags,
    summary: 'The configuration in force and its history 现行配置与历史',
    responses: {
      200: {
        description: 'Version, what waits for a restart, each process, the last 50 applied or refused',
        schema: {
          type: 'object',
          required: ['version', 'state', 'waiting', 'processes', 'history'],
          properties: {
            version: text,
            state,
            waiting,
            processes: {
              type: 'array',
              items: {
                type: 'object',
                required: ['process', 'host', 'roles', 'version', 'state', 'since'],
                properties: {
                  process: { type: 'integer' },
                  host: text,
                  roles: text,
                  version: text,
                  state,
                  since: time,
                },
              },
            },
            history: { type: 'array', items: entry },
          },
        },
      },
      ...unmodified,
    },
  },
  reload: {
    tags,
    summary: 'Read the configuration again 重新加载配置',
    headers: optionalKeyHeader,
    description:
      'Systems and limits (deadlines, certificates, custody) are applied at once, without losing or repeating a transfer; other changes are named and wait for a restart. With anything wrong nothing changes.',
    responses: {
      200: {
        description: 'applied or unchanged, with the systems, fields and limits that differ',
        schema: {
          type: 'object',
          required: ['result', 'from', 'to', 'systems', 'limits', 'waiting'],
          properties: {
            result: { enum: ['applied', 'unchanged'] },
            from: text,
            to: text,
            systems: {
              type: 'object',
              required: ['added', 'removed', 'changed'],
              properties: {
                added: texts,
                removed: texts,
                changed: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['system', 'fields'],
                    properties: { system: text, fields: texts },
                  },
                },
              },
            },
            limits: texts,
            waiting,
          },
        },
      },
      422: refusalOf('Refused with every reason; what was in force stays'),
    },
  },
}
