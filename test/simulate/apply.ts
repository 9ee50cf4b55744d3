// One applicant's request, by the plan that the checklist and the intake use: with anything a platform may get wrong.

import type { CanonicalSubmission, SubmittedMaterial } from '../../schemas/types.ts'
import type { Mode } from '../../src/domain/catalogue.ts'
import type { SubmissionReceived } from '../../src/domain/events.ts'
import { type Plan, type PlanRequest, plan } from '../../src/domain/plan.ts'
import type { File } from '../../src/domain/submission.ts'
import { receivedEvent } from '../../src/intake/received.ts'
import { pick } from '../../src/sandbox/random.ts'
import type { Client } from '../../src/settings/settings.ts'
import { type City, platform } from './city.ts'
import { Broken, law } from './laws.ts'

const modes: readonly Mode[] = ['online', 'agent', 'appointment']
const client = { id: 'client', platform } as Client
const file: File = { sha256: 'f', size: 1, mediaType: 'application/pdf', fileName: 'f.pdf' }
const noFiles: ReadonlyMap<string, File[]> = new Map()

/** The event of a submission that the intake takes; null when its plan has problems. */
export function apply(
  city: City,
  submissionId: string,
  now: number,
  random: () => number,
): SubmissionReceived | null {
  const request = ask(city, random)
  const planned = planOf(city, request)
  checkPlan(planned)
  if (planned.problems.length > 0 || planned.cases.length === 0) return null
  const materials = planned.materials
    .filter((one) => one.required || random() < 0.5)
    .map(
      (one): SubmittedMaterial => ({
        code: one.code,
        source: pick(random, one.sources.length > 0 ? one.sources : ['upload']),
      }),
    )
  const submission = {
    externalId: submissionId.slice(-12),
    theme: request.theme,
    mode: request.mode,
    division: pick(random, city.divisions),
    homeDivision: request.homeDivision,
    materials,
    ...(request.mode === 'agent' ? { agent: { hall: 'hall-1', window: '1', clerk: '1' } } : {}),
    delivery: {
      ...(random() < 0.6 ? { collect: { address: {} } } : {}),
      return: { by: random() < 0.7 ? 'post' : 'hall' },
    },
  } as unknown as CanonicalSubmission
  const files = random() < 0.5 ? noFiles : new Map(materials.map((one) => [one.code, [file]]))
  const facts = {
    shared: new Map(),
    holderKey: Buffer.alloc(32),
    submissionId,
    submission,
    plan: planned,
    files,
    platform,
    client,
    now: new Date(now),
  }
  return receivedEvent({ ...facts, catalogue: city.catalogue, halls: city.halls })
}

function ask({ catalogue, divisions }: City, random: () => number): PlanRequest {
  const situations: Record<string, unknown> = { s1: random() < 0.5 }
  if (random() < 0.5) situations.s2 = pick(random, ['a', 'b', 'c'])
  if (random() < 0.02) situations[pick(random, ['s1', 's2', 's3'])] = 'wrong'
  const theme = pick(random, [...catalogue.themes.values()])
  return {
    theme: random() < 0.01 ? 't9' : theme.code,
    homeDivision: random() < 0.01 ? '999999' : pick(random, divisions),
    mode: pick(random, random() < 0.02 ? modes : theme.modes),
    situations,
    ...(random() < 0.04 ? { modes: { [pick(random, ['m1', 'm2', 'm3'])]: pick(random, modes) } } : {}),
  }
}

function planOf(city: City, request: PlanRequest): Plan {
  try {
    return plan(city.catalogue, request)
  } catch (error) {
    throw new Broken('plan never throws', String(error), error)
  }
}

/** What a plan says refers to what it says. */
function checkPlan({ cases, materials }: Plan): void {
  const codes = new Set(cases.map((one) => one.matter))
  law(codes.size === cases.length, 'a matter is planned once', () => [...codes].join(' '))
  for (const { matter, after } of cases)
    law(
      after.every((code) => code !== matter),
      'no matter waits for itself',
      () => matter,
    )
  law(
    new Set(materials.map((one) => one.code)).size === materials.length,
    'a material is asked for once',
    () => '',
  )
}
