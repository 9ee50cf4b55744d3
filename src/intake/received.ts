// A checked submission as the event that the domain decides on, and the document that the departments are told from.

import type { CanonicalSubmission, PostalAddress } from '../../schemas/types.ts'
import { mayAccept } from '../domain/authority.ts'
import type { Catalogue, Matter } from '../domain/catalogue.ts'
import type { ReceivedCase, ReceivedMaterial, SubmissionReceived } from '../domain/events.ts'
import { materialsOf, type Plan } from '../domain/plan.ts'
import { dayInChina, momentOf } from '../domain/present.ts'
import type { Branch } from '../domain/redo.ts'
import type { File } from '../domain/submission.ts'
import type { ReusableMaterial } from '../ledger/reusable.ts'
import type { City, Client, Hall } from '../settings/settings.ts'
import { fetchedFrom, type Here, located } from './addresses.ts'
import { holderHash } from './holder-hash.ts'
import type { SharedMaterials } from './shared-materials.ts'
import { takenIn } from './taken-in.ts'

export interface ReceivedInput {
  submissionId: string
  submission: CanonicalSubmission
  plan: Plan
  files: ReadonlyMap<string, File[]>
  /** Taken from earlier cases, by material code. */
  shared: SharedMaterials
  /** Hashes holders of what may be used again. */
  holderKey: Buffer
  platform: string
  client: Client
  catalogue: Catalogue
  halls: ReadonlyMap<string, Hall>
  city: City | null
  now: Date
  /** The branch of an earlier submission that is done again. */
  redo?: Branch
}

export function receivedEvent(input: ReceivedInput): SubmissionReceived {
  const { submission, plan, catalogue, redo } = input
  const { externalId, theme, mode, division, homeDivision, delivery } = submission
  return {
    type: 'submission.received',
    submissionId: input.submissionId,
    externalId,
    platform: input.platform,
    client: input.client.id,
    theme,
    mode,
    division,
    homeDivision,
    catalogueVersion: catalogue.version,
    post: {
      collect: delivery?.collect !== undefined || sendingHall(input) !== undefined,
      deliver: delivery?.return?.by === 'post',
    },
    ...holderOf(input),
    cases: plan.cases.map((one) =>
      receivedCase(one, catalogue.matters.get(one.matter)!, submission.appointment),
    ),
    materials: [...receivedMaterials(input), ...receivedResults(plan)],
    ...(redo ? { redoes: { submissionId: redo.submissionId, satisfied: redo.satisfied } } : {}),
  }
}

function receivedCase(
  one: Plan['cases'][number],
  matter: Matter,
  booked: CanonicalSubmission['appointment'],
): ReceivedCase {
  const { code, name, taskCode, handleItem } = matter
  return {
    matter: { code, name: name.zh, ...(taskCode ? { taskCode } : {}), ...(handleItem ? { handleItem } : {}) },
    system: one.system,
    mode: one.mode,
    after: one.after,
    waitsForAttendance: one.mode === 'appointment' && matter.startsWhen === 'attended',
    ...(one.mode === 'appointment' && booked ? slotOf(booked) : {}),
    paperResult: matter.results.some((result) => result.type === 'paper'),
    ...(one.optional ? { optional: true } : {}),
  }
}

const slotOf = ({ slot, at }: NonNullable<CanonicalSubmission['appointment']>) => ({
  slot,
  ...(at === undefined ? {} : { startsAt: at }),
})

function receivedMaterials(input: ReceivedInput): ReceivedMaterial[] {
  const { submission, plan, files, shared, catalogue, now } = input
  const planned = materialsOf(plan)
  return (submission.materials ?? []).flatMap((given): ReceivedMaterial[] => {
    const wanted = planned.get(given.code)
    if (!wanted) return []
    const earlier = given.source === 'shared' ? shared.get(given.code) : undefined
    const certificateType =
      given.source === 'certificate'
        ? (given.certificateType ?? wanted.certificateType)
        : earlier?.data.certificate?.type
    const registry = certificateType ? catalogue.certificateTypes.get(certificateType)?.registry : undefined
    return [
      {
        code: given.code,
        name: wanted.name.zh,
        source: given.source,
        matters: wanted.matters,
        files: files.get(given.code) ?? [],
        holdsCase: wanted.holdsCase,
        ...takenIn(given, submission, now),
        ...(certificateType ? { certificateType } : {}),
        ...(registry ? { registry } : {}),
        ...(registry && wanted.uploadInstead ? { uploadInstead: true } : {}),
        ...(earlier ? sharedFacts(earlier) : reuseOf(wanted)),
        ...checkedAtWindow(submission, given.code),
      },
    ]
  })
}

