// The city's submissions against the gateway's own catalogue and checks, without ledger or delivery:
// whatever the city invents must be acceptable, in every theme, mode and form.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import t, { type Test } from 'tap'
import type { Adapter } from '../../src/adapter-kit/contract.ts'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { checklist, describeTheme } from '../../src/catalogue/checklist.ts'
import { readQuery } from '../../src/catalogue/query.ts'
import { catalogueRoutes } from '../../src/catalogue/routes.ts'
import { plan } from '../../src/domain/plan.ts'
import { problemHandler } from '../../src/http/problems.ts'
import { newId } from '../../src/identifiers.ts'
import { checkSubmission } from '../../src/intake/check-submission.ts'
import { normaliseSubmission } from '../../src/intake/normalise/index.ts'
import { startCity } from '../../src/sandbox/city.ts'
import {
  type CatalogueReader,
  type Mode,
  readCatalogue,
  type ThemeView,
} from '../../src/sandbox/platform/catalogue.ts'
import { compose, wishFor } from '../../src/sandbox/platform/compose.ts'
import type { PlatformBooks } from '../../src/sandbox/platform/index.ts'
import { createRandom } from '../../src/sandbox/random.ts'
import { sandboxSecrets, secretsAsEnvironment } from '../../src/sandbox/secrets.ts'
import { loadSettings } from '../../src/settings/load.ts'
import type { Settings } from '../../src/settings/settings.ts'

const fromRoot = (path: string) => new URL(`../../${path}`, import.meta.url)

async function checkingGateway(t: Test) {
  const adapters = await loadAdapters([fromRoot('adapters/')])
  const dataDir = await mkdtemp(join(tmpdir(), 'fits-intake-'))
  const configDir = fromRoot('config').pathname
  const settings = await loadSettings({ configDir, dataDir, adapters, env: secretsAsEnvironment() })
  const county: Adapter = adapters
    .get('platform-rest')!
    .create(settings.systems.get('county-platform')!.settings)
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 50_000_000 })
  app.setErrorHandler(problemHandler)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const catalogues = { inForce: () => settings.catalogue, find: () => undefined }
  await catalogueRoutes(app, { ledger: { now: () => new Date() }, settings, catalogues })
  const themesAndModes = new Set<string>()
  const context = {
    catalogue: settings.catalogue,
    halls: settings.halls,
    city: settings.city,
    now: new Date(),
  }
  const check = (raw: unknown) => {
    const checked = checkSubmission(normaliseSubmission(raw, settings.catalogue), context)
    if (checked.submission) themesAndModes.add(`${checked.submission.theme} ${checked.submission.mode}`)
    return checked
  }
  const accepted = () => ({ submissionId: newId('sub'), cases: [] })
  app.post('/v1/materials', (_request, reply) => reply.code(201).send({ materialId: newId('mat') }))
  app.post('/v1/submissions', (request, reply) => {
    const { errors } = check(JSON.parse(String(request.body)))
    return errors.length === 0 ? reply.code(202).send(accepted()) : reply.code(422).send(errors)
  })
  app.post('/v1/platforms/county-platform/submissions', async (request, reply) => {
    const { submission } = await county.incoming!.read(messageOf(request))
    const { errors } = check(submission)
    if (errors.length > 0) return reply.code(422).send(errors)
    const outcome = { ok: true as const, duplicate: false, answer: accepted() }
    return send(reply, county.incoming!.acknowledge(outcome, messageOf(request)))
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await app.close()
    await rm(dataDir, { recursive: true })
  })
  return { url, themesAndModes, settings }
}

function messageOf({ method, url, headers, body }: FastifyRequest) {
  return { method, path: url, query: {}, headers, body: body as Buffer, receivedAt: new Date() }
}

function send(
  reply: FastifyReply,
  answer: { status: number; headers?: Record<string, string>; body: string | Buffer },
) {
  return reply
    .code(answer.status)
    .headers(answer.headers ?? {})
    .send(answer.body)
}

t.test('every submission that the city invents passes the checks of intake', async (t) => {
  const { url, themesAndModes, settings } = await checkingGateway(t)
  const city = await startCity({ gatewayUrl: url, secrets: sandboxSecrets, speed: 50, largestFile: 3_000 })
  t.teardown(() => city.stop())
  const progress = await city.run({ count: 300, multipart: 0, county: 0.3, repeat: 0, seed: 'fits' }).finished
  const books = Object.values(city.books()).filter((own): own is PlatformBooks => 'refusals' in own)
  t.strictSame(
    books.flatMap(({ refusals }) => refusals),
    [],
  )
  t.match(progress, { accepted: 300, refused: 0 })
  const offered = [...settings.catalogue.themes.values()].flatMap((theme) =>
    theme.modes.map((mode) => `${theme.code} ${mode}`),
  )
  t.strictSame([...themesAndModes].sort(), offered.sort(), 'every theme in each of its modes')
})

t.test('what the city invents fits every theme, mode and division, whatever the situation', async (t) => {
  const { settings } = await checkingGateway(t)
  const { catalogue, halls, city } = settings
  const reader = readerOf(settings)
  for (const { code, modes } of catalogue.themes.values()) {
    const theme = (await reader.theme(code))!
    for (const mode of modes) {
      for (const homeDivision of catalogue.divisions.keys()) {
        for (const seed of ['a', 'b', 'c']) {
          const raw = await invented(reader, theme, mode, homeDivision, seed)
          const now = new Date()
          const { errors } = checkSubmission(normaliseSubmission(raw, catalogue), {
            catalogue,
            halls,
            city,
            now,
          })
          if (errors.length > 0) t.fail(`${code} ${mode} ${homeDivision} ${seed}`, { errors })
        }
      }
    }
  }
})

/** One submission as the city composes it, its files to come with it. */
async function invented(
  reader: CatalogueReader,
  theme: ThemeView,
  mode: Mode,
  homeDivision: string,
  seed: string,
): Promise<unknown> {
  const today = new Date()
  const random = createRandom(`${seed} ${theme.code} ${mode} ${homeDivision}`)
  const wish = { ...wishFor(theme, mode, random, today), homeDivision }
  const { situations } = wish
  const checklist = await reader.checklist({ theme: theme.code, home: homeDivision, mode, situations })
  const { submission, materials } = compose(wish, checklist!, {
    externalId: `FIT-${seed}`,
    windowOf: (division) => ({ hall: `${division}-01`, window: '01' }),
    largestFile: 0,
    random,
    today,
  })
  const listed = materials.map(({ file, name: _, scanType: __, ...material }) => ({
    ...material,
    ...(file ? { part: material.code } : {}),
  }))
  return { ...submission, materials: listed }
}

/** The catalogue's own answers, as a platform reads them. */
function readerOf({ catalogue, halls }: Settings): CatalogueReader {
  const answer = (body: unknown) => ({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) })
  const today = new Date().toISOString().slice(0, 10)
  return readCatalogue({
    async get(path) {
      const { pathname, searchParams } = new URL(path, 'http://gateway')
      const [, , , code = '', of] = pathname.split('/')
      if (of === undefined) return answer(describeTheme(catalogue, catalogue.themes.get(code)!))
      const request = readQuery(code, Object.fromEntries(searchParams), catalogue)
      const planned = plan(catalogue, request)
      return answer(checklist(catalogue, request, planned, halls.values(), today))
    },
    post: () => Promise.reject(new Error('nothing is posted here')),
    upload: () => Promise.reject(new Error('nothing is uploaded here')),
  })
}
