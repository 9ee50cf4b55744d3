// The simulated registry of electronic certificates, speaking the CertShare wire format: `{head, data}` both ways.
// All its calls are reads, so its books hold no effects, only what was asked of it and how it answered.

import type { Actor, CityContext } from '../actor.ts'
import { calls, type RegistryAnswer, type Shelf, status } from './answers.ts'
import { type CertificateRecord, type Holders, recordOf } from './records.ts'

export interface RegistryOptions {
  /** Default 'certificate-registry'. */
  name?: string
  /** Default 'tongban', as in config/systems. */
  accessId?: string
  accessToken: string
  /** Holders with a fixed name or standing; all others are answered by rule. */
  holders?: Holders
  /** Chooses each holder's standing, together with the holder code and the type. */
  seed?: string
}

type Fields = Record<string, unknown>

export function createRegistry(_context: CityContext, options: RegistryOptions): Actor {
  const counts: Record<string, number> = {}
  const shelf = openShelf(options, counts)
  return {
    name: options.name ?? 'certificate-registry',
    routes(app) {
      for (const [name, call] of Object.entries(calls)) {
        app.post(`/CertShare/${name}`, async (request) => {
          shelf.count(name)
          const { head, data } = fields(request.body)
          return envelope(isKnown(fields(head), options) ? call(fields(data), shelf) : status('11'))
        })
      }
    },
    books: () => ({ effects: [], counts: { ...counts } }),
  }
}

function openShelf(
  { holders = new Map(), seed = 'registry' }: RegistryOptions,
  counts: Record<string, number>,
): Shelf {
  const shown = new Map<string, CertificateRecord>()
  return {
    look(question) {
      const record = recordOf(question, holders, seed, new Date())
      shown.set(record.identifier, record)
      return record
    },
    shown: (identifier) => shown.get(identifier),
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
