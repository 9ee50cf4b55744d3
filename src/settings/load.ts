// Reads config/ and the environment into Settings, or says everything that is wrong with them at once.
// Order: read all files, check each against its schema, then what they say of one another.

import { resolve } from 'node:path'
import type {
  CalendarFile,
  GatewayFile,
  HallsFile,
  MattersFile,
  PostalFile,
  SystemFile,
} from '../../schemas/types.ts'
import type { AdapterManifest } from '../adapter-kit/contract.ts'
import { buildCatalogue } from '../catalogue/build.ts'
import type { CatalogueFile } from '../domain/catalogue-versions.ts'
import { checkBookedMatters } from './booked-matters.ts'
import { type Checked, checkFile } from './checked.ts'
import { checkEngines } from './engines.ts'
import { type Environment, variable } from './environment.ts'
import { type ConfigurationFiles, type Place, places, readConfiguration, stem } from './files.ts'
import { deepFreeze } from './freeze.ts'
import { cityOf, clientsOf, dataFolder, gatewaySettings, operatorsOf, ratingOf } from './gateway.ts'
import { checkKeys, loadKeys } from './keys.ts'
import { withOldCodes } from './old-codes.ts'
import { calendarOf, hallsOf, postalOf } from './places.ts'
import { ConfigurationError, type ConfigurationProblem, sortProblems } from './problems.ts'
import { readSchemas } from './schemas.ts'
import type { SecretPlaces } from './secrets.ts'
import type { Settings } from './settings.ts'
import { knownSystems, systemsOf } from './systems.ts'
import { checkProxies } from './trusted-proxies.ts'

interface LoadOptions {
  /** Default: TONGBAN_CONFIG, or ./config. */
  configDir?: string
  env: Environment
  /** Default: TONGBAN_DATA, or ./.data. */
  dataDir?: string
  /** By name; each checks the `settings` of its systems. */
  adapters: ReadonlyMap<string, AdapterManifest>
}

/**
 * The settings, deeply frozen. Throws ConfigurationError with all problems of all files; nothing is written
 * before there are none. Keys that the environment does not give are then made in dataDir/keys.
 */
export async function loadSettings(options: LoadOptions): Promise<Settings> {
  const { env } = options
  const configDir = resolve(options.configDir ?? variable(env, 'TONGBAN_CONFIG') ?? 'config')
  const dataDir = dataFolder(env, options.dataDir)
  const problems: ConfigurationProblem[] = []
  const report = (problem: ConfigurationProblem): void => void problems.push(problem)
  const files = await readConfiguration(configDir, env, report)
  const secretPlaces = { env, configDir }

  const gateway = checkGateway(files, secretPlaces, report)
  if (gateway) checkProxies(gateway)
  checkEngines(gateway, env, report)
  const adapterKinds = knownSystems(files.of('systems'), options.adapters)
  const matters = checkPlace<MattersFile>(files, 'matters')
  const catalogue = matters.complete
    ? buildCatalogue(matters.files, { systems: adapterKinds, version: files.hash('matters'), report })
    : undefined
  const divisions = catalogue?.divisions
  const systems = await systemsOf(checkPlace<SystemFile>(files, 'systems').files, {
    adapters: options.adapters,
    places: secretPlaces,
    catalogue,
    clients: gateway && new Map(gateway.data.clients?.map(({ id, scopes }) => [id, scopes])),
  })
  const contracts = checkPlace<PostalFile>(files, 'postal').files
  const parts = {
    ...gatewaySettings(gateway?.data ?? {}, env, dataDir, report),
    city: gateway ? cityOf(gateway, contracts.length > 0) : null,
    clients: gateway ? clientsOf(gateway, secretPlaces, adapterKinds, divisions) : [],
    operators: gateway ? operatorsOf(gateway) : [],
    rating: gateway ? ratingOf(gateway, adapterKinds) : null,
    systems,
    halls: hallsOf(checkPlace<HallsFile>(files, 'halls').files, catalogue),
    postal: postalOf(contracts, adapterKinds, catalogue),
    calendar: calendarOf(checkPlace<CalendarFile>(files, 'calendar').files),
  }
  checkKeys(env, report)

  if (problems.length > 0 || !catalogue) throw new ConfigurationError(configDir, sortProblems(problems))
  const keys = await loadKeys(env, dataDir)
  const catalogueFiles = asRead(matters.files)
  const whole = withOldCodes(parts, catalogue.divisions)
  return deepFreeze({ configDir, dataDir, ...whole, catalogue, catalogueFiles, keys, version: files.hash() })
}

