// The whole pretended city on one port: every institution under its own name, misfortune around each,
// and a control desk. Nothing here reads the environment or ends the process.

import Fastify, { type FastifyInstance } from 'fastify'
import type { Actor, CityContext } from './actor.ts'
import { createCaller } from './caller.ts'
import { openContexts } from './contexts.ts'
import { controlRoutes } from './control.ts'
import type { Shares } from './departments/course.ts'
import { type DepartmentId, departmentIds, departmentOf } from './departments/languages.ts'
import { createEms } from './ems/index.ts'
import { createEmsGen2 } from './ems-older/gen2.ts'
import type { ProfileName } from './fault-profiles.ts'
import { type FaultBoard, injectFaults, openFaultBoard } from './faults.ts'
import { createKuaidi100 } from './kuaidi100/index.ts'
import { createPlatform, type Platform } from './platform/index.ts'
import { createRating } from './rating/index.ts'
import type { CityBooks } from './reconcile.ts'
import { createRegistry } from './registry/index.ts'
import { type Run, type RunProgress, type RunRequest, startRun } from './runs.ts'
import type { CitySecrets } from './secrets.ts'

export { departmentIds } from './departments/languages.ts'

export interface CityOptions {
  /** Base URL of the gateway, no trailing slash. */
  gatewayUrl: string
  secrets: CitySecrets
  /** Default 127.0.0.1. */
  host?: string
  /** Default 0: any free port. */
  port?: number
  /** Default '1'. */
  seed?: string
  /** Default 1; larger is faster. */
  speed?: number
  /** Default none. */
  faults?: ProfileName
  /** How the departments decide. */
  shares?: Partial<Shares>
  /** Where one of them decides otherwise. */
  sharesOf?: Partial<Record<DepartmentId, Partial<Shares>>>
  /** Share of services that applicants rate. Default 0.6. */
  rated?: number
  /** Bytes of the largest scan. */
  largestFile?: number
  /** Of which the file-drop department and the gateway share `<folder>/civil-affairs`. Default: /tmp/tongban-city. */
  dropFolder?: string
  /** PostgreSQL in which the exchange tables lie. Absent: the department that speaks by tables stays silent. */
  exchangeDatabaseUrl?: string
  /** The window that takes agent submissions of a division. Default hall `<division>-01`, window `01`. */
  windowOf?(division: string): { hall: string; window: string }
}

export type { CityBooks } from './reconcile.ts'

export interface CityProgress {
  runs: RunProgress[]
  /** No run is under way. */
  finished: boolean
  accepted: number
  refused: number
  cases: number
  /** Of these the platforms know the end. */
  finalCases: number
  /** Things that an institution failed to do; should stay 0. */
  errors: string[]
}

export interface City {
  /** No trailing slash; institutions are mounted at `<url>/<name>`. */
  url: string
  board: FaultBoard
  books(): CityBooks
  progress(): CityProgress
  run(request: RunRequest): Run
  stop(): Promise<void>
}

const BODY_LIMIT = 64 * 1024 * 1024

/** Resolves when the city listens. */
export async function startCity(options: CityOptions): Promise<City> {
  const seed = options.seed ?? '1'
  const stopping = new AbortController()
  const board = openFaultBoard(seed, options.faults ?? 'none')
  const caller = createCaller()
  const errors: string[] = []
  const contextOf = openContexts({
    gatewayUrl: options.gatewayUrl,
    speed: options.speed ?? 1,
    seed,
    board,
    caller,
    stopping,
    errors,
  })
  const platforms = platformsOf(options, contextOf)
  const actors = [...institutionsOf(options, seed, contextOf), platforms.canonical, platforms.county]
  const runs: Run[] = []
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  })
  for (const actor of actors) await mount(app, actor, board)
  const city = {
    board,
    books: () => Object.fromEntries(actors.map((actor) => [actor.name, actor.books()])),
    progress: () => progressOf(runs, platforms, errors),
    run(request: RunRequest) {
      const run = startRun(platforms, request)
      runs.push(run)
      return run
    },
  }
  controlRoutes(app, city)
  const url = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 })
  return {
    ...city,
    url,
    async stop() {
      stopping.abort()
      board.stop()
      await Promise.all(actors.map((actor) => actor.stop?.()))
      caller.close()
      await app.close()
    },
  }
}

function institutionsOf(
  options: CityOptions,
  seed: string,
  contextOf: (name: string) => CityContext,
): Actor[] {
  const { secrets } = options
  const departments = departmentIds.map((id) =>
    departmentOf(id, contextOf(id), {
      ...options,
      seed,
      shares: { ...options.shares, ...options.sharesOf?.[id] },
    }),
  )
  const post = { authorization: secrets.emsAuthorization, signKey: secrets.emsSignKey, seed }
  const branch = {
    name: 'ems-weishi',
    secret: secrets.emsBranchSecret,
    ecommerceNo: 'KFZWFW',
    tellsWaybillAgain: true,
  }
  const tracker = { key: secrets.kuaidi100Key, customer: secrets.kuaidi100Customer, seed }
  const rated = options.rated === undefined ? {} : { answered: options.rated }
  const registry = { accessToken: secrets.registryToken, seed }
  return [
    ...departments,
    createEms(contextOf('ems'), post),
    createEmsGen2(branch),
    createKuaidi100(contextOf('kuaidi100'), tracker),
    createRegistry(contextOf('certificate-registry'), registry),
    createRating(contextOf('rating'), { appWord: secrets.ratingWord, seed, ...rated }),
  ]
}

function mount(app: FastifyInstance, actor: Actor, board: FaultBoard): PromiseLike<unknown> {
  const scope = async (scoped: FastifyInstance) => {
    injectFaults(scoped, actor.name, board)
    await actor.routes(scoped)
  }
  return app.register(scope, { prefix: `/${actor.name}` })
}

function platformsOf(
  options: CityOptions,
  contextOf: (name: string) => CityContext,
): { canonical: Platform; county: Platform } {
  const { secrets } = options
  const common = {
    webhookSecret: secrets.platformWebhook,
    windowOf: options.windowOf ?? ((division: string) => ({ hall: `${division}-01`, window: '01' })),
    ...(options.largestFile ? { largestFile: options.largestFile } : {}),
  }
  const one = (id: string, format: 'canonical' | 'county', token: string) =>
    createPlatform(contextOf(id), { ...common, id, format, token })
  return {
    canonical: one('kaifeng-platform', 'canonical', secrets.kaifengToken),
    county: one('county-platform', 'county', secrets.countyToken),
  }
}

function progressOf(
  runs: readonly Run[],
  platforms: Record<string, Platform>,
  errors: readonly string[],
): CityProgress {
  const total = { accepted: 0, refused: 0, cases: 0, finalCases: 0 }
  for (const platform of Object.values(platforms)) {
    const own = platform.progress()
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += own[key]
  }
  const all = runs.map((run) => run.progress())
  return { runs: all, finished: all.every(({ state }) => state === 'done'), ...total, errors: [...errors] }
}
