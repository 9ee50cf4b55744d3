// All catalogues that were ever recorded, in memory: there are few, and whoever decides must not wait for one. Each is
// built when it is first asked for. Knows no clock and no ledger.

import type { Catalogue, CertificateType } from '../domain/catalogue.ts'
import {
  type CatalogueStanding,
  type CatalogueVersion,
  inForceOn,
  liveVersions,
  standingOf,
} from '../domain/catalogue-versions.ts'
import type { RecordedCatalogue } from '../ledger/catalogue-versions.ts'
import { rebuildCatalogue } from './rebuild.ts'

export interface ListedVersion extends CatalogueVersion {
  standing: CatalogueStanding
}

export interface FoundVersion extends ListedVersion {
  files: RecordedCatalogue['files']
  catalogue: Catalogue
}

export interface Shelf {
  /** In the order of their numbers; those that stand here already are passed over. */
  add(records: readonly RecordedCatalogue[]): void
  /** Number of the newest; 0 when there is none. */
  newest(): number
  has(version: string): boolean
  of(version: string): Catalogue | undefined
  /** By number or content hash. */
  find(reference: string, day: string): FoundVersion | undefined
  /** The one that the day asks for; undefined while nothing was recorded. */
  due(day: string): FoundVersion | undefined
  /** The newest first. */
  list(day: string): ListedVersion[]
  /** Those that are in force or will be. */
  live(day: string): Catalogue[]
  /** As the newest that has it says. */
  certificateType(code: string): CertificateType | undefined
}

/** @param own built already, from the files of this process */
export function createShelf(own?: Catalogue): Shelf {
  const records: RecordedCatalogue[] = []
  const byVersion = new Map<string, RecordedCatalogue>()
  const built = new Map(own ? [[own.version, own]] : [])

  function build({ version, files }: RecordedCatalogue): Catalogue {
    const catalogue = built.get(version) ?? rebuildCatalogue(version, files)
    built.set(version, catalogue)
    return catalogue
  }

  const newest = (): number => records.at(-1)?.number ?? 0
  const found = (one: RecordedCatalogue, day: string): FoundVersion => ({
    ...one,
    standing: standingOf(one, records, day),
    catalogue: build(one),
  })

  return {
    add(more) {
      for (const one of more) {
        if (one.number <= newest()) continue
        records.push(one)
        byVersion.set(one.version, one)
      }
    },
    newest,
    has: (version) => byVersion.has(version),
    of(version) {
      const one = byVersion.get(version)
      return one && build(one)
    },
    find(reference, day) {
      const number = /^\d{1,9}$/.test(reference) ? Number(reference) : undefined
      const one = byVersion.get(reference) ?? records.find((other) => other.number === number)
      return one && found(one, day)
    },
    due(day) {
      const one = inForceOn(records, day)
      return one && found(one, day)
    },
    list: (day) =>
      records.map(({ files: _, ...one }) => ({ ...one, standing: standingOf(one, records, day) })).reverse(),
    live(day) {
      const current = inForceOn(records, day)
      return liveVersions(records)
        .filter(({ number }) => current && number >= current.number)
        .map(build)
    },
    certificateType(code) {
      const last = records.findLast((one) => build(one).certificateTypes.has(code))
      return last && build(last).certificateTypes.get(code)
    },
  }
}
