// One link more in a paper's chain, and what others are told of it. Whether the link may be is decided before.

import { awaiting } from './custody-watch.ts'
import type { Rules } from './decide.ts'
import type { Draft } from './draft.ts'
import { keeperOf, kindOf, type Link, lastLink, placeOf, sameKeeper } from './paper.ts'
import { findPaper, nameOf, type PaperName, putPaper } from './papers.ts'
import { publish } from './publish.ts'

/** Adds it. Paper is real: where it does not begin where the last one ended, it counts all the same, with an alarm. */
export function addLink(draft: Draft, name: PaperName, given: Omit<Link, 'gap'>, rules: Rules): Draft {
  const { one, paper } = findPaper(draft, name)!
  const expected = keeperOf(paper, one.system)
  const gap = !sameKeeper(expected, given.from)
  const link: Link = gap ? { ...given, gap } : given
  const longer = awaiting({ ...paper, links: [...paper.links, link] }, one.system, link.at, rules)
  const facts = { ...nameOf(paper, one), ...factsOf(link) }
  const ended = paper.awaits?.alarm ? { alarm: paper.awaits.alarm } : {}
  const told = publish(
    putPaper(draft, one.id, longer),
    'material.handed-over',
    one.id,
    link.at,
    { ...facts, ...ended },
    rules,
  )
  return gap
    ? publish(told, 'custody.gap', one.id, link.at, { ...facts, expected: placeOf(expected) }, rules)
    : told
}

/** The other side tells a hand-over that is known: both now agree. */
export function confirmLink(
  draft: Draft,
  name: PaperName,
  link: Link,
  confirmed: { by: string; at: string },
  rules: Rules,
): Draft {
  const { one, paper } = findPaper(draft, name)!
  const links = paper.links.map((each) => (each === link ? { ...each, confirmed } : each))
  const agreed = { ...paper, links }
  const signed = link === lastLink(paper) && link.to.kind === 'department'
  const next = signed ? awaiting(agreed, one.system, link.at, rules) : agreed
  return publish(
    putPaper(draft, one.id, next),
    'material.hand-over-confirmed',
    one.id,
    confirmed.at,
    { ...nameOf(paper, one), ...factsOf(link), by: confirmed.by },
    rules,
  )
}

/** The carrier takes its report back: the paper is where it was before. */
export function takeBackLink(draft: Draft, name: PaperName, link: Link, at: string, rules: Rules): Draft {
  const { one, paper } = findPaper(draft, name)!
  const links = paper.links.map((each) => (each === link ? { ...each, takenBack: true as const } : each))
  const shorter = { ...paper, links }
  const since = lastLink(shorter)?.at ?? at
  return publish(
    putPaper(draft, one.id, awaiting(shorter, one.system, since, rules)),
    'material.hand-over-taken-back',
    one.id,
    at,
    { ...nameOf(paper, one), ...factsOf(link) },
    rules,
  )
}

function factsOf(link: Link): Record<string, unknown> {
  const { from, to, place, waybill, parcel, gap } = link
  return {
    kind: kindOf(link),
    from: placeOf(from),
    to: placeOf(to),
    ...(place ? { place } : {}),
    ...(waybill ? { waybill } : {}),
    ...(parcel ? { parcelId: parcel } : {}),
    ...(gap ? { gap } : {}),
  }
}