/** What comes from other matters instead of from the applicant. */
function receivedResults({ results }: Plan): ReceivedMaterial[] {
  return results.map(({ code, name, from, certificateType, matters }) => ({
    code,
    name: name.zh,
    source: 'result',
    from,
    matters,
    files: [],
    holdsCase: false,
    ...(certificateType ? { certificateType } : {}),
  }))
}

/** Who holds it is only written down, as a hash, where something may be used again. */
function holderOf({ submission, plan, holderKey }: ReceivedInput): { holder?: string } {
  if (!plan.materials.some((one) => one.reusableFor)) return {}
  return { holder: holderHash(holderKey, submission.applicant) }
}

const reuseOf = ({ reusableFor }: Plan['materials'][number]): Pick<ReceivedMaterial, 'reusableDays'> =>
  reusableFor ? { reusableDays: reusableFor.days } : {}

function sharedFacts(earlier: ReusableMaterial): Pick<ReceivedMaterial, 'sharedFrom' | 'certificate'> {
  const { id, submissionId, caseId, matter, decidedAt, expiresOn, trust, data } = earlier
  return {
    sharedFrom: { id, submissionId, caseId, matter, decidedAt: decidedAt.toISOString(), expiresOn, trust },
    ...(data.certificate ? { certificate: data.certificate } : {}),
  }
}

function checkedAtWindow({ agent }: CanonicalSubmission, code: string): Pick<ReceivedMaterial, 'checked'> {
  const check = agent?.verified?.find(({ material }) => material === code)
  return agent && check ? { checked: { hall: agent.hall, window: agent.window, at: check.at } } : {}
}

/** What departments, registries and carriers are told from, as normalised. */
export function documentOf(input: ReceivedInput): Record<string, unknown> {
  const { submission, plan, now } = input
  const delivery = deliveryOf(input)
  return {
    submittedAt: submission.appliedAt ?? momentOf(now),
    applicant: withPlace(submission.applicant, hereOf(input)),
    ...(submission.agent ? { agent: { ...submission.agent, ...accepting(input) } } : {}),
    situations: plan.situations,
    form: submission.form ?? {},
    ...(delivery ? { delivery } : {}),
    ...(submission.appointment ? { appointment: submission.appointment } : {}),
  }
}

const hereOf = ({ catalogue: { divisions }, city }: ReceivedInput): Here => ({ divisions, city })

const withPlace = (applicant: CanonicalSubmission['applicant'], here: Here) =>
  applicant.address ? { ...applicant, address: located(applicant.address, here) } : applicant

/** With whole addresses; the hall's own where it sends on what it took in. */
function deliveryOf(input: ReceivedInput): CanonicalSubmission['delivery'] {
  const { submission } = input
  const here = hereOf(input)
  const { collect, return: back } = submission.delivery ?? {}
  const hall = sendingHall(input)
  if (!submission.delivery && !hall) return undefined
  return {
    ...submission.delivery,
    ...(hall ? { collect: { address: located(addressOf(hall, here), here) } } : {}),
    ...(collect
      ? { collect: { ...collect, address: located(fetchedFrom(collect, submission.applicant), here) } }
      : {}),
    ...(back?.address ? { return: { ...back, address: located(back.address, here) } } : {}),
  }
}

const addressOf = ({ name, phone, division, address }: Hall, { divisions }: Here): PostalAddress => ({
  name: name.zh,
  mobile: phone,
  county: divisions.get(division)?.name.zh ?? '',
  address,
})

/** 代收代办: the hall that took paper in sends it on, where the applicant has not asked for a pick-up. */
function sendingHall({ submission, halls }: ReceivedInput): Hall | undefined {
  const paper = submission.materials?.some((one) => one.source === 'paper')
  if (submission.mode !== 'agent' || !paper || submission.delivery?.collect || !submission.agent)
    return undefined
  return halls.get(submission.agent.hall)
}

/** The matters that this window may accept in their departments' names today (受理); most windows only collect. */
function accepting({ submission, plan, halls, now }: ReceivedInput): { accepts?: string[] } {
  const window = halls
    .get(submission.agent?.hall ?? '')
    ?.windows.find((one) => one.code === submission.agent?.window)
  const today = dayInChina(now)
  const accepts = plan.cases
    .filter((one) => one.mode === 'agent' && window && mayAccept(window, one.matter, today))
    .map((one) => one.matter)
  return accepts.length > 0 ? { accepts } : {}
}
