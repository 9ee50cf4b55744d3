// Joins the files of config/matters into the catalogue that the domain works with, and checks what they say of
// one another. Pure apart from reporting: reading files is src/settings' work.

import type { MattersFile } from '../../schemas/types.ts'
import type { Catalogue, Department, Matter, MatterMaterial, Theme } from '../domain/catalogue.ts'
import type { Checked } from '../settings/checked.ts'
import type { Report } from '../settings/problems.ts'
import type { KnownSystems } from '../settings/references.ts'
import { checkMatter, checkRegisters } from './check-matter.ts'
import { checkReach } from './check-reach.ts'
import { checkTheme } from './check-theme.ts'
import { type AllEntries, joinEntries, type MatterEntry, type ThemeEntry } from './entries.ts'

interface BuildContext {
  systems: KnownSystems
  /** Content hash of the files. */
  version: string
  report: Report
}

/** The catalogue; what is wrong is reported, and what refers to nothing is left out of it. */
export function buildCatalogue(files: readonly Checked<MattersFile>[], context: BuildContext): Catalogue {
  const entries = joinEntries(files)
  checkRegisters(entries, context.systems)
  for (const matter of entries.matters.values()) checkMatter(matter, entries, context.systems)
  for (const theme of entries.themes.values()) checkTheme(theme, entries)
  checkReach(entries)
  if (entries.divisions.size === 0) context.report(noDivisions)
  return assembleCatalogue(files, entries, context.version)
}

/** The catalogue of entries that are right. */
export function assembleCatalogue(
  files: readonly Checked<MattersFile>[],
  entries: AllEntries,
  version: string,
): Catalogue {
  return {
    version,
    effectiveFrom: effectiveFrom(files),
    themes: mapped(entries.themes, themeOf),
    matters: mapped(entries.matters, (matter) => matterOf(matter, entries)),
    divisions: mapped(entries.divisions, ({ code, name, aliases }) => ({
      code,
      name,
      aliases: aliases ?? [],
    })),
    departments: mapped(entries.departments, (department): Department => department),
    certificateTypes: mapped(entries.certificateTypes, (type) => type),
  }
}

const noDivisions = {
  file: 'matters',
  line: 0,
  column: 0,
  pointer: '',
  message: 'No file under config/matters lists any divisions: at least one is needed',
  messageZh: 'config/matters 下没有任何行政区划：至少需要一个',
}

function effectiveFrom(files: readonly Checked<MattersFile>[]): string {
  const given = files.filter(({ data }) => data.effectiveFrom !== undefined)
  for (const { source } of given.slice(1)) {
    const first = given[0]!.source.name
    source.report(
      '/effectiveFrom',
      `effectiveFrom is given twice; the first is in ${first}`,
      `effectiveFrom 重复填写，首次填写在 ${first}`,
    )
  }
  return given[0]?.data.effectiveFrom ?? '1970-01-01'
}

function themeOf(theme: ThemeEntry): Theme {
  const { code, name, applicant, modes, form } = theme
  return {
    code,
    name,
    applicant,
    modes,
    situations: (theme.situations ?? []).map((situation) => ({
      ...situation,
      required: situation.required!,
    })),
    matters: theme.matters.map((entry) => ({ ...entry, after: entry.after ?? [] })),
    ...(form === undefined ? {} : { form }),
  }
}

function matterOf(matter: MatterEntry, entries: AllEntries): Matter {
  const { systems: _, notOffered: __, results, materials, startsWhen, ...rest } = matter
  return {
    ...rest,
    systems: systemsOf(matter, entries),
    results: results ?? [],
    materials: (materials ?? []).flatMap((use) => materialOf(use, entries)),
    startsWhen: startsWhen!,
  }
}

/** By division; '*' stands for all others only where there is none in which it is not offered. */
function systemsOf(
  { systems, notOffered = [] }: MatterEntry,
  { divisions }: AllEntries,
): Map<string, string> {
  const named = new Map(typeof systems === 'string' ? [['*', systems]] : Object.entries(systems))
  const all = named.get('*')
  if (all === undefined || notOffered.length === 0) return named
  named.delete('*')
  for (const code of divisions.keys())
    if (!named.has(code) && !notOffered.includes(code)) named.set(code, all)
  return named
}

function materialOf(
  use: NonNullable<MatterEntry['materials']>[number],
  entries: AllEntries,
): MatterMaterial[] {
  const material = entries.materials.get(use.material)?.data
  if (!material) return []
  return [
    {
      code: material.code,
      name: material.name,
      required: use.required!,
      sources: use.sources ?? material.sources,
      form: material.form!,
      mediaTypes: material.mediaTypes!,
      maxBytes: material.maxBytes!,
      uploadInstead: material.uploadInstead!,
      windowMayVerify: use.windowMayVerify ?? material.windowMayVerify!,
      holdsCase: use.holdsCase!,
      ...(use.when === undefined ? {} : { when: use.when }),
      ...(use.from === undefined ? {} : { from: { matter: use.from.matter, result: use.from.result! } }),
      ...(material.reusableFor === undefined ? {} : { reusableFor: material.reusableFor }),
      ...(material.certificateType === undefined ? {} : { certificateType: material.certificateType }),
    },
  ]
}

function mapped<T, R>(entries: ReadonlyMap<string, { data: T }>, make: (data: T) => R): Map<string, R> {
  return new Map([...entries].map(([code, { data }]) => [code, make(data)]))
}
