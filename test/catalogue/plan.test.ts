// Which matters and materials a request gets: the same for the checklist and for the submission's check.

import t from 'tap'
import type { Catalogue, Matter, MatterMaterial, Theme } from '../../src/domain/catalogue.ts'
import { holds, plan } from '../../src/domain/plan.ts'

const names = (zh: string) => ({ zh, en: zh })

function material(code: string, more: Partial<MatterMaterial> = {}): MatterMaterial {
  return {
    code,
    name: names(code),
    required: true,
    sources: ['upload'],
    form: 'electronic',
    mediaTypes: ['application/pdf', 'image/png'],
    maxBytes: 100,
    uploadInstead: true,
    windowMayVerify: true,
    holdsCase: false,
    ...more,
  }
}

function matter(code: string, more: Partial<Matter> = {}): Matter {
  return {
    code,
    name: names(code),
    department: 'd',
    systems: new Map([['*', 's']]),
    modes: ['online', 'agent', 'appointment'],
    legalLimit: { days: 1, unit: 'G' },
    promisedLimit: { days: 1, unit: 'G' },
    results: [],
    materials: [],
    startsWhen: 'attended',
    ...more,
  }
}

function catalogueOf(theme: Partial<Theme>, matters: Matter[]): Catalogue {
  const whole: Theme = {
    code: 'theme',
    name: names('theme'),
    applicant: 'person',
    modes: ['online', 'agent', 'appointment'],
    situations: [],
    matters: matters.map((each) => ({ matter: each.code, after: [] })),
    ...theme,
  }
  return {
    version: 'v',
    effectiveFrom: '2026-01-01',
    themes: new Map([['theme', whole]]),
    matters: new Map(matters.map((each) => [each.code, each])),
    divisions: new Map([['410212', { code: '410212', name: names('祥符区'), aliases: ['410224'] }]]),
    departments: new Map(),
    certificateTypes: new Map(),
  }
}

const ask = { theme: 'theme', homeDivision: '410212', mode: 'online' } as const

t.test('a situation chooses matters and materials; its default answers for it', async (t) => {
  const catalogue = catalogueOf(
    {
      situations: [
        { code: 'hasSign', question: names('?'), type: 'boolean', required: true, default: false },
      ],
      matters: [
        { matter: 'licence', after: [] },
        { matter: 'sign', after: ['licence'], when: { hasSign: true }, optional: true },
      ],
    },
    [
      matter('licence', { materials: [material('lease'), material('photo', { when: { hasSign: true } })] }),
      matter('sign'),
    ],
  )
  const plain = plan(catalogue, ask)
  t.same(plain.problems, [])
  t.same(plain.situations, { hasSign: false })
  t.same(plain.cases, [{ matter: 'licence', system: 's', after: [], mode: 'online', optional: false }])
  t.same(
    plain.materials.map(({ code }) => code),
    ['lease'],
  )

  const signed = plan(catalogue, { ...ask, situations: { hasSign: true } })
  t.same(
    signed.cases.map(({ matter: code, after, optional }) => [code, after, optional]),
    [
      ['licence', [], false],
      ['sign', ['licence'], true],
    ],
  )
  t.same(
    signed.materials.map(({ code }) => code),
    ['lease', 'photo'],
  )
})

t.test('answers that leave nothing to do are refused', async (t) => {
  const situations = ['water', 'power'].map((code) => ({
    code,
    question: names(code),
    type: 'boolean' as const,
    required: true,
  }))
  const matters = ['water', 'power'].map((code) => ({ matter: code, after: [], when: { [code]: true } }))
  const catalogue = catalogueOf({ situations, matters }, [matter('water'), matter('power')])
  t.match(plan(catalogue, { ...ask, situations: { water: false, power: false } }).problems, [
    { pointer: '/situations', code: 'nothing-to-do', messageZh: /没有需要办理的事项/ },
  ])
  t.same(plan(catalogue, { ...ask, situations: { water: false, power: true } }).problems, [])
  t.match(
    plan(catalogue, { ...ask, situations: { water: false } }).problems.map(({ code }) => code),
    ['situation-missing'],
    'while an answer is missing, that is all there is to say',
  )
})

