// The options of a command, read the same way by all of them.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** For commands that read the configuration and keep something beside it. */
export const places = { config: { type: 'string' }, data: { type: 'string' } } as const

const helpOption = { help: { type: 'boolean', short: 'h' } } as const

type Parsed<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: T & typeof helpOption }>
>

/**
 * What was asked for; null when that was help, which has been printed. @throws TypeError that names what it
 * does not know
 */
export function readCommandLine<const T extends ParseArgsOptionsConfig>(
  args: string[],
  help: string,
  own: T,
  takes: 'options' | 'names' = 'options',
): Parsed<T> | null {
  const options = { ...own, ...helpOption }
  const parsed = parseArgs({ args, allowPositionals: takes === 'names', options }) as Parsed<T>
  if (!(parsed.values as { help?: boolean }).help) return parsed
  process.stdout.write(help)
  return null
}
