// What parcels tell of the papers in them. A parcel's reports come in any order and may be taken back, so the chain is
// brought in line with what the parcel has become, not with the single report:
//
//   on its way            the carrier has it, from whoever held it
//   delivered             and then the department, or the applicant
//   returned              and then whoever sent it
//   ordered, cancelled    the carrier has nothing

import { awaiting } from './custody-watch.ts'
import type { Rules } from './decide.ts'
import { type Draft, findParcel } from './draft.ts'
import type { ParcelEvent } from './events.ts'
import { addLink, confirmLink, takeBackLink } from './hand-over.ts'
import { type Keeper, keeperOf, type Link, lastLink, type Paper, sameKeeper, standing } from './paper.ts'
import { findPaper, type PaperName, putPaper } from './papers.ts'
import type { Case, Parcel } from './submission.ts'
import { meaningOf } from './way-back.ts'

/** When the parcel is ordered: from now on whoever holds its papers is expected to send them. */
export function expectPapers(draft: Draft, parcel: Parcel, rules: Rules): Draft {
  return papersIn(draft, parcel).reduce((next, name) => {
    const held = findPaper(next, name)
    return held ? putPaper(next, held.one.id, awaiting(held.paper, held.one.system, draft.now, rules)) : next
  }, draft)
}

/** After a report of its carrier: the chains say what the parcel says. `by` is who told. */
export function followPapers(draft: Draft, parcelId: string, by: string, rules: Rules): Draft {
  const parcel = findParcel(draft, parcelId)!
  return papersIn(draft, parcel).reduce(
    (next, name) => (findPaper(next, name) ? follow(next, name, parcel, by, rules) : next),
    draft,
  )
}

function papersIn({ aggregate }: Draft, parcel: Parcel): PaperName[] {
  if (parcel.direction === 'collect') return parcel.materials.map((material) => ({ material }))
  const one = aggregate.cases.find(({ id }) => id === parcel.caseId)
  return one ? [{ result: one.matter.code }] : []
}

const withCarrier: ReadonlySet<Parcel['state']> = new Set([
  'collected',
  'in-transit',
  'out-for-delivery',
  'delivery-failed',
  'returning',
  'lost',
])

function follow(draft: Draft, name: PaperName, parcel: Parcel, by: string, rules: Rules): Draft {
  const { state } = parcel
  const isMoving = withCarrier.has(state)
  if (!isMoving && state !== 'delivered' && state !== 'returned')
    return takeBack(takeBack(draft, name, parcel, 'from', rules), name, parcel, 'to', rules)
  const sent = send(draft, name, parcel, by, rules)
  return isMoving ? takeBack(sent, name, parcel, 'from', rules) : arrive(sent, name, parcel, by, rules)
}

const ofParcel = (links: readonly Link[], parcel: Parcel, side: 'from' | 'to'): Link | undefined =>
  links.findLast((one) => standing(one) && one.parcel === parcel.id && one[side].kind === 'carrier')

function takeBack(draft: Draft, name: PaperName, parcel: Parcel, side: 'from' | 'to', rules: Rules): Draft {
  const link = ofParcel(findPaper(draft, name)!.paper.links, parcel, side)
  return link ? takeBackLink(draft, name, link, parcel.trail.at(-1)!.at, rules) : draft
}

function send(draft: Draft, name: PaperName, parcel: Parcel, by: string, rules: Rules): Draft {
  const { one, paper } = findPaper(draft, name)!
  const at = timeOf(parcel, 'parcel.collected') ?? firstTime(parcel)
  const known = ofParcel(paper.links, parcel, 'to')
  if (known) return known.by === by && known.at !== at ? retime(draft, name, known, at) : draft
  const last = lastLink(paper)
  // The receiver was quicker to tell that it has come.
  if (last?.parcel === undefined && last?.to.kind === destination(parcel)) return draft
  const to: Keeper = { kind: 'carrier', system: parcel.system }
  if (last && isThisTrip(last, to, parcel)) return adopt(draft, name, last, parcel, { by, at }, rules)
  return addLink(draft, name, { from: senderOf(paper, one), to, at, by, ...labelOf(parcel) }, rules)
}

function arrive(draft: Draft, name: PaperName, parcel: Parcel, by: string, rules: Rules): Draft {
  const { one, paper } = findPaper(draft, name)!
  const to = receiverOf(paper, one, parcel)
  const at = timeOf(parcel, `parcel.${parcel.state as 'delivered' | 'returned'}`) ?? firstTime(parcel)
  const known = ofParcel(paper.links, parcel, 'from')
  if (known?.to.kind === to.kind) return draft
  const last = lastLink(paper)
  const isTold = last?.from.kind === 'carrier' || parcel.state === 'delivered'
  if (last?.parcel === undefined && last?.to.kind === to.kind && isTold)
    return adopt(draft, name, last, parcel, { by, at }, rules)
  const open = known ? takeBackLink(draft, name, known, at, rules) : draft
  const from: Keeper = { kind: 'carrier', system: parcel.system }
  return addLink(open, name, { from, to, at, by, ...labelOf(parcel) }, rules)
}

/** A window said that it handed the paper to this carrier, without knowing the parcel. */
const isThisTrip = (link: Link, carrier: Keeper, { reference }: Parcel): boolean =>
  link.parcel === undefined &&
  sameKeeper(link.to, carrier) &&
  (link.waybill === undefined || reference === undefined || link.waybill === reference)

/** What was told without the parcel is tied to it, and so confirmed. */
function adopt(
  draft: Draft,
  name: PaperName,
  link: Link,
  parcel: Parcel,
  told: { by: string; at: string },
  rules: Rules,
): Draft {
  const tied = { ...link, ...labelOf(parcel) }
  return confirmLink(replace(draft, name, link, tied), name, tied, told, rules)
}

/** The delivery was heard of first; now the collection tells its own time. */
const retime = (draft: Draft, name: PaperName, link: Link, at: string): Draft =>
  replace(draft, name, link, { ...link, at })

function replace(draft: Draft, name: PaperName, link: Link, by: Link): Draft {
  const { one, paper } = findPaper(draft, name)!
  return putPaper(draft, one.id, { ...paper, links: paper.links.map((each) => (each === link ? by : each)) })
}

const labelOf = ({ id, reference }: Parcel): Pick<Link, 'parcel' | 'waybill'> => ({
  parcel: id,
  ...(reference ? { waybill: reference } : {}),
})

/** Whoever had it before the carrier. */
function senderOf(paper: Paper, { system }: Case): Keeper {
  const links = paper.links.filter(({ to }) => to.kind !== 'carrier')
  return keeperOf({ ...paper, links }, system)
}

function receiverOf(paper: Paper, one: Case, parcel: Parcel): Keeper {
  if (parcel.state === 'returned') return ofParcel(paper.links, parcel, 'to')?.from ?? senderOf(paper, one)
  const kind = destination(parcel)
  return kind === 'department' ? { kind, system: one.system } : { kind }
}

const destination = ({ direction }: Parcel): 'department' | 'applicant' =>
  direction === 'collect' ? 'department' : 'applicant'

const timeOf = ({ trail }: Parcel, event: ParcelEvent): string | undefined =>
  trail.findLast((one) => !one.takenBack && meaningOf(one, trail) === event)?.at

/** The earliest that the carrier says of having it. */
function firstTime({ trail }: Parcel): string {
  const moved = trail.filter(({ event, takenBack }) => !takenBack && event !== 'parcel.ordered')
  return moved.map(({ at }) => at).reduce((a, b) => (Date.parse(b) < Date.parse(a) ? b : a), trail.at(-1)!.at)
}
