// The rules run without any test runner, and what came of each: for `tongban adapter test` and an adapter's own test.

import { isDeepStrictEqual } from 'node:util'
import type { AdapterKind, AdapterManifest } from '../contract.ts'
import { readManifest } from '../load.ts'
import type { Checker } from './checker.ts'
import { type Rule, ruleGroups } from './rules.ts'
import { readSamples } from './sample.ts'

export interface ConformanceReport {
  adapter: string
  kind: AdapterKind
  held: number
  broken: number
  groups: readonly ReportedGroup[]
}

export interface ReportedGroup {
  /** `declared`, an operation or question, or `incoming`. */
  about: string
  rules: readonly ReportedRule[]
  notAsked: readonly { name: string; why: string }[]
}

export interface ReportedRule {
  rule: string
  held: boolean
  /** What was expected and what was found instead, a sentence each. */
  why: readonly string[]
}

/**
 * Runs the whole kit over one adapter.
 * @param folder its folder, ending in '/'
 * @param given its manifest, where it is not the folder's own manifest.ts
 * @throws Error when the manifest cannot be loaded or a sample cannot be read
 */
export async function conformanceReport(folder: URL, given?: AdapterManifest): Promise<ConformanceReport> {
  const manifest = given ?? (await readManifest(folder))
  const groups: ReportedGroup[] = []
  for (const { about, rules, failures, notAsked } of ruleGroups(manifest, await readSamples(folder))) {
    const reported: ReportedRule[] = []
    for (const rule of [...rules, ...failures]) reported.push(await outcomeOf(rule))
    groups.push({ about, rules: reported, notAsked })
  }
  const all = groups.flatMap(({ rules }) => rules)
  const held = all.filter((one) => one.held).length
  return { adapter: manifest.name, kind: manifest.kind, held, broken: all.length - held, groups }
}

async function outcomeOf(rule: Rule): Promise<ReportedRule> {
  const why: string[] = []
  const checker: Checker = {
    test: async (_name, body) => body(checker),
    same(found, wanted, message) {
      if (!isDeepStrictEqual(plain(found), plain(wanted))) why.push(differing(message, found, wanted))
    },
    ok(value, message) {
      if (!value) why.push(message)
    },
  }
  try {
    await rule.check(checker)
  } catch (error) {
    why.push(`threw ${(error as Error).name}: ${(error as Error).message}`)
  }
  return { rule: rule.name, held: why.length === 0, why }
}

/** As JSON would carry it: members without a value do not count. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value))

function differing(message: string, found: unknown, wanted: unknown): string {
  const [path, was, should] = firstDifference(plain(found), plain(wanted), [])
  const place = path.length === 0 ? '' : ` at ${path.join('.')}`
  return `${message}${place}: wanted ${shown(should)}, found ${shown(was)}`
}

function firstDifference(found: unknown, wanted: unknown, path: string[]): [string[], unknown, unknown] {
  if (!isObject(found) || !isObject(wanted) || Array.isArray(found) !== Array.isArray(wanted))
    return [path, found, wanted]
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)])
  for (const name of names)
    if (!isDeepStrictEqual(found[name], wanted[name]))
      return firstDifference(found[name], wanted[name], [...path, name])
  return [path, found, wanted]
}

const LONGEST = 300

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
