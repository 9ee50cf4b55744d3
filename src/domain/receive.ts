// A submission becomes cases, materials, parcels and the first transfers.

import { booked } from './appointment-watch.ts'
import { expectByHand, takeIn } from './custody-intake.ts'
import type { Rules } from './decide.ts'
import { dispatchWhenReady } from './dispatch.ts'
import { addCase, addMaterial, addParcel, type Draft, enter, transfer } from './draft.ts'
import type { ReceivedCase, ReceivedMaterial, SubmissionReceived } from './events.ts'
import { orderParcel } from './parcel.ts'
import { publish } from './publish.ts'
import { asCertificate } from './results.ts'
import { type Aggregate, type Case, type Material, partId, type Satisfied, type Wait } from './submission.ts'

export function receive(event: SubmissionReceived, now: string, rules: Rules): Draft {
  const ids = new Map(
    event.cases.map((one, i) => [one.matter.code, partId('case', event.submissionId, i + 1)]),
  )
  let draft: Draft = { aggregate: empty(event), entries: [], now }
  for (const received of event.cases) draft = addCase(draft, newCase(received, ids, event, now, rules))
  for (const received of event.materials) draft = addMaterial(draft, newMaterial(received, ids, event, now))
  draft = publish(
    draft,
    'submission.received',
    null,
    now,
    {
      cases: event.cases.length,
      mode: event.mode,
      ...(event.redoes ? { redoes: event.redoes.submissionId } : {}),
    },
    rules,
  )
  for (const received of event.materials) draft = fetchCertificate(draft, received)
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
    holder,
    redoes,
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
      ...(holder ? { holder } : {}),
      ...(redoes ? { redoes } : {}),
      counts,
    },
    cases: [],
    materials: [],
    parcels: [],
    transfers: [],
  }
}

function newCase(
  received: ReceivedCase,
  ids: Map<string, string>,
  event: SubmissionReceived,
  now: string,
  rules: Rules,
): Case {
  const after = received.after.flatMap((matter) => ids.get(matter) ?? [])
  const waits: Wait[] = after.map((id) => ({ for: 'case', id }))
  if (received.waitsForAttendance) waits.push({ for: 'attendance' })
  for (const material of event.materials) {
    if (material.source === 'certificate' && material.matters.includes(received.matter.code))
      waits.push({ for: 'certificate', material: material.code })
    const from = material.source === 'result' ? ids.get(material.from ?? '') : undefined
    if (from && material.matters.includes(received.matter.code))
      waits.push({ for: 'result', material: material.code, id: from })
  }
  const { matter, system, mode, paperResult, slot, startsAt, optional } = received
  return {
    id: ids.get(matter.code)!,
    matter,
    system,
    mode,
    state: 'pending',
    ...(after.length > 0 ? { after } : {}),
    waits,
    round: 0,
    asked: [],
    ...(mode === 'appointment' ? { appointment: booked(slot, startsAt, now, rules) } : {}),
    paperResult,
    ...(optional ? { optional } : {}),
  }
}

function newMaterial(
  { matters, holdsCase: _, takenIn: __, from, ...received }: ReceivedMaterial,
  ids: Map<string, string>,
  { redoes }: SubmissionReceived,
  now: string,
): Material {
  const cases = matters.map((matter) => ids.get(matter)!).filter(Boolean)
  if (received.source !== 'result') return { ...received, cases }
  return { ...received, cases, ...resultOf({ ...received, from }, ids, redoes?.satisfied ?? [], now) }
}

/** To come from a case of this submission, or there already from the one it redoes. */
function resultOf(
  received: Pick<ReceivedMaterial, 'certificateType'> & { from: string | undefined },
  ids: Map<string, string>,
  satisfied: readonly Satisfied[],
  now: string,
): Pick<Material, 'from' | 'certificate'> {
  const here = ids.get(received.from ?? '')
  if (here) return { from: here }
  const { result, ...origin } = satisfied.find((one) => one.matter === received.from)!
  return {
    from: origin.caseId,
    ...(result ? { certificate: asCertificate(result, received, origin, now) } : {}),
  }
}

function fetchCertificate(draft: Draft, received: ReceivedMaterial): Draft {
  if (received.source !== 'certificate') return draft
  const lane = `${received.registry}:${draft.aggregate.submission.id}:${received.code}`
  return transfer(draft, {
    operation: 'obtainCertificate',
    system: received.registry!,
    caseId: null,
    lane,
    about: { material: received.code },
  })
}

/** One collect parcel per department that needs paper by post; without post, papers are brought by hand. */
function collectPaper(
  draft: Draft,
  event: SubmissionReceived,
  ids: Map<string, string>,
  rules: Rules,
): Draft {
  const papers = event.materials.filter((one) => one.source === 'paper')
  if (papers.length === 0) return draft
  if (!event.post.collect) return awaitByHand(draft, papers, rules)
  let next = draft
  for (const received of event.cases) {
    const mine = papers.filter((one) => one.matters[0] === received.matter.code)
    if (mine.length === 0) continue
    const made = addParcel(next, {
      caseId: ids.get(received.matter.code)!,
      direction: 'collect',
      system: '',
      materials: mine.map((one) => one.code),
      state: 'wanted',
      trail: [],
    })
    next = orderParcel(made.draft, made.parcel.id, rules)
    const holding = new Set(mine.filter((one) => one.holdsCase).flatMap((one) => one.matters))
    next = hold(next, holding, { for: 'paper', parcel: made.parcel.id })
  }
  return next
}

function awaitByHand(draft: Draft, papers: readonly ReceivedMaterial[], rules: Rules): Draft {
  const materials = papers.map(({ code }) => code)
  const entered = enter(draft, 'material.paper-awaited', null, draft.now, { materials })
  return papers
    .filter((one) => one.holdsCase)
    .reduce((next, { code, matters }) => {
      const held = hold(next, new Set(matters), { for: 'paper', material: code })
      return expectByHand(held, code, rules)
    }, entered)
}

function hold(draft: Draft, matters: Set<string>, wait: Wait): Draft {
  const cases = draft.aggregate.cases.map((one) =>
    matters.has(one.matter.code) ? { ...one, waits: [...one.waits, wait] } : one,
  )
  return { ...draft, aggregate: { ...draft.aggregate, cases } }
}
