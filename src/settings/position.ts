// Where a field of a system's file is written, for faults that are found after the file was read.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigurationProblem } from './problems.ts'
import { readSource } from './yaml-source.ts'

/** A problem at a field of config/systems/<id>.yaml; without a line when the file is not there. */
export async function systemProblem(
  configDir: string,
  system: string,
  pointer: string,
  message: string,
  messageZh: string,
): Promise<ConfigurationProblem> {
  for (const file of [`systems/${system}.yaml`, `systems/${system}.yml`]) {
    const bytes = await readFile(join(configDir, file)).catch(() => undefined)
    if (!bytes) continue
    let told: ConfigurationProblem | undefined
    const source = readSource(file, bytes, {}, (problem) => {
      told = problem
    })
    source.report(pointer, message, messageZh)
    if (told) return told
  }
  return { file: `systems/${system}.yaml`, line: 0, column: 0, pointer, message, messageZh }
}
