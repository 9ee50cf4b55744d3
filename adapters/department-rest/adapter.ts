// A department that speaks REST, put together: its preset, its settings, and what the adapter kit asks for.

import type { CaseStatuses } from '../../src/adapter-kit/case-report.ts'
import { checkedBy } from '../../src/adapter-kit/check.ts'
import type { Adapter, Attempt, Contents, Outgoing } from '../../src/adapter-kit/contract.ts'
import { CHINA_OFFSET } from '../../src/adapter-kit/local-time.ts'
import { wordsOf } from '../../src/adapter-kit/status-table.ts'
import { wrongSetting } from '../../src/adapter-kit/wrong-setting.ts'
import { exchange, type Line } from './ask.ts'
import { dialectOf } from './configured.ts'
import type { Dialect, Spoken } from './dialect.ts'
import type { EventRules } from './events.ts'
import { incomingOf } from './incoming.ts'
import { listingBy } from './listing.ts'
import { found, judge, sent } from './outcome.ts'
import { pollingBy } from './polling.ts'
import { laidOver, presetOf } from './presets/index.ts'
import type { DepartmentSettings } from './settings.ts'
import { incomingSigning, signingOf } from './signing.ts'
import { whereWritten } from './where-written.ts'

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function createDepartmentRest(given: DepartmentSettings): Adapter {
  return whereWritten(given, () => create(given))
}

function create(given: DepartmentSettings): Adapter {
  const preset = presetOf(given.preset)
  const settings = laidOver(preset.settings, given)
  const dialect = dialectOf(settings, preset.dialect)
  const charset = settings.charset ?? 'utf-8'
  const line: Line = { settings, charset, signing: signingOf(settings.signing, settings) }
  const statuses: CaseStatuses = { ...wordsOf(preset.rows), ...settings.statuses }
  const rules: EventRules = { statuses, offset: settings.utcOffset ?? CHINA_OFFSET }
  const { polling, listing } = dialect
  return {
    outgoing: outgoingPart(line, dialect),
    ...incomingPart(line, dialect, rules, given.incoming !== undefined),
    ...(polling ? { polling: pollingBy(line, polling, rules) } : {}),
    ...(listing ? { listing: listingBy(line, listing, statuses) } : {}),
    ...checkPart(line, dialect),
  }
}

function outgoingPart(line: Line, { operations }: Dialect): Adapter['outgoing'] {
  return Object.fromEntries(
    Object.entries(operations).map(([name, spoken]) => [name, outgoingOf(line, spoken as Spoken<never>)]),
  )
}

function outgoingOf<C extends Contents[keyof Contents]>(line: Line, spoken: Spoken<C>): Outgoing<C> {
  const { find, honoursKey } = spoken
  return {
    honoursKey,
    async send(content, attempt) {
      const { said } = await exchange(line, spoken, content, attempt)
      return sent(spoken.codes, said, content)
    },
    ...(find
      ? {
          async find(content: C, attempt: Attempt) {
            const { said } = await exchange(line, find, content, attempt)
            return found(find.codes, said, content)
          },
        }
      : {}),
  }
}

/** A preset's messages are read only where something proves who sends them, or the settings ask for it. */
function incomingPart(
  line: Line,
  { incoming: reader }: Dialect,
  rules: EventRules,
  asked: boolean,
): Pick<Adapter, 'incoming'> {
  const { settings, charset } = line
  const signing = incomingSigning(line.signing, settings)
  if (!reader || (!signing && !asked)) return {}
  if (!signing)
    throw wrongSetting(
      'incoming',
      '无法验证来源，请配置 incoming.signing，或 incoming.verify: false 并限定 pushClients (nothing proves who sends; configure incoming.signing, or incoming.verify: false with pushClients)',
      'incoming: { signing: { scheme: bearer, secret: { env: DEPARTMENT_TOKEN } } }',
    )
  return { incoming: incomingOf({ reader, signing, rules, charset, settings: settings.incoming ?? {} }) }
}

function checkPart(line: Line, { check }: Dialect): Pick<Adapter, 'check'> {
  if (!check) return {}
  return {
    check: (attempt) =>
      checkedBy(async () => {
        const { said } = await exchange(line, check, {} as never, attempt)
        judge(check.codes, said, {})
      }),
  }
}
