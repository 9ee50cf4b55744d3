// Cities to simulate in: a generated catalogue (themes that are DAGs of matters, situations, modes, materials of every
// source), departments of different temper, limits, holidays, contracts that begin late. The same seed makes the same
// cities; the rules are the gateway's own, made from such settings as it reads.

import type {
  Catalogue,
  Condition,
  MaterialSource,
  Matter,
  MatterMaterial,
  MatterResult,
  Mode,
  Names,
  Theme,
} from '../../src/domain/catalogue.ts'
import type { Rules } from '../../src/domain/decide.ts'
import { serviceEvents } from '../../src/domain/service-record.ts'
import { fixedSources, type RuleSettings, rulesOf } from '../../src/rules.ts'
import { between, createRandom, pick } from '../../src/sandbox/random.ts'
import type { Hall, SystemSettings } from '../../src/settings/settings.ts'

type Random = () => number

/** How a system lets itself be asked whether it has something already. */
export type Temper = 'finds' | 'honours-key' | 'neither'

export interface City {
  catalogue: Catalogue
  divisions: readonly string[]
  halls: ReadonlyMap<string, Hall>
  /** As configured … */
  rules: Rules
  /** … and once every county has its postal contract. */
  complete: Rules
  temper: ReadonlyMap<string, Temper>
}

export const platform = 'platform'
const registry = 'registry'
export const carrier = 'ems'
const tracker = 'kuaidi100'
const rating = 'rating'

const divisions = ['410202', '410204', '410221']
const departments = ['market', 'food', 'water', 'police', 'housing']
const modes: readonly Mode[] = ['online', 'agent', 'appointment']
const names = (code: string): Names => ({ zh: code, en: code })

export function makeCity(seed: string): City {
  const random = createRandom(seed)
  const matters = new Map(
    Array.from({ length: 8 }, (_, i) => makeMatter(i + 1, random)).map((one) => [one.code, one]),
  )
  const themes = Array.from({ length: 4 }, (_, i) => makeTheme(`t${i + 1}`, [...matters.keys()], random))
  const catalogue: Catalogue = {
    version: seed,
    effectiveFrom: '2026-01-01',
    themes: new Map(themes.map((one) => [one.code, one])),
    matters,
    divisions: new Map(divisions.map((code) => [code, { code, name: names(code), aliases: [] }])),
    departments: new Map(),
    certificateTypes: new Map(
      ['id', 'licence'].map((code) => [
        code,
        { code, name: names(code), registry, registers: code === 'licence' },
      ]),
    ),
  }
  const settings = makeSettings(random)
  const sources = { ...fixedSources(catalogue), offers: () => true }
  return {
    catalogue,
    divisions,
    halls: new Map([['hall-1', hall]]),
    rules: rulesOf(settings, sources),
    complete: rulesOf(
      { ...settings, postal: new Map(divisions.map((one) => [one, contract('2026-01-01', true)])) },
      sources,
    ),
    temper: new Map([...departments, registry, carrier, tracker].map((one) => [one, temperOf(one, random)])),
  }
}

const hall = { name: names('hall-1'), division: '410202', address: '1', phone: '1' } as unknown as Hall

function temperOf(system: string, random: Random): Temper {
  // Asking a registry twice changes nothing.
  if (system === registry || system === tracker) return 'honours-key'
  return pick<Temper>(random, ['finds', 'finds', 'honours-key', 'honours-key', 'neither'])
}

function some<T>(random: Random, list: readonly T[], share: number): T[] {
  const chosen = list.filter(() => random() < share)
  return chosen.length > 0 ? chosen : [pick(random, list)]
}

/** Those with a higher number may need what one with a lower yields. */
function makeMatter(number: number, random: Random): Matter {
  const code = `m${number}`
  const days = between(random, 1, 20)
  const own = divisions
    .filter(() => random() < 0.3)
    .map((one): [string, string] => [one, pick(random, departments)])
  const elsewhere: [string, string][] = random() < 0.95 ? [['*', pick(random, departments)]] : []
  return {
    code,
    name: names(code),
    department: 'any',
    systems: new Map([...own, ...elsewhere]),
    modes:
      random() < 0.8 ? [...new Set<Mode>(['online', ...some(random, modes, 0.6)])] : some(random, modes, 0.6),
    legalLimit: { days: days * 2, unit: 'G' },
    promisedLimit: { days, unit: random() < 0.8 ? 'G' : 'Z' },
    ...(random() < 0.2 ? { issuanceLimit: { days: between(random, 0, 10), unit: 'Z' } } : {}),
    ...(random() < 0.2 ? { specialProcedureLimit: { days: between(random, 5, 60), unit: 'G' } } : {}),
    results: random() < 0.3 ? [] : [makeResult(random)],
    materials: [
      ...Array.from({ length: between(random, 0, 3) }, () => makeMaterial(random)),
      ...(number > 1 && random() < 0.4 ? [yieldOf(between(random, 1, number - 1), random)] : []),
    ],
    ...(random() < 0.5 ? { corrections: { max: between(random, 1, 2) } } : {}),
    startsWhen: random() < 0.5 ? 'booked' : 'attended',
  }
}