t.test('a matter that is left out passes on what it waited for', async (t) => {
  const catalogue = catalogueOf(
    {
      situations: [
        { code: 'middle', question: names('?'), type: 'boolean', required: false, default: false },
      ],
      matters: [
        { matter: 'first', after: [] },
        { matter: 'second', after: ['first'], when: { middle: true } },
        { matter: 'third', after: ['second'] },
      ],
    },
    [matter('first'), matter('second'), matter('third')],
  )
  t.same(
    plan(catalogue, ask).cases.map(({ matter: code, after }) => [code, after]),
    [
      ['first', []],
      ['third', ['first']],
    ],
  )
})

t.test('a material of several matters is asked for once, as strictly as the strictest', async (t) => {
  const catalogue = catalogueOf({}, [
    matter('one', { materials: [material('id', { required: false, sources: ['certificate', 'upload'] })] }),
    matter('two', {
      materials: [material('id', { maxBytes: 50, mediaTypes: ['image/png'], holdsCase: true })],
    }),
  ])
  t.match(plan(catalogue, ask).materials, [
    {
      code: 'id',
      required: true,
      sources: ['upload'],
      mediaTypes: ['image/png'],
      maxBytes: 50,
      holdsCase: true,
      matters: ['one', 'two'],
    },
  ])
})

t.test("the theme's mode gives way to online; a mode asked for one matter does not", async (t) => {
  const catalogue = catalogueOf({}, [
    matter('visit'),
    matter('form', { modes: ['online'] }),
    matter('only', { modes: ['agent'] }),
  ])
  const planned = plan(catalogue, { ...ask, mode: 'appointment' })
  t.same(
    planned.cases.map(({ matter: code, mode }) => [code, mode]),
    [
      ['visit', 'appointment'],
      ['form', 'online'],
    ],
  )
  t.match(planned.problems, [{ pointer: '/modes/only', code: 'mode-not-offered' }])

  const literal = plan(catalogue, { ...ask, modes: { only: 'agent', form: 'agent', other: 'online' } })
  t.match(literal.problems, [
    { pointer: '/modes/other', code: 'matter-not-planned' },
    { pointer: '/modes/form', code: 'mode-not-offered' },
  ])
})

t.test('a division is known by its old code, and has its own system', async (t) => {
  const catalogue = catalogueOf({}, [
    matter('one', {
      systems: new Map([
        ['410212', 'county'],
        ['*', 'city'],
      ]),
    }),
  ])
  t.match(plan(catalogue, { ...ask, homeDivision: '410224' }).cases, [{ system: 'county' }])
  t.match(plan(catalogue, { ...ask, homeDivision: '999999' }).problems, [{ code: 'unknown-division' }])
})

t.test('a matter without a system in the division is not offered there', async (t) => {
  const catalogue = catalogueOf({}, [matter('one', { systems: new Map([['410221', 's']]) })])
  t.match(plan(catalogue, ask), {
    cases: [],
    problems: [{ pointer: '/homeDivision', code: 'matter-not-offered' }],
  })
})

t.test('situations that are missing, unknown or wrong are all told', async (t) => {
  const choices = [
    { value: 'sale', name: names('买卖') },
    { value: 'gift', name: names('赠与') },
  ]
  const catalogue = catalogueOf(
    {
      situations: [
        { code: 'kind', question: { zh: '原因？', en: 'Why?' }, type: 'choice', choices, required: true },
        { code: 'married', question: names('?'), type: 'boolean', required: true },
      ],
    },
    [matter('one')],
  )
  t.match(plan(catalogue, { ...ask, situations: { married: 'yes', knd: 'sale' } }).problems, [
    {
      pointer: '/situations/kind',
      code: 'situation-missing',
      message: 'Please answer: Why?',
      messageZh: /原因？/,
    },
    { pointer: '/situations/married', code: 'situation-wrong' },
    { pointer: '/situations/knd', code: 'unknown-situation', message: /did you mean kind\?/ },
  ])
  t.match(plan(catalogue, { ...ask, situations: { kind: 'theft', married: true } }).problems, [
    { pointer: '/situations/kind', code: 'situation-wrong', message: /sale, gift/ },
  ])
})

