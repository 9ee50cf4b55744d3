// A store in a temporary folder and a gateway with nothing but the file routes, cleaned up after the test.

import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { letSendersFinish } from '../../src/http/discard-rest.ts'
import { notFoundHandler, problemHandler } from '../../src/http/problems.ts'
import { createLinks } from '../../src/materials/links.ts'
import { type MaterialRow, materialRoutes } from '../../src/materials/routes.ts'
import { type MaterialStoreOptions, openMaterialStore } from '../../src/materials/store.ts'
import { type AccessSettings, installAccess } from '../../src/security/access.ts'

export const KIB = 1024
export const MIB = 1024 * KIB
export const roomy: MaterialStoreOptions = { measure: async () => ({ freeBytes: 9e12, totalBytes: 1e13 }) }

/** Matches a MaterialFailure. */
export function failing(materialFailure: string) {
  return { name: 'MaterialFailure', materialFailure }
}

export async function openTempStore(t: Test, options: MaterialStoreOptions = roomy) {
  const folder = await mkdtemp(join(tmpdir(), 'tongban-materials-'))
  const store = await openMaterialStore(pathToFileURL(folder).href, options)
  t.teardown(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    folder,
    store,
    /** Names of all files anywhere in the store. */
    files: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      return entries.filter((it) => it.isFile()).map((it) => it.name)
    },
  }
}

export interface GatewayOptions {
  maxFileBytes?: number
  maxParts?: number
  maxBodyBytes?: number
  sm3?: boolean
  store?: MaterialStoreOptions
  now?: () => number
  /** False: the client lacks the scope. */
  mayUpload?: boolean
  extend?: (app: FastifyInstance, kept: Awaited<ReturnType<typeof openTempStore>>) => Promise<void>
}

export async function startFileGateway(t: Test, options: GatewayOptions = {}) {
  const kept = await openTempStore(t, options.store)
  const rows: MaterialRow[] = []
  const damaged: string[] = []
  const app = fastify({ forceCloseConnections: true })
  app.setErrorHandler(problemHandler)
  app.setNotFoundHandler(notFoundHandler)
  letSendersFinish(app)
  installAccess(app, accessFor(options))
  const links = createLinks(Buffer.alloc(32, 7), 'http://gateway.test', options.now)
  const limits = limitsOf(options)
  await materialRoutes(app, {
    store: kept.store,
    settings: { limits },
    links,
    registerMaterial: async (row) => register(rows, row),
    foundDamaged: (sha256) => void damaged.push(sha256),
  })
  await options.extend?.(app, kept)
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  return { ...kept, app, links, rows, damaged, limits, port, url: `http://127.0.0.1:${port}` }
}

/** What the one client of these tests sends as Authorization. */
export const authorization = 'Bearer file-test-token'

function accessFor({ mayUpload = true }: GatewayOptions): AccessSettings {
  const tokenHashes = [createHash('sha256').update('file-test-token').digest()]
  const scopes = mayUpload ? (['materials:write'] as const) : []
  return {
    clients: [{ id: 'kaifeng-platform', tokenHashes, scopes, divisions: ['*'] }],
    operators: [],
    keys: { links: Buffer.alloc(32, 7), sessions: Buffer.alloc(32, 9), holders: Buffer.alloc(32, 5) },
    http: { host: '127.0.0.1', port: 0, publicUrl: 'http://gateway.test', trustedProxies: [] },
  }
}

export function limitsOf(options: GatewayOptions) {
  return {
    maxFileBytes: options.maxFileBytes ?? 10 * MIB,
    maxBodyBytes: options.maxBodyBytes ?? MIB,
    maxParts: options.maxParts ?? 8,
    stalledBodySeconds: 60,
    sm3: options.sm3 ?? false,
  }
}

function register(rows: MaterialRow[], row: MaterialRow) {
  const earlier = rows.find(
    (it) => it.idempotencyKey !== undefined && it.idempotencyKey === row.idempotencyKey,
  )
  if (earlier === undefined) rows.push(row)
  const { materialId, mediaType, fileName } = earlier ?? row
  return { materialId, mediaType, fileName, replayed: earlier !== undefined }
}

export async function eventually(holds: () => Promise<boolean> | boolean, withinMs = 5000): Promise<boolean> {
  const end = Date.now() + withinMs
  while (Date.now() < end) {
    if (await holds()) return true
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return false
}
