// A checked submission as the event that the domain decides on, and the document that the departments are told from.

import type { CanonicalSubmission } from '../../schemas/types.ts'
import type { Catalogue, Matter } from '../domain/catalogue.ts'
import type { PlannedCase, PlannedMaterial, SubmissionReceived } from '../domain/events.ts'
import type { Plan } from '../domain/plan.ts'
import type { File } from '../domain/submission.ts'
import type { Client, Hall } from '../settings/settings.ts'
import { takenIn } from './taken-in.ts'

export interface ReceivedInput {
  submissionId: string
  submission: CanonicalSubmission
  plan: Plan
  files: ReadonlyMap<string, File[]>
  platform: string
  client: Client
  catalogue: Catalogue
  halls: ReadonlyMap<string, Hall>
  now: Date
}

export function receivedEvent(input: ReceivedInput): SubmissionReceived {
  const { submission, plan, catalogue } = input
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
    cases: plan.cases.map((one) => plannedCase(one, catalogue.matters.get(one.matter)!)),
    materials: plannedMaterials(input),
  }
}

function plannedCase(one: Plan['cases'][number], matter: Matter): PlannedCase {
  const { code, name, taskCode, handleItem } = matter
  return {
    matter: { code, name: name.zh, ...(taskCode ? { taskCode } : {}), ...(handleItem ? { handleItem } : {}) },
    system: one.system,
    mode: one.mode,
    after: one.after,
    waitsForAttendance: one.mode === 'appointment' && matter.startsWhen === 'attended',
    paperResult: matter.results.some((result) => result.type === 'paper'),
  }
}

function plannedMaterials({ submission, plan, files, catalogue, now }: ReceivedInput): PlannedMaterial[] {
  const planned = new Map(plan.materials.map((one) => [one.code, one]))
  return (submission.materials ?? []).flatMap((given): PlannedMaterial[] => {
    const wanted = planned.get(given.code)
    if (!wanted) return []
    const certificateType =
      given.source === 'certificate' ? (given.certificateType ?? wanted.certificateType) : undefined
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
      },
    ]
  })
}

/** What departments, registries and carriers are told from, as normalised. */
export function documentOf(input: ReceivedInput): Record<string, unknown> {
  const { submission, plan, now } = input
  const hall = sendingHall(input)
  const delivery = hall
    ? {
        ...submission.delivery,
        collect: {
          address: {
            name: hall.name.zh,
            mobile: hall.phone,
            county: input.catalogue.divisions.get(hall.division)?.name.zh ?? '',
            address: hall.address,
          },
        },
      }
    : submission.delivery
  return {
    submittedAt: submission.appliedAt ?? now.toISOString(),
    applicant: submission.applicant,
    ...(submission.agent ? { agent: submission.agent } : {}),
    situations: plan.situations,
    form: submission.form ?? {},
    ...(delivery ? { delivery } : {}),
    ...(submission.appointment ? { appointment: submission.appointment } : {}),
  }
}

/** 代收代办: the hall that took paper in sends it on, where the applicant has not asked for a pick-up. */
function sendingHall({ submission, halls }: ReceivedInput): Hall | undefined {
  const paper = submission.materials?.some((one) => one.source === 'paper')
  if (submission.mode !== 'agent' || !paper || submission.delivery?.collect || !submission.agent)
    return undefined
  return halls.get(submission.agent.hall)
}