/**
 * The catalogue alone, checked with what halls, contracts and booking systems say of it; no secret is needed.
 * Throws ConfigurationError with all its problems.
 */
export async function loadCatalogue(
  options: Omit<LoadOptions, 'dataDir'>,
): Promise<Pick<Settings, 'configDir' | 'catalogue' | 'catalogueFiles'>> {
  const { env } = options
  const configDir = resolve(options.configDir ?? variable(env, 'TONGBAN_CONFIG') ?? 'config')
  const problems: ConfigurationProblem[] = []
  const report = (problem: ConfigurationProblem): void => {
    const booked = /^systems\//.test(problem.file) && problem.pointer.startsWith('/appointments/')
    if (booked || /^(\.|matters|halls|postal)(\/|$)/.test(problem.file)) problems.push(problem)
  }
  const files = await readConfiguration(configDir, env, report)
  const systems = knownSystems(files.of('systems'), options.adapters)
  const matters = checkPlace<MattersFile>(files, 'matters')
  const catalogue = matters.complete
    ? buildCatalogue(matters.files, { systems, version: files.hash('matters'), report })
    : undefined
  hallsOf(checkPlace<HallsFile>(files, 'halls').files, catalogue)
  postalOf(checkPlace<PostalFile>(files, 'postal').files, systems, catalogue)
  for (const file of checkPlace<SystemFile>(files, 'systems').files)
    checkBookedMatters(file, systems.get(stem(file.source)), catalogue)
  if (problems.length > 0 || !catalogue) throw new ConfigurationError(configDir, sortProblems(problems))
  return deepFreeze({ configDir, catalogue, catalogueFiles: asRead(matters.files) })
}

/** Where the ledger is, whatever may be wrong with the rest. Throws ConfigurationError when that cannot be read. */
export async function loadDatabasePlace(
  options: Omit<LoadOptions, 'adapters'>,
): Promise<Pick<Settings, 'databaseUrl' | 'dataDir'>> {
  const { env } = options
  const configDir = resolve(options.configDir ?? variable(env, 'TONGBAN_CONFIG') ?? 'config')
  const dataDir = dataFolder(env, options.dataDir)
  const problems: ConfigurationProblem[] = []
  const report = (problem: ConfigurationProblem): void => {
    const ofEngines = /^gateway\.ya?ml$/i.test(problem.file) && /^(\/engines|$)/.test(problem.pointer)
    if (ofEngines || problem.file === 'environment') problems.push(problem)
  }
  const source = (await readConfiguration(configDir, env, report, 'gateway')).of('gateway')[0]
  if (source) checkFile<GatewayFile>(source, 'gateway')
  checkEngines(source && { source, data: (source.data ?? {}) as GatewayFile }, env, report, 'database')
  const { engines } = (source?.data ?? {}) as GatewayFile
  const { databaseUrl } = gatewaySettings(engines ? { engines } : {}, env, dataDir, report)
  if (problems.length > 0) throw new ConfigurationError(configDir, sortProblems(problems))
  return { databaseUrl, dataDir }
}

const asRead = (files: readonly Checked<MattersFile>[]): CatalogueFile[] =>
  files.map(({ source, data }) => ({ file: source.name, data }))

/** The files of one place that are right; `complete` when all are. */
function checkPlace<T>(files: ConfigurationFiles, place: Place): { files: Checked<T>[]; complete: boolean } {
  const { schema } = places.find((each) => each.place === place)!
  const checked = files.of(place).map((source) => checkFile<T>(source, schema))
  const right = checked.filter((file) => file !== undefined)
  return { files: right, complete: right.length === checked.length }
}

function checkGateway(
  files: ConfigurationFiles,
  secretPlaces: SecretPlaces,
  report: (problem: ConfigurationProblem) => void,
): Checked<GatewayFile> | undefined {
  const source = files.of('gateway')[0]
  if (source) {
    const schema = readSchemas().find((file) => file.name === 'config/gateway.schema.json')!
    return checkFile<GatewayFile>(source, 'gateway', {
      schema: JSON.parse(schema.text),
      places: secretPlaces,
    })
  }
  report({
    file: 'gateway.yaml',
    line: 0,
    column: 0,
    pointer: '',
    message: 'The file is missing: it names the clients that may call',
    messageZh: '缺少该文件：其中列出允许调用的客户端',
  })
  return undefined
}
