// The catalogue of the city as it is delivered: every checklist that can be asked for is complete, and nothing in it
// is without a purpose.

import { fileURLToPath } from 'node:url'
import t from 'tap'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { checklist } from '../../src/catalogue/checklist.ts'
import type { Limit, Mode, Theme } from '../../src/domain/catalogue.ts'
import { type Plan, plan } from '../../src/domain/plan.ts'
import { secretsAsEnvironment } from '../../src/sandbox/secrets.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { compileSchemas } from '../../src/settings/schemas.ts'
import { folder } from '../settings/folder.ts'

const project = new URL('../../', import.meta.url)
const TODAY = '2026-11-23'
const HOME = '410204'

const { catalogue, halls, systems } = await loadSettings({
  configDir: fileURLToPath(new URL('config/', project)),
  dataDir: folder(t).dataDir,
  env: secretsAsEnvironment(),
  adapters: await loadAdapters([new URL('adapters/', project)]),
})
const themes = [...catalogue.themes.values()]
const matters = [...catalogue.matters.values()]

type Answers = Record<string, boolean | string>

/** Every way to answer the questions of a theme. */
function answersTo({ situations }: Theme): Answers[] {
  return situations.reduce<Answers[]>(
    (all, { code, choices }) =>
      all.flatMap((known) =>
        (choices?.map(({ value }) => value) ?? [true, false]).map((value) => ({ ...known, [code]: value })),
      ),
    [{}],
  )
}

const planned = (theme: Theme, mode: Mode, situations: Answers, homeDivision = HOME): Plan =>
  plan(catalogue, { theme: theme.code, homeDivision, mode, situations })

t.test('the thirteen themes of the first national list are there, and more', async (t) => {
  const firstList = [
    'company-change',
    'open-transport',
    'open-restaurant',
    'utilities-connection',
    'credit-repair',
    'listing-check',
    'bankruptcy-check',
    'company-closing',
    'newborn',
    'school-enrolment',
    'social-card',
    'disability-services',
    'retirement',
  ]
  for (const code of firstList) t.ok(catalogue.themes.has(code), code)
  t.ok(catalogue.themes.size >= 20)
})

t.test('every checklist is complete, for every theme, mode, division and situation', async (t) => {
  const misfits = compileSchemas()('checklist')
  for (const theme of themes) {
    for (const mode of theme.modes) {
      for (const situations of answersTo(theme)) {
        for (const homeDivision of catalogue.divisions.keys()) {
          const request = { theme: theme.code, homeDivision, mode, situations }
          const made = planned(theme, mode, situations, homeDivision)
          const answer = checklist(catalogue, request, made, halls.values(), TODAY)
          const lacks = [
            ...made.problems.map(({ message }) => message),
            ...made.cases
              .filter(({ system }) => !systems.has(system))
              .map((one) => `system of ${one.matter}`),
            ...answer.materials
              .filter((one) => one.sources.length === 0)
              .map((one) => `source of ${one.code}`),
            ...(answer.matters.length > 0 ? [] : ['a matter']),
            ...(mode === 'online' || answer.places.length > 0 ? [] : ['a place']),
            ...(answer.form === undefined ? ['a form'] : []),
          ]
          if (lacks.length > 0) t.fail(JSON.stringify(request), { lacks })
          if (homeDivision === HOME) t.same(misfits(structuredClone(answer)), [])
        }
      }
    }
  }
})

t.test('a theme has a mode because one of its matters has, whatever the situation', async (t) => {
  for (const theme of themes) {
    for (const mode of theme.modes) {
      const real = answersTo(theme).every((answers) =>
        planned(theme, mode, answers).cases.some((one) => one.mode === mode),
      )
      t.ok(real, `${theme.code} ${mode}`)
    }
  }
})

/** Read by the department only. */
const decidesNothing = new Set(['newborn householdWith'])

t.test('every question decides which matters or materials are asked for', async (t) => {
  for (const theme of themes) {
    const asked = (answers: Answers): string => {
      const { cases, materials } = planned(theme, theme.modes[0]!, answers)
      return [...cases.map(({ matter }) => matter), ...materials.map(({ code }) => code)].join()
    }
    for (const { code, choices } of theme.situations) {
      const values = choices?.map(({ value }) => value) ?? [true, false]
      const decides = answersTo(theme).some((answers) =>
        values.some((value) => asked({ ...answers, [code]: value }) !== asked(answers)),
      )
      t.equal(decides, !decidesNothing.has(`${theme.code} ${code}`), `${theme.code} ${code}`)
    }
  }
})

t.test('every matter can be reached, and every department decides something', async (t) => {
  const reached = new Set(
    themes.flatMap((theme) =>
      answersTo(theme).flatMap((answers) =>
        planned(theme, theme.modes[0]!, answers).cases.map(({ matter }) => matter),
      ),
    ),
  )
  t.same(
    matters.map(({ code }) => code).filter((code) => !reached.has(code)),
    [],
  )
  const deciding = new Set(matters.map(({ department }) => department))
  t.same(
    [...catalogue.departments.keys()].filter((code) => !deciding.has(code)),
    [],
  )
})

t.test('no more is promised than the law asks for, and every matter ends with a result', async (t) => {
  const days = ({ days: number, unit }: Limit): number => (unit === 'G' ? (number * 7) / 5 : number)
  for (const { code, legalLimit, promisedLimit, results } of matters) {
    t.ok(days(promisedLimit) <= days(legalLimit), code)
    t.ok(results.length > 0, code)
  }
})

t.test("a matter's codes are its own", async (t) => {
  for (const name of ['catalogCode', 'taskCode', 'handleItem'] as const) {
    const codes = matters.map((matter) => matter[name])
    t.notOk(codes.includes(undefined), `every matter has its ${name}`)
    t.same(
      codes.filter((code, i) => codes.indexOf(code) < i),
      [],
    )
  }
})

t.test('every field of a form says how it is filled in', async (t) => {
  for (const { code, form } of themes) {
    const fields = (form?.properties ?? {}) as Record<string, Record<string, unknown>>
    for (const name of (form?.required ?? []) as string[]) t.ok(fields[name], `${code} ${name}`)
    for (const [name, { title, type, examples, enum: choices, format, pattern }] of Object.entries(fields)) {
      t.ok(title, `${code} ${name} has a title`)
      t.ok(type !== 'string' || (examples ?? choices ?? format ?? pattern), `${code} ${name}`)
    }
  }
})