t.test(
  'an unknown theme is a problem with a suggestion, and a mode the theme lacks is one too',
  async (t) => {
    const catalogue = catalogueOf({ modes: ['online'] }, [matter('one')])
    t.match(plan(catalogue, { ...ask, theme: 'theem' }).problems, [
      { code: 'unknown-theme', message: /did you mean theme\?/ },
    ])
    t.match(plan(catalogue, { ...ask, mode: 'agent' }).problems, [
      { pointer: '/mode', code: 'mode-not-offered' },
    ])
  },
)

t.test('a condition holds when every situation has the value or one of the values', async (t) => {
  t.ok(holds(undefined, {}))
  t.ok(holds({ a: true, b: ['x', 'y'] }, { a: true, b: 'y' }))
  t.notOk(holds({ a: true, b: ['x', 'y'] }, { a: true, b: 'z' }))
  t.notOk(holds({ a: false }, {}))
})

t.test('names of the object prototype are no situations', async (t) => {
  const planned = plan(catalogueOf({}, [matter('one')]), {
    ...ask,
    situations: JSON.parse('{"__proto__": true}'),
  })
  t.match(planned.problems, [{ code: 'unknown-situation' }])
})

const chain = (more: Partial<Theme> = {}, results: Matter['results'] = []) =>
  catalogueOf(
    {
      situations: [{ code: 'new', question: names('?'), type: 'boolean', required: true }],
      matters: [
        { matter: 'licence', after: [], when: { new: true } },
        { matter: 'food', after: ['licence'] },
      ],
      ...more,
    },
    [
      matter('licence', { results }),
      matter('food', {
        materials: [material('copy', { from: { matter: 'licence', result: 1 } }), material('plan')],
      }),
    ],
  )

t.test('nobody is asked for what another matter of the plan yields', async (t) => {
  const results = [{ name: names('照'), type: 'electronic' as const, certificateType: 'T1' }]
  const planned = plan(chain({}, results), { ...ask, situations: { new: true } })
  t.strictSame(
    planned.materials.map(({ code }) => code),
    ['plan'],
  )
  t.strictSame(planned.results, [
    { code: 'copy', name: names('copy'), from: 'licence', certificateType: 'T1', matters: ['food'] },
  ])
})

t.test('where the matter is left out of the plan, the applicant is asked', async (t) => {
  const planned = plan(chain(), { ...ask, situations: { new: false } })
  t.match(planned.materials, [{ code: 'copy' }, { code: 'plan' }])
  t.notHas(planned.materials[0], { from: {} })
  t.strictSame(planned.results, [])
})

t.test('a redo plans its branch alone; results of before serve where they can be used', async (t) => {
  const redo = (result?: { type: 'electronic'; name: string; number: string }) => ({
    submissionId: 'sub_0',
    matters: ['food'],
    satisfied: [{ matter: 'licence', caseId: 'case_0', ...(result ? { result } : {}) }],
  })
  const request = { ...ask, situations: { new: true } }
  const served = plan(chain(), { ...request, redo: redo({ type: 'electronic', name: '照', number: '1' }) })
  t.match(served.cases, [{ matter: 'food', after: [] }])
  t.match(served.results, [{ code: 'copy', from: 'licence' }])
  const without = plan(chain(), { ...request, redo: redo() })
  t.match(without.materials, [{ code: 'copy' }, { code: 'plan' }])
  const nothing = plan(chain(), {
    ...ask,
    situations: { new: false },
    redo: { ...redo(), matters: ['licence'] },
  })
  t.match(nothing.problems, [{ pointer: '/redoes', code: 'redo-nothing-planned' }])
})
