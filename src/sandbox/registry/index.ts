// The simulated registry of electronic certificates, speaking the CertShare wire format: `{head, data}` both ways.
// All its calls but one are reads, so its books hold what it registered, what was asked of it and how it answered.

import type { FastifyReply } from 'fastify'
import type { Actor, CityContext } from '../actor.ts'
import { calls, type RegistryAnswer, type Shelf, status } from './answers.ts'
import { ofdOf, type TemporaryLinks, temporaryLinks } from './copies.ts'
import { type Holder, type Holders, type Question, recordOf, type Standing } from './records.ts'
import { openRegister } from './register.ts'

export interface RegistryOptions {
  /** Default 'certificate-registry'. */
  name?: string
  /** Default 'tongban', as in config/systems. */
  accessId?: string
  accessToken: string
  /** Holders with a fixed name or standing; all others are answered by rule. */
  holders?: Holders
  /** Codes by which holders allowed us to use their certificates (依授权), by holder code; each is good for one copy. */
  authorisations?: ReadonlyMap<string, readonly string[]>
  /** Chooses each holder's standing, together with the holder code and the type. */
  seed?: string
}

type Fields = Record<string, unknown>

const DOWNLOAD = '/zzgxpt/download'

export function createRegistry(context: CityContext, options: RegistryOptions): Actor {
  const counts: Record<string, number> = {}
  const name = options.name ?? 'certificate-registry'
  const links = temporaryLinks(context.speed)
  const holders = new Map(options.holders)
  const shelf = openShelf(
    { ...options, holders },
    counts,
    (record) => `/${name}${DOWNLOAD}?id=${links.make(record)}`,
  )
  return {
    name,
    routes(app) {
      app.get<{ Querystring: { id?: string } }>(DOWNLOAD, async ({ query }, reply) =>
        follow(links, query.id, reply),
      )
      // The desk of the registry: what becomes of a certificate from now on.
      app.post<{ Body: Decided }>('/desk/standings', async ({ body }) => {
        decide(holders, body)
        return { ok: true }
      })
      for (const [name, call] of Object.entries(calls)) {
        app.post(`/CertShare/${name}`, async (request) => {
          shelf.count(name)
          const { head, data } = fields(request.body)
          return envelope(isKnown(fields(head), options) ? call(fields(data), shelf) : status('11'))
        })
      }
    },
    books: () => ({
      effects: shelf.register.all().map(({ identifier, standing }) => ({
        kind: 'certificate',
        key: identifier,
        reference: identifier,
        times: 1,
        state: standing,
      })),
      counts: { ...counts },
    }),
  }
}

/** The plain copy; 404 once the link has lapsed, as for one that never was. */
function follow(links: TemporaryLinks, id: string | undefined, reply: FastifyReply) {
  const record = id === undefined ? undefined : links.follow(id)
  if (!record) return reply.code(404).send()
  return reply.type('application/octet-stream').send(ofdOf(record))
}

interface Decided {
  holderCode: string
  certTypeCode: string
  standing: Standing
}

function decide(holders: Map<string, Holder>, { holderCode, certTypeCode, standing }: Decided): void {
  const known = holders.get(holderCode)
  holders.set(holderCode, { ...known, standing: { ...known?.standing, [certTypeCode]: standing } })
}

function openShelf(
  { holders = new Map(), seed = 'registry', authorisations = new Map() }: RegistryOptions,
  counts: Record<string, number>,
  link: Shelf['link'],
): Shelf {
  const shown = new Map<string, Question>()
  const now = (question: Question) => recordOf(question, holders, seed, new Date())
  const register = openRegister(
    ({ holderCode, certTypeCode }) => holders.get(holderCode)?.standing?.[certTypeCode],
  )
  const used = new Set<string>()
  return {
    link,
    issued: new Map(),
    authorised(holderCode, code, use) {
      const key = `${holderCode}\n${code}`
      if (typeof code !== 'string' || used.has(key) || !authorisations.get(holderCode)?.includes(code))
        return false
      if (use) used.add(key)
      return true
    },
    look(question) {
      const record = register.of(question) ?? now(question)
      shown.set(record.identifier, question)
      return record
    },
    shown(identifier) {
      const question = shown.get(identifier)
      return register.find(identifier) ?? (question && now(question))
    },
    register,
    count(what) {
      counts[what] = (counts[what] ?? 0) + 1
    },
  }
}

function isKnown(head: Fields, { accessId = 'tongban', accessToken }: RegistryOptions): boolean {
  return head.accessId === accessId && head.accessToken === accessToken
}

function envelope({ status, message, data }: RegistryAnswer) {
  return { head: { status, message }, ...(data === undefined ? {} : { data }) }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
