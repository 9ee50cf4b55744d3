// One applicant's request, invented by seed and fitted to whatever checklist the gateway gives.
// Makes plain data and file bytes only; sends nothing.

import { beijingIso } from '../beijing-time.ts'
import { type MadeFile, type MadeMediaType, madeMediaTypes, makeFile } from '../files/index.ts'
import { between, pick } from '../random.ts'
import { newborn, organisation, type Person, person, shop } from '../world/people.ts'
import type { MaterialView, Mode, ThemeView } from './catalogue.ts'
import { fillForm } from './form.ts'

interface Wish {
  theme: ThemeView
  mode: Mode
  situations: Record<string, boolean | string>
  applicant: Person
  /** Six-digit codes. */
  division: string
  homeDivision: string
}

export interface Request {
  /** Canonical, but for the materials' files. */
  submission: Record<string, unknown>
  materials: RequestMaterial[]
}

interface RequestMaterial {
  code: string
  name: string
  source: 'upload' | 'certificate' | 'shared' | 'paper'
  certificateType?: string
  /** What a scan of it would be. */
  scanType: MadeMediaType
  file?: MadeFile
}

export const CLERK = '窗口人员甲'
const AGES: Readonly<Record<string, { youngest: number; oldest: number }>> = {
  newborn: { youngest: 23, oldest: 40 },
  retirement: { youngest: 50, oldest: 60 },
  marriage: { youngest: 22, oldest: 40 },
  'school-enrolment': { youngest: 28, oldest: 48 },
  veteran: { youngest: 20, oldest: 32 },
  'graduate-business': { youngest: 22, oldest: 28 },
}
const ADULTS = { youngest: 25, oldest: 65 }
const REMOTE_SHARE = 0.35
const OPTIONAL_SHARE = 0.3
const SMALLEST_FILE = 2_000
const HOUR_MS = 3_600_000

/** Who wants what, where and how. Division and home division differ where it is submitted from afar. */
export function wishFor(theme: ThemeView, mode: Mode, random: () => number, today: Date): Wish {
  const applicant = person(random, AGES[theme.code] ?? ADULTS, today)
  const other = person(random, ADULTS, today).home.division
  const remote = mode === 'agent' || random() < REMOTE_SHARE
  const situations: Record<string, boolean | string> = {}
  for (const { code, type, choices } of theme.situations) {
    situations[code] = type === 'boolean' ? random() < 0.4 : pick(random, choices)
  }
  const homeDivision = applicant.home.division
  return { theme, mode, situations, applicant, homeDivision, division: remote ? other : homeDivision }
}

interface ComposeOptions {
  externalId: string
  /** Which window takes a submission in agent mode, by division. */
  windowOf(division: string): { hall: string; window: string }
  /** Bytes of the largest scan. */
  largestFile: number
  random(): number
  today: Date
}

export function compose(wish: Wish, checklist: readonly MaterialView[], options: ComposeOptions): Request {
  const { random, today, externalId } = options
  const { applicant, theme } = wish
  const firm = organisation(random, applicant)
  const materials = checklist
    .filter((material) => material.required || random() < OPTIONAL_SHARE)
    .map((material) => chooseSource(material, wish, options))
  const facts = {
    random,
    applicant,
    uscc: firm.uscc,
    today,
    known: { ...lifeOf(applicant, random, today), companyName: firm.name },
  }
  const submission: Record<string, unknown> = {
    externalId,
    theme: theme.code,
    mode: wish.mode,
    division: wish.division,
    homeDivision: wish.homeDivision,
    applicant:
      theme.applicant === 'organisation'
        ? {
            type: 'organisation',
            name: firm.name,
            idType: '001',
            idNumber: firm.uscc,
            mobile: applicant.mobile,
            contact: applicant.name,
          }
        : {
            type: 'person',
            name: applicant.name,
            idType: '111',
            idNumber: applicant.idNumber,
            mobile: applicant.mobile,
          },
    situations: wish.situations,
    form: theme.form ? fillForm(theme.form, facts) : {},
    delivery: deliveryOf(wish, materials, today),
  }
  if (wish.mode === 'agent') submission.agent = { ...options.windowOf(wish.division), clerk: CLERK }
  if (wish.mode === 'appointment') submission.appointment = slotFor(wish, today)
  return { submission, materials }
}

function lifeOf(applicant: Person, random: () => number, today: Date): Record<string, string | number> {
  const child = newborn(random, applicant, today)
  return {
    childName: child.name,
    childSex: child.sex === 'male' ? '男' : '女',
    bornOn: child.bornAt.slice(0, 10),
    weightGrams: child.weightGrams,
    shopName: shop(random),
  }
}

function chooseSource(material: MaterialView, wish: Wish, options: ComposeOptions): RequestMaterial {
  const { random } = options
  const { code, name, sources, certificateType } = material
  const chance = random()
  const scanType = scanTypeOf(material, random)
  if (sources.includes('certificate') && certificateType && (chance < 0.75 || !sources.includes('upload'))) {
    return { code, name, scanType, source: 'certificate', certificateType }
  }
  if (sources.includes('paper') && (!sources.includes('upload') || (wish.mode === 'agent' && chance < 0.3))) {
    return { code, name, scanType, source: 'paper' }
  }
  if (!sources.includes('upload') && sources.includes('shared'))
    return { code, name, scanType, source: 'shared' }
  return { code, name, scanType, source: 'upload', file: scanOf(material, scanType, wish, options) }
}

function scanTypeOf({ mediaTypes }: MaterialView, random: () => number): MadeMediaType {
  const accepted = madeMediaTypes.filter((type) => mediaTypes.includes(type))
  return accepted.length > 0 ? pick(random, accepted) : 'application/pdf'
}

function scanOf(
  material: MaterialView,
  mediaType: MadeMediaType,
  wish: Wish,
  options: ComposeOptions,
): MadeFile {
  const largest = Math.max(SMALLEST_FILE, Math.min(options.largestFile, material.maxBytes - SMALLEST_FILE))
  return makeFile({
    mediaType,
    title: material.name,
    holder: wish.applicant.name,
    bytes: between(options.random, SMALLEST_FILE, largest),
    seed: `${options.externalId} ${material.code}`,
  })
}

function deliveryOf(wish: Wish, materials: readonly RequestMaterial[], today: Date): Record<string, unknown> {
  const { name, mobile, address, home } = wish.applicant
  const postal = { name, mobile, ...address, division: home.division }
  const back = { return: { by: 'post', address: postal } }
  // Where a window takes the papers in, its hall sends them on.
  if (wish.mode === 'agent' || !materials.some((material) => material.source === 'paper')) return back
  const from = beijingIso(today.getTime() + 20 * HOUR_MS)
  const to = beijingIso(today.getTime() + 24 * HOUR_MS)
  return { collect: { address: postal, from, to }, ...back }
}

function slotFor(wish: Wish, today: Date): Record<string, string> {
  const at = beijingIso(today.getTime() + 24 * HOUR_MS)
  return { slot: `${wish.homeDivision}-${at.slice(0, 10)}-0930`, at: `${at.slice(0, 11)}09:30:00+08:00` }
}
