// The windows of one hall: the short form and the matrix of config/halls become one list of authorisations (充分授权).
// Reports what is authorised without a meaning: matters nobody described, periods that end before they begin, one right
// to one matter given twice for the same day, windows without any right.

import type { HallsFile } from '../../schemas/types.ts'
import { type Authorisation, rights, type Window } from '../domain/authority.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { checkSpan, kinds, refer, referOnce } from './references.ts'
import type { Source } from './yaml-source.ts'

type WindowEntry = HallsFile['halls'][number]['windows'][number]
/** An authorisation, and where its list of matters is written. */
type Written = Authorisation & { at: string }

/** `pointer` is that of the hall. */
export function windowsOf(
  source: Source,
  pointer: string,
  windows: readonly WindowEntry[],
  catalogue: Catalogue | undefined,
): Window[] {
  const seen = new Map<string, string>()
  return windows.map((window, index) => {
    const at = `${pointer}/windows/${index}`
    referOnce(seen, source, `${at}/code`, { en: 'window', zh: '窗口' }, window.code)
    checkSpans(source, at, window)
    const written = writtenIn(window, at)
    if (written.length === 0) reportPowerless(source, at, window)
    if (catalogue) for (const one of written) checkMatters(source, one, catalogue)
    checkOverlaps(source, written)
    return { code: window.code, authorisations: written.map(({ at: _, ...one }) => one) }
  })
}

function writtenIn({ collects, from, to, authorisations }: WindowEntry, at: string): Written[] {
  const short: Written[] =
    collects && from !== undefined && to !== undefined
      ? [{ right: 'collect', matters: collects, from, to, at: `${at}/collects` }]
      : []
  const matrix = (authorisations ?? []).flatMap((entry, index) =>
    rights.flatMap((right): Written[] => {
      const matters = entry[right]
      if (matters === undefined) return []
      return [
        { right, matters, from: entry.from, to: entry.to, at: `${at}/authorisations/${index}/${right}` },
      ]
    }),
  )
  return [...short, ...matrix]
}

function checkSpans(source: Source, at: string, { from, to, authorisations }: WindowEntry): void {
  if (from !== undefined && to !== undefined) checkSpan(source, at, { from, to })
  for (const [index, entry] of (authorisations ?? []).entries()) {
    const place = `${at}/authorisations/${index}`
    checkSpan(source, place, entry)
    if (entry.collect === undefined && entry.accept === undefined) {
      source.report(
        place,
        'This authorises nothing: list matters to collect or to accept',
        '此项未授权任何事项：请填写 collect（收件）或 accept（受理）',
      )
    }
  }
}

function reportPowerless(source: Source, at: string, { code, authorisations }: WindowEntry): void {
  if (authorisations !== undefined) return
  source.report(
    at,
    `Window ${code} is authorised for nothing: give it collects with from and to, or authorisations`,
    `窗口 ${code} 没有任何授权：请填写 collects 及 from、to，或填写 authorisations`,
  )
}

function checkMatters(source: Source, { matters, at }: Written, catalogue: Catalogue): void {
  for (const [index, matter] of matters.entries()) {
    if (matter !== '*') refer(source, `${at}/${index}`, kinds.matter, matter, catalogue.matters)
  }
}

/** Two periods of one right to one matter may touch, not overlap: which of them counts would be anybody's guess. */
function checkOverlaps(source: Source, written: readonly Written[]): void {
  const grants = written
    .filter(({ from, to }) => from <= to)
    .flatMap(({ matters, at, ...one }) => matters.map((matter, i) => ({ ...one, matter, at: `${at}/${i}` })))
  for (const [index, grant] of grants.entries()) {
    const before = grants.slice(0, index).find((other) => overlap(grant, other))
    if (before === undefined) continue
    const [from, to] = [before.from, before.to]
    source.report(
      grant.at,
      `The right to ${grant.right} ${nameEn(before.matter)} is already given from ${from} to ${to}: periods must not overlap`,
      `${nameZh(before.matter)}的${rightsZh[grant.right]}授权已有 ${from} 至 ${to}：期限不能重叠`,
    )
  }
}

type Grant = Omit<Authorisation, 'matters'> & { matter: string }

function overlap(one: Grant, other: Grant): boolean {
  const same = one.matter === other.matter || one.matter === '*' || other.matter === '*'
  return same && one.right === other.right && one.from <= other.to && other.from <= one.to
}

const nameEn = (matter: string): string => (matter === '*' ? 'every matter' : `matter ${matter}`)
const nameZh = (matter: string): string => (matter === '*' ? '全部事项' : `事项 ${matter}`)
const rightsZh = { collect: '收件', accept: '受理' } as const
