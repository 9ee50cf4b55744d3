// What operators may ask of the configuration: to be read again, what is in force, and how it came to be.

import type { FastifyInstance } from 'fastify'
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
    async ({ query }) => {
      refuseUnknown(query, [])
      return {
        ...reloads.inForce(),
        processes: await processConfigurations(ledger.readers),
        history: await configurationHistory(ledger.readers, HISTORY),
      }
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
const docs = {
  show: {
    tags,
    summary: 'The configuration in force and its history 现行配置与历史',
    responses: {
      200: {
        description: 'Version, what waits for a restart, each process, the last 50 applied or refused',
        schema: {
          type: 'object',
          properties: {
            version: { type: 'string' },
            state: { enum: ['current', 'differs', 'refused'] },
            waiting: { type: 'array', items: {} },
            processes: { type: 'array', items: { type: 'object' } },
            history: { type: 'array', items: { type: 'object' } },
          },
        },
      },
    },
  },
  reload: {
    tags,
    summary: 'Read the configuration again 重新加载配置',
    headers: optionalKeyHeader,
    description:
      'Systems and limits (deadlines, certificates, custody) are applied at once, without losing or repeating a transfer; other changes are named and wait for a restart. With anything wrong nothing changes.',
    responses: {
      200: { description: 'applied or unchanged, with the systems, fields and limits that differ' },
      422: { description: 'Refused with every reason; what was in force stays' },
    },
  },
}
