// Lays a system's own settings over its preset (or over nothing): what is configured is compiled here,
// what is not stays as the preset wrote it.

import { CHINA_OFFSET } from '../../src/adapter-kit/local-time.ts'
import { wrongSetting } from '../../src/adapter-kit/wrong-setting.ts'
import { messageReader } from './answers.ts'
import { askedOf } from './asked.ts'
import { type Asked, type Dialect, type Spoken, type SpokenOperation, spokenOperations } from './dialect.ts'
import { type Compile, compiler } from './expressions.ts'
import { listingOf, pollingOf } from './pages.ts'
import type { AskedSettings, DepartmentSettings, OperationSettings } from './settings.ts'

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function dialectOf(settings: DepartmentSettings, preset: Dialect): Dialect {
  const compile = compiler(settings.utcOffset ?? CHINA_OFFSET, settings.tables)
  const operations: Record<string, Spoken<never>> = {}
  for (const name of spokenOperations) {
    const spoken = spokenOf(name, preset, settings, compile)
    if (spoken) operations[name] = spoken
  }
  const incoming = messageReader(settings.incoming, preset.incoming, compile)
  const polling = pollingOf(settings, preset, incoming, compile)
  const listing = listingOf(settings, preset, compile)
  const check = checkOf(settings, preset, operations, compile)
  return {
    operations,
    ...(incoming ? { incoming } : {}),
    ...(polling ? { polling } : {}),
    ...(listing ? { listing } : {}),
    ...(check ? { check } : {}),
  }
}

function spokenOf(
  name: SpokenOperation,
  preset: Dialect,
  settings: DepartmentSettings,
  compile: Compile,
): Spoken<never> | undefined {
  const base = preset.operations[name] as Spoken<never> | undefined
  const own: OperationSettings = settings.operations?.[name] ?? {}
  if (!base && !own.send) return undefined
  const where = `operations.${name}`
  const shared = { answer: { ...settings.answer, ...own.answer }, codes: { ...settings.codes, ...own.codes } }
  const send = askedOf<never>({ ...shared, ...own.send }, base, `${where}.send`, `${where}.answer`, compile)
  if (!send)
    throw wrongSetting(`${where}.answer.code`, '缺失 (is missing)', 'answer: { code: $string(code) }')
  const find = findOf(own, base, settings, where, compile)
  return { ...send, honoursKey: own.honoursKey ?? base?.honoursKey ?? false, ...(find ? { find } : {}) }
}

function findOf(
  own: OperationSettings,
  base: Spoken<never> | undefined,
  settings: DepartmentSettings,
  where: string,
  compile: Compile,
): Asked<never> | undefined {
  if (!own.find && !base?.find) return undefined
  const asked: Partial<AskedSettings> = {
    ...own.find,
    answer: { ...settings.answer, ...own.find?.answer },
    codes: { ...settings.codes, ...own.codes, ...own.find?.codes },
  }
  return askedOf<never>(asked, base?.find, `${where}.find`, `${where}.find.answer`, compile)
}

/** Read as a query is: the check is a question too. */
function checkOf(
  settings: DepartmentSettings,
  preset: Dialect,
  operations: Record<string, Spoken<never>>,
  compile: Compile,
): Asked<never> | undefined {
  const { submitCase } = operations
  const reading = submitCase?.find ?? submitCase
  const base = preset.check ?? (reading && settings.check ? reading : undefined)
  if (!settings.check) return base
  const { answer, codes, ...request } = settings.check
  const own = {
    ...request,
    answer: { ...settings.answer, ...answer },
    codes: { ...settings.codes, ...codes },
  }
  return askedOf<never>(own, base, 'check', 'check.answer', compile)
}
