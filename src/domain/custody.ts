// Custody (交接): what a window, a platform or a department tells of papers that changed hands. One report is for several
// papers, all or none. The same report again changes nothing; the same told by the other side confirms it.

import { paperArrived, paperHandedIn } from './awaited-paper.ts'
import type { Rules } from './decide.ts'
import { type Draft, refuse, type Step } from './draft.ts'
import type { DomainEvent } from './events.ts'
import { addLink, confirmLink } from './hand-over.ts'
import { keeperOf, type Link, lastLink, sameKeeper, standing } from './paper.ts'
import { findPaper, type Held, type PaperName } from './papers.ts'
import type { Aggregate } from './submission.ts'

export type HandOver = DomainEvent & { type: 'material.handed-over' }

/** Why a hand-over cannot have been; `pointer` is that of the API's body. */
interface HandOverFault {
  pointer: string
  code:
    | 'unknown-department'
    | 'unknown-matter'
    | 'unknown-material'
    | 'not-paper'
    | 'before-last-hand-over'
    | 'from-the-future'
    | 'same-keeper'
  en: string
  zh: string
}

/** Clocks of halls and carriers differ a little from ours. */
const MOST_AHEAD_MS = 2 * 60_000

export function handOver(draft: Draft, event: HandOver, rules: Rules): Step {
  const faults = handOverFaults(draft.aggregate, event, draft.now)
  if (faults.length > 0)
    return refuse(faults.map(({ en }) => en).join('; '), faults.map(({ zh }) => zh).join('；'))
  const done = event.papers.reduce((next, name) => take(next, name, event, rules), draft)
  if (done === draft) return 'duplicate'
  const given = event.papers.flatMap((name) => ('material' in name ? [name.material] : []))
  if (event.to.kind === 'department') return paperArrived(done, given, rules)
  return event.from.kind === 'applicant' ? paperHandedIn(done, given, rules) : done
}

function take(draft: Draft, name: PaperName, event: HandOver, rules: Rules): Draft {
  const { from, to, at, by, place, waybill, note } = event
  const told = toldBefore(findPaper(draft, name)!, event)
  if (!told) {
    const more = { ...(place ? { place } : {}), ...(waybill ? { waybill } : {}), ...(note ? { note } : {}) }
    return addLink(draft, name, { from, to, at, by, ...more }, rules)
  }
  const agrees = told.by !== by && told.confirmed === undefined
  return agrees ? confirmLink(draft, name, told, { by, at }, rules) : draft
}

/** The link that this report is about, when it was told before. What begins with who holds it now is new. */
function toldBefore({ one, paper }: Held, { from, to, at, by, waybill }: HandOver): Link | undefined {
  const same = (link: Link): boolean =>
    standing(link) &&
    sameKeeper(link.from, from) &&
    sameKeeper(link.to, to) &&
    (waybill === undefined || link.waybill === undefined || waybill === link.waybill)
  const again = paper.links.findLast(
    (link) => same(link) && link.by === by && Date.parse(link.at) === Date.parse(at),
  )
  if (again) return again
  return sameKeeper(keeperOf(paper, one.system), from) ? undefined : paper.links.findLast(same)
}

/** Everything that makes the report impossible; none when it can be recorded. */
export function handOverFaults(aggregate: Aggregate, event: HandOver, now: string): HandOverFault[] {
  const draft: Draft = { aggregate, entries: [], now }
  return [
    ...(Date.parse(event.at) > Date.parse(now) + MOST_AHEAD_MS ? [fromTheFuture] : []),
    ...(sameKeeper(event.from, event.to) ? [nowhere] : []),
    ...(['from', 'to'] as const).flatMap((side) => departmentFault(aggregate, event, side)),
    ...event.papers.flatMap((name, i) => paperFaults(draft, name, i, event)),
  ]
}

function departmentFault(aggregate: Aggregate, event: HandOver, side: 'from' | 'to'): HandOverFault[] {
  const { kind, system } = event[side]
  if (kind !== 'department' || system === undefined) return []
  if (aggregate.cases.some((one) => one.system === system)) return []
  return [
    {
      pointer: `/${side}/system`,
      code: 'unknown-department',
      en: `${system} decides no case of this submission`,
      zh: `${system} 不办理本申办的任何办件`,
    },
  ]
}

function paperFaults(draft: Draft, name: PaperName, i: number, event: HandOver): HandOverFault[] {
  const isResult = 'result' in name
  const code = isResult ? name.result : name.material
  const pointer = isResult
    ? `/results/${event.papers.slice(0, i).filter((one) => 'result' in one).length}`
    : `/materials/${i}`
  const fault = (kind: HandOverFault['code'], en: string, zh: string): HandOverFault[] => [
    { pointer, code: kind, en, zh },
  ]
  const held = findPaper(draft, name)
  if (!held)
    return isResult
      ? fault('unknown-matter', `there is no case of matter ${code}`, `没有事项 ${code} 的办件`)
      : fault('unknown-material', `there is no material ${code}`, `没有材料 ${code}`)
  if (!isOnPaper(draft, held))
    return fault('not-paper', `${code} is not on paper`, `${code} 不是纸质${isResult ? '结果' : '材料'}`)
  const last = lastLink(held.paper)
  if (last === undefined || toldBefore(held, event) || Date.parse(event.at) >= Date.parse(last.at)) return []
  return fault(
    'before-last-hand-over',
    `${code} was handed over last at ${last.at}, which is later`,
    `${code} 最近一次交接时间为 ${last.at}，晚于所报时间`,
  )
}

function isOnPaper({ aggregate }: Draft, { one, paper }: Held): boolean {
  if (paper.links.length > 0) return true
  if (paper.material === undefined) return one.result ? one.result.type === 'paper' : one.paperResult
  return aggregate.materials.some(({ code, source }) => code === paper.material && source === 'paper')
}

const fromTheFuture: HandOverFault = {
  pointer: '/at',
  code: 'from-the-future',
  en: 'it has not happened yet',
  zh: '交接时间晚于当前时间',
}
const nowhere: HandOverFault = {
  pointer: '/to',
  code: 'same-keeper',
  en: 'from and to are the same',
  zh: '移交方与接收方相同',
}
