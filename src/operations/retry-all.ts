// POST /ops/v1/systems/{system}/dead-letters/retry: what a system's outage has buried is sent again, all that
// match, in the order of their ids, which is that of their submissions. What is found when it begins is what
// is sent: a letter that dies anew meanwhile stays, also where the order is carried out again because its
// process died over it.

import type { FastifyInstance } from 'fastify'
import { atOnce } from '../at-once.ts'
import { fieldError } from '../http/field-error.ts'
import { optionalKeyHeader } from '../http/idempotency-key.ts'
import { stored } from '../http/ledger-away.ts'
import { problem } from '../http/problems.ts'
import type { Change } from '../ledger/changes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type DeadLetter, deadLetters } from '../ledger/reads.ts'
import { operatorOf } from '../security/access.ts'
import { dryRunOf, dryRunQuery } from './dry-run.ts'
import { type Given, orderOnce, partAbout } from './order-once.ts'
import { reasonOf } from './reason.ts'

type RetryRequest = {
  Params: { system: string }
  Querystring: { dryRun?: unknown }
  Body: { reason?: unknown; containing?: unknown } | null
}

interface RetryAllDeps {
  ledger: Ledger
  systems: ReadonlyMap<string, unknown>
}

const PAGE = 500
/** More are retried by asking once more. */
const MOST = 10_000
const AT_ONCE = 50

export async function retryAllRoutes(app: FastifyInstance, { ledger, systems }: RetryAllDeps): Promise<void> {
  app.post<RetryRequest>(
    '/ops/v1/systems/:system/dead-letters/retry',
    { config: { access: 'operator:operator', doc } },
    async (request, reply) => {
      const { system } = request.params
      if (!systems.has(system)) throw problem('unknown-system')
      const reason = reasonOf(request.body, ['containing'])
      const containing = containingOf(request.body)
      const find = () => stored(matching(ledger, system, containing))
      if (dryRunOf(request.query.dryRun)) return { found: (await find()).length, retried: 0, dryRun: true }
      const by = operatorOf(request).id
      const carryOut = async (given?: Given) => {
        const found = await find()
        return { found: found.length, retried: await revive(ledger, found, { by, reason, given }) }
      }
      return orderOnce(ledger, request, reply, carryOut, 202)
    },
  )
}

async function matching(ledger: Ledger, system: string, containing: string): Promise<DeadLetter[]> {
  const found: DeadLetter[] = []
  let after: DeadLetter | null = null
  while (found.length < MOST) {
    const page: DeadLetter[] = await deadLetters(ledger.readers, system, PAGE, after)
    found.push(...page.filter(({ reason }) => reason.includes(containing)))
    after = page.at(-1) ?? null
    if (page.length < PAGE) break
  }
  return found.slice(0, MOST)
}

interface Revival {
  by: string
  reason: string
  given: Given | undefined
}

/** How many went out: one that was retried or ended meanwhile does not. */
async function revive(ledger: Ledger, found: DeadLetter[], revival: Revival): Promise<number> {
  let revived = 0
  await atOnce(AT_ONCE, found, async (one) => {
    const { outcome } = await stored(ledger.record(changeOf(one, revival)))
    if (outcome === 'applied') revived++
  })
  return revived
}

const changeOf = ({ id, submissionId }: DeadLetter, { by, reason, given }: Revival): Change => ({
  submissionId,
  event: { type: 'transfer.revived', transferId: id, by, reason },
  ...partAbout(given, id),
})

function containingOf(body: RetryRequest['Body']): string {
  const { containing = '' } = body ?? {}
  if (typeof containing === 'string' && containing.length <= 200) return containing
  throw problem('invalid-request', {
    errors: [
      fieldError('/containing', 'invalid-value', 'must be a text of at most 200', '须为不超过 200 字的文本'),
    ],
  })
}

const counted = {
  type: 'object',
  required: ['found', 'retried'],
  properties: { found: { type: 'integer' }, retried: { type: 'integer' }, dryRun: { const: true } },
}
const doc = {
  tags: ['Operations 运维'],
  summary: 'Send all dead letters of a system again 批量重新投递',
  description: `At most ${MOST} of them, those whose reason holds the text \`containing\` where it is given. With \`dryRun=true\` they are only counted. · 最多 ${MOST} 条；给出 containing 时仅限原因含该文本的；dryRun=true 只计数。`,
  query: dryRunQuery,
  headers: optionalKeyHeader,
  body: {
    schema: {
      type: 'object',
      required: ['reason'],
      properties: {
        reason: { type: 'string', minLength: 1, maxLength: 500 },
        containing: { type: 'string', maxLength: 200 },
      },
    },
  },
  responses: {
    202: { description: 'Due now, as many as `retried`', schema: counted },
    200: {
      description: 'Counted; or the same order before: its first answer · 仅计数，或重复请求返回首次答复',
      schema: counted,
    },
  },
}
