import t from 'tap'
import { loadAdapters } from '../../src/adapter-kit/load.ts'
import { type PlanRequest, plan } from '../../src/domain/plan.ts'
import { rememberedPlan } from '../../src/domain/remembered-plans.ts'
import { loadCatalogue } from '../../src/settings/load.ts'

const fromRoot = (path: string) => new URL(`../../${path}`, import.meta.url)
const adapters = await loadAdapters([fromRoot('adapters/')])
const { catalogue } = await loadCatalogue({ configDir: fromRoot('config').pathname, env: {}, adapters })

const modes = ['online', 'agent', 'appointment'] as const
const requests: PlanRequest[] = [...catalogue.themes.values()].flatMap(({ code, situations }) =>
  modes.flatMap((mode) => {
    const asked = { theme: code, homeDivision: '410204', mode }
    const answers = situations.map((one) => [one.code, one.default ?? one.choices?.[0]?.value ?? true])
    return [asked, { ...asked, situations: Object.fromEntries(answers) }]
  }),
)

t.test('what is remembered is what would be planned, in every theme, mode and situation', async (t) => {
  for (const request of requests) {
    const first = rememberedPlan(catalogue, request)
    t.strictSame(first, plan(catalogue, request), JSON.stringify(request))
    t.strictSame(rememberedPlan(catalogue, structuredClone(request)), first)
  }
  const complete = requests.filter((request) => plan(catalogue, request).problems.length === 0)
  t.ok(complete.length > 30, 'most of them can be submitted')
  for (const request of complete)
    t.equal(rememberedPlan(catalogue, structuredClone(request)), rememberedPlan(catalogue, request))
})

const [asked] = requests.filter((request) => plan(catalogue, request).materials.length > 0)

t.test('nobody can change what the next is told', async (t) => {
  const known = rememberedPlan(catalogue, asked!)
  t.throws(() => known.cases.pop(), TypeError)
  t.throws(() => known.materials[0]!.matters.push('another'), TypeError)
  t.throws(() => Object.assign(known.cases[0]!, { system: 'another' }), TypeError)
})

t.test('what cannot be submitted, or redoes, is planned anew each time', async (t) => {
  const unknown = { ...asked!, theme: 'no-such-theme' }
  t.equal(rememberedPlan(catalogue, unknown).problems.length, 1)
  t.not(rememberedPlan(catalogue, unknown), rememberedPlan(catalogue, unknown))
  const matters = rememberedPlan(catalogue, asked!).cases.map((one) => one.matter)
  const redo = { ...asked!, redo: { submissionId: 'sub_1', matters, satisfied: [] } }
  t.not(rememberedPlan(catalogue, redo), rememberedPlan(catalogue, redo))
})

t.test('another catalogue plans for itself', async (t) => {
  const changed = { ...catalogue }
  t.not(rememberedPlan(changed, asked!), rememberedPlan(catalogue, asked!))
  t.strictSame(rememberedPlan(changed, asked!), rememberedPlan(catalogue, asked!))
})
