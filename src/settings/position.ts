// Where a field of a file is written, for faults that are found after the file was read.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AdapterFailure } from '../adapter-kit/failures.ts'
import { settingPointer } from '../adapter-kit/wrong-setting.ts'
import type { ConfigurationProblem } from './problems.ts'
import { readSource } from './yaml-source.ts'

/** A problem at a field of config/systems/<id>.yaml; without a line when the file is not there. */
export function systemProblem(
  configDir: string,
  system: string,
  pointer: string,
  message: string,
  messageZh: string,
): Promise<ConfigurationProblem> {
  const files = [`systems/${system}.yaml`, `systems/${system}.yml`] as const
  return fileProblem(configDir, files, pointer, message, messageZh)
}

/** What an adapter does not accept of a system's settings, at the one it names. */
export function refusedSettings(
  configDir: string,
  system: string,
  refusal: unknown,
): Promise<ConfigurationProblem> {
  const { message } = refusal as Error
  const setting = refusal instanceof AdapterFailure ? refusal.setting : undefined
  return systemProblem(
    configDir,
    system,
    `/settings${settingPointer(setting ?? '')}`,
    `The adapter does not accept these settings: ${message}`,
    `适配器不接受这些设置：${message}`,
  )
}

/** A problem at a field of the first of these files that is there; without a line when none is. */
export async function fileProblem(
  configDir: string,
  files: readonly [string, ...string[]],
  pointer: string,
  message: string,
  messageZh: string,
): Promise<ConfigurationProblem> {
  for (const file of files) {
    const bytes = await readFile(join(configDir, file)).catch(() => undefined)
    if (!bytes) continue
    let told: ConfigurationProblem | undefined
    const source = readSource(file, bytes, {}, (problem) => {
      told = problem
    })
    source.report(pointer, message, messageZh)
    if (told) return told
  }
  return { file: files[0], line: 0, column: 0, pointer, message, messageZh }
}
