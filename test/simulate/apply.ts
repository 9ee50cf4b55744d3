// One applicant's request, by the plan that the checklist and the intake use: with anything a platform may get wrong.

import type { CanonicalSubmission, SubmittedMaterial } from '../../schemas/types.ts'
import type { Mode } from '../../src/domain/catalogue.ts'
import type { SubmissionReceived } from '../../src/domain/events.ts'
import { type Plan, type PlanRequest, plan } from '../../src/domain/plan.ts'
import type { Branch } from '../../src/domain/redo.ts'
import type { File, Submission } from '../../src/domain/submission.ts'
import { receivedEvent } from '../../src/intake/received.ts'
import type { ReusableMaterial } from '../../src/ledger/reusable.ts'
import { between, pick } from '../../src/sandbox/random.ts'
import type { Client } from '../../src/settings/settings.ts'
import { type City, platform } from './city.ts'
import { Broken, law } from './law.ts'
import { someSlot } from './slots.ts'
import { iso } from './world.ts'

const modes: readonly Mode[] = ['online', 'agent', 'appointment']
const client = { id: 'client', platform } as Client
const file: File = { sha256: 'f', size: 1, mediaType: 'application/pdf', fileName: 'f.pdf' }
const noFiles: ReadonlyMap<string, File[]> = new Map()

/** The branch of an earlier submission that is to be done again. */
interface Again {
  of: Submission
  branch: Branch
}

/** The event of a submission that the intake takes; null when its plan has problems. */
export function apply(
  city: City,
  submissionId: string,
  now: number,
  random: () => number,
  again?: Again,
): SubmissionReceived | null {
  const request = again ? askAgain(city, again, random) : ask(city, random)
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
    applicant: { type: 'person', name: 'somebody', idType: 'resident-id', idNumber: submissionId },
    theme: request.theme,
    mode: request.mode,
    division: pick(random, city.divisions),
    homeDivision: request.homeDivision,
    materials,
    ...(random() < 0.9 ? { appointment: appointmentAt(now, random) } : {}),
    ...(request.mode === 'agent' ? { agent: agentOf(materials, iso(now), random) } : {}),
    delivery: {
      ...(random() < 0.6 ? { collect: { address: {} } } : {}),
      return: { by: random() < 0.7 ? 'post' : 'hall' },
    },
  } as unknown as CanonicalSubmission
  const files = random() < 0.5 ? noFiles : new Map(materials.map((one) => [one.code, [file]]))
  const facts = {
    shared: sharedOf(materials, now, random),
    holderKey: Buffer.alloc(32),
    submissionId,
    submission,
    plan: planned,
    files,
    platform,
    client,
    now: new Date(now),
    ...(again ? { redo: again.branch } : {}),
  }
  const event = receivedEvent({ ...facts, catalogue: city.catalogue, halls: city.halls, city: null })
  checkOptional(planned, event)
  return event
}

/** What the applicant was shown as optional is optional. */
function checkOptional({ cases }: Plan, event: SubmissionReceived): void {
  cases.forEach(({ matter, optional }, i) => {
    const one = event.cases[i]
    const isKept = one?.matter.code === matter && (one.optional ?? false) === optional
    law(isKept, 'what the plan calls optional is optional', () => matter)
  })
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

/** The same theme in the same place; the answers may be others by now. */
function askAgain(city: City, { of, branch }: Again, random: () => number): PlanRequest {
  const theme = city.catalogue.themes.get(of.theme)!
  const request = { ...ask(city, random), theme: of.theme, homeDivision: of.homeDivision, redo: branch }
  return { ...request, mode: pick(random, theme.modes) }
}

/** Taken by whatever case goes by appointment; of another's book the time may be said beside it. */
function appointmentAt(now: number, random: () => number): { slot: string; at?: string } {
  const slot = someSlot(iso(now), random)
  const days = between(random, 0, 8)
  return { slot, ...(random() < 0.3 ? { at: iso(now + days * DAY) } : {}) }
}

/** A window has seen some of the originals. */
function agentOf(materials: readonly SubmittedMaterial[], at: string, random: () => number) {
  const verified = materials.filter(() => random() < 0.3).map(({ code }) => ({ material: code, at }))
  return { hall: 'hall-1', window: '1', clerk: '1', verified }
}

const DAY = 24 * 3_600_000

/** What an earlier case of the same holder left: some with a certificate, verified a while ago. */
function sharedOf(
  materials: readonly SubmittedMaterial[],
  now: number,
  random: () => number,
): Map<string, ReusableMaterial> {
  const taken = materials.filter(({ source }) => source === 'shared' && random() < 0.7)
  return new Map(taken.map(({ code }) => [code, reusable(code, now - random() * 30 * DAY, random() < 0.5)]))
}

function reusable(code: string, decidedAt: number, isCertificate: boolean): ReusableMaterial {
  const verifiedAt = iso(decidedAt)
  const facts = { identifier: code, verifiedAt, recheckAfter: iso(decidedAt + DAY), evidence: {} }
  return {
    ...{ id: `reu_${code}`, holder: 'holder', material: code, platform, division: '410202' },
    ...{ submissionId: 'sub_earlier', caseId: 'case_earlier', matter: 'm0', expiresOn: '2099-12-31' },
    decidedAt: new Date(decidedAt),
    trust: isCertificate ? 'fetched' : 'accepted',
    data: { name: code, files: [file], ...(isCertificate ? { certificate: { type: 'id', ...facts } } : {}) },
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
