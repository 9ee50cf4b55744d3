// The lists of all files under config/matters joined into one, each entry knowing where it was written.
// A code described twice is reported and the first one stays.

import type { MattersFile } from '../../schemas/types.ts'
import type { Checked } from '../settings/checked.ts'
import { kinds, referOnce } from '../settings/references.ts'
import type { Source } from '../settings/yaml-source.ts'

type List<K extends keyof MattersFile> = NonNullable<MattersFile[K]> extends (infer T)[] ? T : never

type DivisionEntry = List<'divisions'>
type DepartmentEntry = List<'departments'>
type CertificateTypeEntry = List<'certificateTypes'>
export type MaterialEntry = List<'materials'>
export type MatterEntry = List<'matters'>
export type ThemeEntry = List<'themes'>
export type MaterialUse = NonNullable<MatterEntry['materials']>[number]

export interface Entry<T> {
  data: T
  source: Source
  /** Of the entry in its file. */
  pointer: string
}

/** By code, in the order of the files and of the lists. */
type Entries<T> = ReadonlyMap<string, Entry<T>>

export interface AllEntries {
  divisions: Entries<DivisionEntry>
  departments: Entries<DepartmentEntry>
  certificateTypes: Entries<CertificateTypeEntry>
  materials: Entries<MaterialEntry>
  matters: Entries<MatterEntry>
  themes: Entries<ThemeEntry>
}

/** All entries of all files. */
export function joinEntries(files: readonly Checked<MattersFile>[]): AllEntries {
  return {
    divisions: join(files, 'divisions', (data) => data.divisions, kinds.division),
    departments: join(files, 'departments', (data) => data.departments, kinds.department),
    certificateTypes: join(files, 'certificateTypes', (data) => data.certificateTypes, kinds.certificateType),
    materials: join(files, 'materials', (data) => data.materials, kinds.material),
    matters: join(files, 'matters', (data) => data.matters, kinds.matter),
    themes: join(files, 'themes', (data) => data.themes, { en: 'theme', zh: '主题' }),
  }
}

function join<T extends { code: string }>(
  files: readonly Checked<MattersFile>[],
  list: string,
  listOf: (data: MattersFile) => readonly T[] | undefined,
  kind: { en: string; zh: string },
): Entries<T> {
  const seen = new Map<string, string>()
  const entries = new Map<string, Entry<T>>()
  for (const { source, data } of files) {
    for (const [index, item] of (listOf(data) ?? []).entries()) {
      const pointer = `/${list}/${index}`
      if (!referOnce(seen, source, `${pointer}/code`, kind, item.code)) continue
      entries.set(item.code, { data: item, source, pointer })
    }
  }
  return entries
}
