// A submission becomes cases, materials, parcels and the first transfers.

import { takeIn } from './custody-intake.ts'
import type { Rules } from './decide.ts'
import { dispatchWhenReady } from './dispatch.ts'
import { addCase, addMaterial, addParcel, type Draft, enter, transfer } from './draft.ts'
import type { PlannedCase, PlannedMaterial, SubmissionReceived } from './events.ts'
import { orderParcel } from './parcel.ts'
import { publish } from './publish.ts'
import { type Aggregate, type Case, partId, type Wait } from './submission.ts'

export function receive(event: SubmissionReceived, now: string, rules: Rules): Draft {
  const ids = new Map(
    event.cases.map((one, i) => [one.matter.code, partId('case', event.submissionId, i + 1)]),
  )
  let draft: Draft = { aggregate: empty(event), entries: [], now }
  for (const planned of event.cases) draft = addCase(draft, newCase(planned, ids, event))
  for (const planned of event.materials) draft = addMaterial(draft, newMaterial(planned, ids))
  draft = publish(
    draft,
    'submission.received',
    null,
    now,
    { cases: event.cases.length, mode: event.mode },
    rules,
  )
  for (const planned of event.materials) draft = fetchCertificate(draft, planned)
  draft = takeIn(collectPaper(draft, event, ids, rules), event.materials, event.client, rules)
  for (const id of ids.values()) draft = dispatchWhenReady(draft, id)
  return draft
}

function empty(event: SubmissionReceived): Aggregate {
  const {
    submissionId: id,
    externalId,
    platform,
    client,
    theme,
    mode,
    division,
    homeDivision,
    catalogueVersion,
    post,
  } = event
  const counts = { transfers: 0, parcels: 0, entries: 0 }
  return {
    submission: {
      id,
      externalId,
      platform,
      client,
      theme,
      mode,
      division,
      homeDivision,
      catalogueVersion,
      state: 'open',
      post,
      counts,
    },
    cases: [],
    materials: [],
    parcels: [],
    transfers: [],
  }
}

function newCase(planned: PlannedCase, ids: Map<string, string>, event: SubmissionReceived): Case {
  const waits: Wait[] = planned.after
    .filter((matter) => ids.has(matter))
    .map((matter) => ({ for: 'case', id: ids.get(matter)! }))
  if (planned.waitsForAttendance) waits.push({ for: 'attendance' })
  for (const material of event.materials) {
    if (material.source === 'certificate' && material.matters.includes(planned.matter.code))
      waits.push({ for: 'certificate', material: material.code })
  }
  const { matter, system, mode, paperResult } = planned
  return {
    id: ids.get(matter.code)!,
    matter,
    system,
    mode,
    state: 'pending',
    waits,
    round: 0,
    asked: [],
    paperResult,
  }
}

function newMaterial(planned: PlannedMaterial, ids: Map<string, string>) {
  const { code, name, source, files, certificateType, registry } = planned
  const cases = planned.matters.map((matter) => ids.get(matter)!).filter(Boolean)
  return {
    code,
    name,
    source,
    cases,
    files,
    ...(certificateType ? { certificateType } : {}),
    ...(registry ? { registry } : {}),
  }
}

function fetchCertificate(draft: Draft, planned: PlannedMaterial): Draft {
  if (planned.source !== 'certificate') return draft
  const lane = `${planned.registry}:${draft.aggregate.submission.id}:${planned.code}`
  return transfer(draft, {
    operation: 'obtainCertificate',
    system: planned.registry!,
    caseId: null,
    lane,
    about: { material: planned.code },
  })
}

/** One collect parcel per department that needs paper by post. */
function collectPaper(
  draft: Draft,
  event: SubmissionReceived,
  ids: Map<string, string>,
  rules: Rules,
): Draft {
  const papers = event.materials.filter((one) => one.source === 'paper')
  if (papers.length === 0) return draft
  if (!event.post.collect)
    return enter(draft, 'material.paper-awaited', null, draft.now, {
      materials: papers.map((one) => one.code),
    })
  let next = draft
  for (const planned of event.cases) {
    const mine = papers.filter((one) => one.matters[0] === planned.matter.code)
    if (mine.length === 0) continue
    const made = addParcel(next, {
      caseId: ids.get(planned.matter.code)!,
      direction: 'collect',
      system: '',
      materials: mine.map((one) => one.code),
      state: 'wanted',
      trail: [],
    })
    next = orderParcel(made.draft, made.parcel.id, rules)
    const holding = new Set(mine.filter((one) => one.holdsCase).flatMap((one) => one.matters))
    next = hold(next, holding, made.parcel.id)
  }
  return next
}

function hold(draft: Draft, matters: Set<string>, parcel: string): Draft {
  const cases = draft.aggregate.cases.map((one) =>
    matters.has(one.matter.code) ? { ...one, waits: [...one.waits, { for: 'paper' as const, parcel }] } : one,
  )
  return { ...draft, aggregate: { ...draft.aggregate, cases } }
}