function makeResult(random: Random): MatterResult {
  if (random() < 0.4) return { name: names('result'), type: 'paper' }
  const certificateType = random() < 0.5 ? { certificateType: 'licence' } : {}
  return { name: names('result'), type: 'electronic', ...certificateType }
}

/** What another matter yields, where that is done as well. */
function yieldOf(matter: number, random: Random): MatterMaterial {
  const { when: _, ...one } = makeMaterial(random)
  return { ...one, code: `r${matter}`, from: { matter: `m${matter}`, result: 1 } }
}

const sources: readonly MaterialSource[] = ['upload', 'certificate', 'shared', 'paper']

/** Matters share materials by code: one may be asked for by several. */
function makeMaterial(random: Random): MatterMaterial {
  const when = condition(random)
  return {
    code: `d${between(random, 1, 6)}`,
    name: names('material'),
    ...(when ? { when } : {}),
    required: random() < 0.7,
    sources: some(random, sources, 0.5),
    form: 'original',
    mediaTypes: ['application/pdf'],
    maxBytes: 1_000_000,
    certificateType: pick(random, ['id', 'licence']),
    uploadInstead: random() < 0.5,
    windowMayVerify: random() < 0.5,
    holdsCase: random() < 0.6,
    ...(random() < 0.4 ? { reusableFor: { days: between(random, 1, 400) } } : {}),
  }
}

function condition(random: Random): Condition | undefined {
  if (random() < 0.7) return undefined
  return random() < 0.5 ? { s1: random() < 0.5 } : { s2: random() < 0.5 ? 'a' : ['a', 'b'] }
}

function makeTheme(code: string, matters: readonly string[], random: Random): Theme {
  const chosen = matters.filter(() => random() < 0.35).slice(0, 5)
  const list = chosen.length > 0 ? chosen : [matters[0]!]
  return {
    code,
    name: names(code),
    applicant: 'any',
    modes: random() < 0.7 ? [...modes] : some(random, modes, 0.5),
    situations: [
      { code: 's1', question: names('s1'), type: 'boolean', required: true },
      {
        code: 's2',
        question: names('s2'),
        type: 'choice',
        choices: ['a', 'b', 'c'].map((value) => ({ value, name: names(value) })),
        required: false,
        default: 'a',
      },
    ],
    matters: list.map((matter, i) => {
      const when = i === 0 ? undefined : condition(random)
      return {
        matter,
        after: list.slice(0, i).filter(() => random() < 0.35),
        optional: random() < 0.1,
        ...(when ? { when } : {}),
      }
    }),
  }
}

function contract(from: string, tracked: boolean) {
  return {
    system: carrier,
    customerNumber: '90000001',
    from,
    to: '2099-12-31',
    ...(tracked ? { tracker } : {}),
  } as unknown as RuleSettings['postal'] extends ReadonlyMap<string, infer Contract> ? Contract : never
}

const calendar = {
  year: 2026,
  source: 'made up',
  daysOff: ['2026-05-01', '2026-05-04', '2026-05-05', '2026-10-01', '2026-10-02'],
  workingDays: ['2026-05-09', '2026-10-10'],
}

/** What systems subscribe to decides how much a city talks: most departments are not called back at all. */
const appetites = [[], [], [], ['case.withdrawn'], ['*']]
const platformAppetites = [['case.closed'], ['case.*'], ['*'], ['case.*', 'submission.*', 'parcel.*']]

function makeSettings(random: Random): RuleSettings {
  const subscribes = new Map(departments.map((one) => [one, pick(random, appetites)]))
  subscribes.set(platform, pick(random, platformAppetites))
  subscribes.set(rating, [])
  const contracts = divisions
    .filter(() => random() < 0.8)
    .map((one) => [one, contract(random() < 0.8 ? '2026-01-01' : '2026-12-01', random() < 0.5)] as const)
  return {
    systems: new Map(
      [...subscribes].map(([id, list]) => [
        id,
        { id, subscribes: list, divisions: ['*'] } as unknown as SystemSettings,
      ]),
    ),
    postal: new Map(contracts),
    rating: random() < 0.5 ? { system: rating, events: serviceEvents } : null,
    custody: { applicantDays: 5, windowDays: 2, carrierDays: 5, departmentDays: 3, receiptDays: 2 },
    certificates: { maxAgeHours: pick(random, [1, 24, 24 * 30]), uploadAfterHours: 24 },
    deadlines: {
      acceptanceDays: between(random, 1, 5),
      supplementDays: between(random, 3, 30),
      issuanceDays: between(random, 1, 10),
      specialProcedureDays: between(random, 5, 30),
      appointmentDays: between(random, 1, 10),
      warnShare: 0.8,
      escalation: pick(random, [[], [3], [3, 5, 10]]),
      supplementTimeout: pick(random, ['terminate', 'none'] as const),
      appointmentTimeout: pick(random, ['terminate', 'none'] as const),
    },
    calendar: new Map([[2026, calendar]]),
  }
}
