// Where the custody of papers that come with a submission begins: with the applicant who is to bring them, or with the
// window that took them in (代收代办), the first link of their chain.

import { awaiting } from './custody-watch.ts'
import type { Rules } from './decide.ts'
import type { Draft } from './draft.ts'
import type { ReceivedMaterial } from './events.ts'
import { addLink } from './hand-over.ts'
import { findPaper, putPaper } from './papers.ts'

/** No parcel fetches it, and its case waits for it: from now on the applicant is expected to bring it. */
export function expectByHand(draft: Draft, material: string, rules: Rules): Draft {
  const held = findPaper(draft, { material })
  if (!held) return draft
  const { one, paper } = held
  return putPaper(draft, one.id, awaiting({ ...paper, byHand: true }, one.system, draft.now, rules))
}

export function takeIn(
  draft: Draft,
  materials: readonly ReceivedMaterial[],
  client: string,
  rules: Rules,
): Draft {
  return materials.reduce(
    (next, { code, source, takenIn }) =>
      source === 'paper' && takenIn
        ? addLink(
            next,
            { material: code },
            { from: { kind: 'applicant' }, to: takenIn.by, at: takenIn.at, by: `client:${client}` },
            rules,
          )
        : next,
    draft,
  )
}
