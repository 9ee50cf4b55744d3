// 代收代办: papers that a window took in with the submission, the first link of their custody.

import type { Rules } from './decide.ts'
import type { Draft } from './draft.ts'
import type { PlannedMaterial } from './events.ts'
import { addLink } from './hand-over.ts'

export function takeIn(
  draft: Draft,
  materials: readonly PlannedMaterial[],
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
