// Every rule that one adapter is asked to keep, in groups: what is declared, each operation, what comes in.
// Whoever runs them (tap, `tongban adapter test`, an adapter's own test) decides how they are told.

import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { operations } from '../../domain/submission.ts'
import type { AdapterManifest } from '../contract.ts'
import { resendRule, rulesOfFailure } from './ask-questions.ts'
import type { Checker } from './checker.ts'
import { runInFolder } from './folder.ts'
import { rulesOfFolder } from './folder-questions.ts'
import { rulesOfForgery } from './forgeries.ts'
import { refusesGarbage, runIncoming } from './incoming.ts'
import { unsampled } from './offered.ts'
import { runOutgoing } from './outgoing.ts'
import { runPreview } from './preview.ts'
import { type Sample, type SampleFolder, settingsOf } from './sample.ts'

export interface Rule {
  name: string
  check(t: Checker): Promise<void>
}

interface RuleGroup {
  /** `declared`, the name of an operation or question, or `incoming`. */
  about: string
  /** The samples, each a rule. */
  rules: readonly Rule[]
  /** The questions of failure, asked with the first sample that ends well. */
  failures: readonly Rule[]
  /** Questions that the adapter says do not apply, by name, and why. */
  notAsked: readonly { name: string; why: string }[]
}

export function ruleGroups(manifest: AdapterManifest, folder: SampleFolder): RuleGroup[] {
  const declared: RuleGroup = {
    about: 'declared',
    rules: [
      {
        name: 'its settings and statuses are well declared',
        check: async (t) => checkManifest(t, manifest, folder),
      },
      {
        name: 'everything it offers has a sample',
        check: async (t) => {
          t.same(await unsampled(manifest, folder), [], 'offered without a sample')
        },
      },
    ],
    failures: [],
    notAsked: [],
  }
  const subjects = new Set(folder.samples.map(({ sample }) => subjectOf(sample)))
  return [declared, ...[...subjects].map((about) => groupOf(about, manifest, folder))]
}

const INCOMING = 'incoming'
/** A question that is called like an operation is another thing. */
const subjectOf = ({ operation, asks }: Sample): string =>
  operation ?? (operations.some((one) => one === asks) ? `question ${asks}` : (asks ?? INCOMING))

function groupOf(about: string, manifest: AdapterManifest, folder: SampleFolder): RuleGroup {
  const own = folder.samples.filter(({ sample }) => subjectOf(sample) === about)
  const rules = own.map(({ file, sample }): Rule => {
    const run = runnerOf(sample, folder)
    return {
      name: `${file}: ${sample.title}`,
      check: (t) => run(t, manifest, sample, settingsOf(folder, sample), folder),
    }
  })
  return { about, rules, ...(about === INCOMING ? forged : failuresOf)(own, manifest, folder) }
}

function runnerOf({ incoming, expect }: Sample, { conformance }: SampleFolder) {
  if (incoming) return runIncoming
  if (conformance.http) return runOutgoing
  return conformance.folder && !expect.preview ? runInFolder : runPreview
}

type Failures = Pick<RuleGroup, 'failures' | 'notAsked'>

function failuresOf(own: SampleFolder['samples'], manifest: AdapterManifest, folder: SampleFolder): Failures {
  const samples = own.map(({ sample }) => sample)
  const done = failuresWith(samples.find(endsWell), manifest, folder)
  const found = failuresWith(samples.find(findsWell), manifest, folder)
  const looking = (name: string): string => `find: ${name}`
  return {
    failures: [...done.failures, ...found.failures.map((one) => ({ ...one, name: looking(one.name) }))],
    notAsked: [...done.notAsked, ...found.notAsked.map((one) => ({ ...one, name: looking(one.name) }))],
  }
}

function failuresWith(
  typical: Sample | undefined,
  manifest: AdapterManifest,
  folder: SampleFolder,
): Failures {
  if (!typical) return { failures: [], notAsked: [] }
  const settings = settingsOf(folder, typical)
  // What is only asked has no key that a resend could carry.
  const resend = typical.asks || typical.call === 'find' ? [] : [resendRule(manifest, typical, settings)]
  const all = [...rulesOfFailure(manifest, typical, settings), ...resend]
  const { http, why } = folder.conformance
  const excepted = typeof typical.failureQuestions === 'object' ? typical.failureQuestions.except : []
  const outOfPlace = (name: string): string | undefined => {
    if (!http) return why
    return excepted.includes(name) ? 'excepted by its sample; the README says why' : undefined
  }
  const inFolder = folder.conformance.folder ? rulesOfFolder(manifest, typical, settings, folder) : []
  return {
    failures: [...all.filter(({ question }) => outOfPlace(question) === undefined), ...inFolder],
    notAsked: all.flatMap(({ question }) => {
      const reason = outOfPlace(question)
      return reason === undefined ? [] : [{ name: question, why: reason }]
    }),
  }
}

function endsWell({ operation, asks, call, expect, failureQuestions }: Sample): boolean {
  if (failureQuestions === false || expect.failure) return false
  if (asks) return true
  return operation !== undefined && call !== 'find' && Boolean(expect.receipt ?? expect.preview)
}

/** An adapter that takes rubbish for "not there" would send again what has arrived. */
function findsWell({ call, expect, failureQuestions }: Sample): boolean {
  return call === 'find' && failureQuestions !== false && !expect.failure
}

function forged(own: SampleFolder['samples'], manifest: AdapterManifest, folder: SampleFolder): Failures {
  const good = own.filter(({ sample }) => !sample.expect.failure && sample.failureQuestions !== false)
  const rules = good.flatMap(({ file, sample }) =>
    rulesOfForgery(manifest, file, sample, settingsOf(folder, sample)),
  )
  const [typical] = good
  if (!typical) return { failures: [], notAsked: [] }
  const garbage: Rule = {
    name: 'a message of garbage is refused by name',
    check: (t) => refusesGarbage(t, manifest, typical.sample, settingsOf(folder, typical.sample)),
  }
  return { failures: [garbage, ...rules], notAsked: [] }
}

function checkManifest(t: Checker, manifest: AdapterManifest, folder: SampleFolder): void {
  const ajv = new Ajv2020({ allErrors: true, strict: false })
  addFormats.default(ajv)
  const fits = ajv.compile(manifest.settings)
  for (const { file, sample } of folder.samples) {
    t.ok(
      fits(settingsOf(folder, sample)),
      `settings of ${file} fit the schema: ${ajv.errorsText(fits.errors)}`,
    )
  }
  const codes = (manifest.statuses ?? []).map(({ code }) => code)
  t.same(codes, [...new Set(codes)], 'each status is declared once')
  t.ok(
    (manifest.statuses ?? []).every(({ meaning }) => meaning.zh && meaning.en),
    'each status has a meaning in both languages',
  )
}
