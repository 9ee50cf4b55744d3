// Finds and reads the files of a configuration folder. What may lie where is said here and nowhere else;
// what the files mean is not known here.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Environment } from './environment.ts'
import type { Report } from './problems.ts'
import { readSource, type Source } from './yaml-source.ts'

/** Each place, and the schema of schemas/config that its files follow. */
export const places = [
  { place: 'gateway', schema: 'gateway', pattern: /^gateway\.ya?ml$/ },
  { place: 'systems', schema: 'system', pattern: /^systems\/[^/]+\.ya?ml$/ },
  { place: 'matters', schema: 'matters', pattern: /^matters\/.+\.ya?ml$/ },
  { place: 'halls', schema: 'halls', pattern: /^halls\/[^/]+\.ya?ml$/ },
  { place: 'postal', schema: 'postal', pattern: /^postal\/[^/]+\.ya?ml$/ },
  { place: 'calendar', schema: 'calendar', pattern: /^calendar\/[^/]+\.ya?ml$/ },
] as const

export type Place = (typeof places)[number]['place']

export interface ConfigurationFiles {
  of(place: Place): readonly Source[]
  /** Short content hash of some of the files, by name and bytes. */
  hash(place?: Place): string
}

/**
 * Reads every YAML file of the folder but hidden ones, or those of one place; those that lie where nothing is
 * looked for are problems.
 */
export async function readConfiguration(
  configDir: string,
  env: Environment,
  report: Report,
  only?: Place,
): Promise<ConfigurationFiles> {
  const found: { place: Place; source: Source; bytes: Buffer }[] = []
  for (const name of await yamlFiles(configDir, report)) {
    const place = places.find((each) => each.pattern.test(name))?.place
    if (!place) {
      report(misplaced(name))
      continue
    }
    const twin = found.find((each) => isTwin(each.source.name, name, place))
    if (twin) report(twice(name, twin.source.name))
    if (twin || (only && place !== only)) continue
    const bytes = await readFile(join(configDir, name)).catch(() => undefined)
    const read = place === 'matters' ? null : env
    if (bytes) found.push({ place, bytes, source: readSource(name, bytes, read, report) })
    else report(unreadable(name))
  }
  return {
    of: (place) => found.filter((each) => each.place === place).map((each) => each.source),
    hash: (place) =>
      hashOf(
        found
          .filter((each) => !place || each.place === place)
          .map(({ source, bytes }) => ({ name: source.name, bytes })),
      ),
  }
}

/** What `hash()` of these files would be, without reading what they say; null while one of them cannot be read. */
export async function configurationVersion(configDir: string): Promise<string | null> {
  const names = (await yamlFiles(configDir, () => undefined)).filter((name) =>
    places.some(({ pattern }) => pattern.test(name)),
  )
  const read = async (name: string) => ({ name, bytes: await readFile(join(configDir, name)) })
  const found = await Promise.all(names.map(read)).catch(() => null)
  return found && hashOf(found)
}

/** systems/ems.yaml → ems */
export function stem(source: Source): string {
  return basename(source.name).replace(/\.ya?ml$/, '')
}

async function yamlFiles(configDir: string, report: Report): Promise<string[]> {
  try {
    const names = await readdir(configDir, { recursive: true })
    return names
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => /\.ya?ml$/i.test(name) && !/(^|\/)\./.test(name))
      .sort()
  } catch {
    report({
      file: '.',
      line: 0,
      column: 0,
      pointer: '',
      message: 'The configuration folder is not there: give it with TONGBAN_CONFIG',
      messageZh: '配置目录不存在：请用 TONGBAN_CONFIG 指定',
    })
    return []
  }
}

function unreadable(name: string): Parameters<Report>[0] {
  return {
    file: name,
    line: 0,
    column: 0,
    pointer: '',
    message: 'The file cannot be read: check that it is a file and its permissions',
    messageZh: '文件无法读取：请检查其类型和权限',
  }
}

/** Both would be the same system, or the gateway: one of them would count for nothing. */
function isTwin(known: string, name: string, place: Place): boolean {
  const plain = (path: string): string => path.replace(/\.ya?ml$/, '')
  return (place === 'gateway' || place === 'systems') && plain(known) === plain(name)
}

function twice(name: string, known: string): Parameters<Report>[0] {
  return {
    file: name,
    line: 1,
    column: 1,
    pointer: '',
    message: `${known} says the same thing: keep one of the two files`,
    messageZh: `与 ${known} 重复：请只保留其中一个文件`,
  }
}

function misplaced(name: string): Parameters<Report>[0] {
  if (!/\.ya?ml$/.test(name))
    return {
      file: name,
      line: 1,
      column: 1,
      pointer: '',
      message: 'Nothing reads this file: its name must end in .yaml or .yml, in small letters',
      messageZh: '该文件不会被读取：文件名须以小写的 .yaml 或 .yml 结尾',
    }
  return {
    file: name,
    line: 1,
    column: 1,
    pointer: '',
    message: `Nothing reads this file: it belongs in ${known}, or has a misspelt folder`,
    messageZh: `该文件不会被读取：请放入 ${known}，或检查目录名`,
  }
}

const known = 'gateway.yaml, systems/, matters/, halls/, postal/, calendar/'

function hashOf(files: { name: string; bytes: Buffer }[]): string {
  const hash = createHash('sha256')
  for (const { name, bytes } of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex').slice(0, 12)
}
