// A catalogue is brought into force while the gateway runs: the files are read and checked whole, compared with what is
// in force, and recorded under the next number; from its first day on every process uses it. Whatever is wrong, nothing
// changes. Submissions that were made before keep the one that they were made under.

import type { Logger } from 'pino'
import { type CatalogueChange, diffCatalogues } from '../../catalogue/diff.ts'
import { effectiveFromProblems } from '../../catalogue/effective-from.ts'
import type { Catalogues } from '../../catalogue/in-force.ts'
import { lackingSystems } from '../../catalogue/systems.ts'
import { judge } from '../../domain/catalogue-versions.ts'
import { recordCatalogue } from '../../ledger/catalogue-versions.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { ConfigurationError, type ConfigurationProblem } from '../../settings/problems.ts'
import type { Settings } from '../../settings/settings.ts'
import type { Configuration } from '../reload/prepare.ts'

interface ActivateDeps {
  /** Reads and checks the whole configuration, as at the start. @throws ConfigurationError */
  read(): Promise<Configuration>
  catalogues: Pick<Catalogues, 'inForce' | 'number' | 'find' | 'list' | 'refresh'>
  ledger: Pick<Ledger, 'writers'>
  /** Those in force here. */
  systems: { has(id: string): boolean }
  log: Pick<Logger, 'info' | 'warn'>
}

interface Valid {
  result: 'valid'
  version: string
  effectiveFrom: string
  /** Its number when it was recorded before. */
  recorded: number | null
  /** Against the version in force. */
  changes: readonly CatalogueChange[]
}

interface Activated {
  result: 'activated' | 'unchanged'
  number: number
  version: string
  effectiveFrom: string
  standing: 'in-force' | 'waiting' | 'past' | 'replaced'
  /** Against the version that was in force before. */
  changes: readonly CatalogueChange[]
}

interface Refused {
  result: 'refused'
  problems: readonly ConfigurationProblem[]
}

export interface Activator {
  /** What `activate` would do; changes nothing. */
  validate(replace: boolean): Promise<Valid | Refused>
  /** @param by `operator:<id>` */
  activate(by: string, replace: boolean): Promise<Activated | Refused>
}

export function activator(deps: ActivateDeps): Activator {
  const { catalogues, ledger, log } = deps
  return {
    async validate(replace) {
      await catalogues.refresh()
      const read = await readRight(deps)
      if ('problems' in read) return { result: 'refused', problems: read.problems }
      const { catalogue } = read
      const judgement = judge(catalogue, catalogues.list().reverse(), replace ? 'replace' : 'activate')
      if (judgement.verdict === 'refused')
        return { result: 'refused', problems: await effectiveFromProblems(read, judgement.objections) }
      const { version, effectiveFrom } = catalogue
      const changes = diffCatalogues(catalogues.inForce(), catalogue)
      return {
        result: 'valid',
        version,
        effectiveFrom,
        recorded: catalogues.find(version)?.number ?? null,
        changes,
      }
    },

    async activate(by, replace) {
      const read = await readRight(deps)
      if ('problems' in read) return refuse(by, read.problems)
      const { catalogue, catalogueFiles: files } = read
      const { version, effectiveFrom } = catalogue
      await catalogues.refresh()
      const changes = diffCatalogues(catalogues.inForce(), catalogue)
      const candidate = { version, effectiveFrom, by, files }
      const recorded = await recordCatalogue(ledger.writers, candidate, replace ? 'replace' : 'activate')
      if (recorded.verdict === 'refused')
        return refuse(by, await effectiveFromProblems(read, recorded.objections))
      await catalogues.refresh()
      const { number } = recorded.as
      const { standing } = catalogues.find(String(number))!
      const result = recorded.verdict === 'recorded' ? 'activated' : 'unchanged'
      log.info({ by, result, number, version, effectiveFrom, standing }, 'catalogue.activated')
      return { result, number, version, effectiveFrom, standing, changes }
    },
  }

  function refuse(by: string, problems: readonly ConfigurationProblem[]): Refused {
    log.warn({ by, problems }, 'catalogue.refused')
    return { result: 'refused', problems }
  }
}

type Read = Pick<Settings, 'catalogue' | 'catalogueFiles' | 'configDir'>

/** The catalogue of the files, unless anything is wrong with them or it leads to systems that are not in force. */
async function readRight({
  read,
  systems,
}: ActivateDeps): Promise<Read | { problems: readonly ConfigurationProblem[] }> {
  try {
    const { settings } = await read()
    const lacking = lackingSystems(settings.catalogue, systems)
    return lacking.length === 0 ? settings : { problems: lacking.map(notInForce) }
  } catch (error) {
    if (error instanceof ConfigurationError) return { problems: error.problems }
    throw error
  }
}

const notInForce = (system: string): ConfigurationProblem => ({
  file: `systems/${system}.yaml`,
  line: 0,
  column: 0,
  pointer: '',
  message: `The catalogue leads to system ${system}, which is not in force yet: reload the configuration first`,
  messageZh: `清单引用的系统 ${system} 尚未生效：请先重新加载配置`,
})
