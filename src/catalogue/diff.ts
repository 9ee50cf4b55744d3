// What two catalogues differ in, thing by thing, for people who decide whether it may come into force. Pure.
// What was added or removed as a whole is one change; its parts are not told again.

import { isDeepStrictEqual } from 'node:util'
import type { Catalogue, Limit, Matter, Names, Theme } from '../domain/catalogue.ts'
import { type ChangeWords, sentences } from './diff-sentences.ts'

export interface CatalogueChange extends ChangeWords {
  message: string
  messageZh: string
}

/** In the order: registers, themes with their situations and matters, matters with their limits, systems, materials. */
export function diffCatalogues(before: Catalogue, after: Catalogue): CatalogueChange[] {
  const changes = [
    ...compare('division', before.divisions, after.divisions),
    ...compare('department', before.departments, after.departments),
    ...compare('certificate-type', before.certificateTypes, after.certificateTypes),
    ...compare('theme', before.themes, after.themes, { apart: ['situations', 'matters'] }),
    ...inBoth(before.themes, after.themes).flatMap(themeParts),
    ...compare('matter', before.matters, after.matters, {
      apart: [...limits, 'systems', 'materials'],
    }),
    ...inBoth(before.matters, after.matters).flatMap(matterParts),
  ]
  return changes.map((change) => ({ ...change, ...sentences(change) }))
}

type Pair<T> = readonly [before: T, after: T]
type What = ChangeWords['what']
type Coded = ReadonlyMap<string, object>

const inBoth = <T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): Pair<T>[] =>
  [...before].flatMap(([code, one]) => (after.has(code) ? [[one, after.get(code)!] as const] : []))

function themeParts([before, after]: Pair<Theme>): ChangeWords[] {
  const of = { what: 'theme', code: after.code } as const
  return [
    ...compare('situation', byCode(before.situations), byCode(after.situations), { of }),
    ...compare('theme-matter', byMatter(before), byMatter(after), { of }),
  ]
}

function matterParts([before, after]: Pair<Matter>): ChangeWords[] {
  const of = { what: 'matter', code: after.code } as const
  const systems = ({ systems }: Matter) => new Map([...systems].map(([code, system]) => [code, { system }]))
  return [
    ...limits.flatMap((code) => compareLimit(code, before, after)),
    ...compare('system', systems(before), systems(after), { of }),
    ...compare('material', byCode(before.materials), byCode(after.materials), { of }),
  ]
}

const limits = ['legalLimit', 'promisedLimit', 'issuanceLimit', 'specialProcedureLimit'] as const

/** The first two are always there; of the others, none stands for what the settings say. */
function compareLimit(
  code: (typeof limits)[number],
  { [code]: before }: Matter,
  { [code]: after, code: matter }: Matter,
): ChangeWords[] {
  if (sameLimit(before, after)) return []
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  const values = { ...(before ? { before } : {}), ...(after ? { after } : {}) }
  return [{ what: 'limit', change, code, of: { what: 'matter', code: matter }, ...values }]
}

const sameLimit = (one: Limit | undefined, other: Limit | undefined): boolean =>
  one?.days === other?.days && one?.unit === other?.unit

const byCode = <T extends { code: string }>(list: readonly T[]): Map<string, T> =>
  new Map(list.map((one) => [one.code, one]))

const byMatter = ({ matters }: Theme) => new Map(matters.map(({ matter, ...entry }) => [matter, entry]))

function compare(
  what: What,
  before: Coded,
  after: Coded,
  { of, apart = [] }: { of?: ChangeWords['of']; apart?: readonly string[] } = {},
): ChangeWords[] {
  const place = of ? { of } : {}
  const named = (one: object) => ('name' in one ? { name: one.name as Names } : {})
  const changed = [...after].flatMap(([code, now]): ChangeWords[] => {
    const was = before.get(code)
    if (!was) return [{ what, change: 'added', code, ...place, ...named(now), ...systemIn(undefined, now) }]
    const fields = fieldsThatDiffer(was, now).filter((field) => !apart.includes(field))
    if (fields.length === 0) return []
    return [{ what, change: 'changed', code, ...place, ...named(now), fields, ...systemIn(was, now) }]
  })
  const removed = [...before].flatMap(([code, was]): ChangeWords[] =>
    after.has(code)
      ? []
      : [{ what, change: 'removed', code, ...place, ...named(was), ...systemIn(was, undefined) }],
  )
  return [...removed, ...changed]
}

function fieldsThatDiffer(before: object, after: object): string[] {
  const [was, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return [...new Set([...was.keys(), ...now.keys()])].filter(
    (field) => !isDeepStrictEqual(was.get(field), now.get(field)),
  )
}

/** The ids of systems are told; other values would be too long for a line. */
function systemIn(
  before: object | undefined,
  after: object | undefined,
): Pick<ChangeWords, 'before' | 'after'> {
  const idOf = (one: object | undefined) => (one && 'system' in one ? (one.system as string) : undefined)
  const [was, now] = [idOf(before), idOf(after)]
  return { ...(was === undefined ? {} : { before: was }), ...(now === undefined ? {} : { after: now }) }
}
