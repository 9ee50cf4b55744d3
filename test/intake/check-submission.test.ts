// checkSubmission: which submissions are accepted, and every reason for which one is not, all at once.

import t from 'tap'
import submissionSchema from '../../schemas/submission.schema.json' with { type: 'json' }
import { type CheckContext, checkSubmission, submissionProblem } from '../../src/intake/check-submission.ts'
import { normaliseSubmission } from '../../src/intake/normalise/index.ts'
import type { Client } from '../../src/settings/settings.ts'
import { COMPANY, catalogue, goodSubmission, halls, RESIDENT, TODAY } from './catalogue.ts'

const city = { province: '河南省', name: '开封市' }
const context: CheckContext = { catalogue, halls, city, now: TODAY }

function check(raw: unknown, more: Partial<CheckContext> = {}) {
  return checkSubmission(normaliseSubmission(raw, catalogue), { ...context, ...more })
}

function codes(raw: unknown, more: Partial<CheckContext> = {}): string[] {
  return check(raw, more).errors.map(({ pointer, code }) => `${pointer} ${code}`)
}

const change = (changes: Record<string, unknown>) => goodSubmission(changes)
const applicant = (changes: Record<string, unknown>) =>
  change({ applicant: { ...(goodSubmission().applicant as object), ...changes } })
const agent = (changes: Record<string, unknown>) =>
  change({ agent: { ...(goodSubmission().agent as object), ...changes } })
const without = (name: string) => {
  const { [name]: _, ...rest } = goodSubmission()
  return rest
}

t.test('a submission without fault is accepted together with its plan', async (t) => {
  const { submission, plan, errors } = check(goodSubmission())
  t.same(errors, [])
  t.equal(submission?.externalId, 'KF20261123000017')
  t.same(
    plan?.cases.map(({ matter, after, mode }) => ({ matter, after, mode })),
    [
      { matter: 'licence', after: [], mode: 'agent' },
      { matter: 'food-permit', after: ['licence'], mode: 'agent' },
    ],
  )
})

t.test('an organisation, another mode and mixed modes are accepted', async (t) => {
  t.same(
    codes(
      applicant({ type: 'organisation', name: '某公司', idType: '001', idNumber: COMPANY, contact: '李' }),
    ),
    [],
  )
  t.same(codes({ ...without('agent'), mode: 'online' }), [])
  t.same(
    codes({
      ...without('agent'),
      mode: 'online',
      modes: { 'food-permit': 'appointment' },
      appointment: { slot: 's1' },
    }),
    [],
  )
})

const rows: readonly (readonly [
  rule: string,
  raw: unknown,
  found: string[],
  more?: Partial<CheckContext>,
])[] = [
  ['what is no object', [], [' invalid-type']],
  ['a missing number of the platform', without('externalId'), ['/externalId required']],
  ['a number with other characters', change({ externalId: 'KF/2026' }), ['/externalId invalid-form']],
  ['a number of 65 characters', change({ externalId: 'K'.repeat(65) }), ['/externalId too-long']],
  ['an unknown field', change({ them: 'x' }), ['/them unknown-field']],
  ['an unknown theme', change({ theme: 'open-restuarant' }), ['/theme unknown-theme']],
  [
    'an unknown theme with an unknown mode',
    change({ theme: 'nothing', mode: 'post' }),
    ['/mode invalid-value', '/theme unknown-theme'],
  ],
  [
    'a mode the theme does not have',
    {
      ...without('agent'),
      theme: 'newborn',
      mode: 'appointment',
      homeDivision: '410204',
      situations: {},
      materials: [],
      appointment: { slot: 's' },
    },
    ['/mode mode-not-offered'],
  ],
  [
    'a matter not offered in the home division',
    { ...without('agent'), theme: 'newborn', mode: 'online', situations: {}, materials: [] },
    ['/homeDivision matter-not-offered'],
  ],
  [
    'a mode one matter does not have',
    change({ modes: { licence: 'appointment' } }),
    ['/modes/licence mode-not-offered'],
  ],
  [
    'a mode for a matter not in the plan',
    change({ modes: { 'fire-check': 'agent' } }),
    ['/modes/fire-check matter-not-planned'],
  ],
  ['an unanswered question', change({ situations: {} }), ['/situations/hasFireEquipment situation-missing']],
  [
    'an answer of the wrong type',
    change({ situations: { hasFireEquipment: 'yes' } }),
    ['/situations/hasFireEquipment situation-wrong'],
  ],
  [
    'an answer nobody asked for',
    change({ situations: { hasFireEquipment: true, hasDog: true } }),
    ['/situations/hasDog unknown-situation'],
  ],
  ['an unknown home division', change({ homeDivision: '999999' }), ['/homeDivision unknown-division']],
  [
    'a wrong check digit of an identity card',
    applicant({ idNumber: '110105194912310020' }),
    ['/applicant/idNumber invalid-id-number'],
  ],
  [
    'a wrong check digit of a credit code',
    applicant({ type: 'organisation', idType: '001', idNumber: '91410204MA9XYTK30X' }),
    ['/applicant/idNumber invalid-uscc'],
  ],
  [
    'a person with a credit code',
    applicant({ idType: '001', idNumber: COMPANY }),
    ['/applicant/idType id-type-wrong'],
  ],
  [
    'an organisation with an identity card',
    applicant({ type: 'organisation' }),
    ['/applicant/idType id-type-wrong'],
  ],
  [
    'an organisation where a person is asked for',
    {
      ...without('agent'),
      theme: 'newborn',
      mode: 'online',
      homeDivision: '410204',
      situations: {},
      materials: [],
      applicant: { type: 'organisation', name: 'x', idType: '001', idNumber: COMPANY },
    },
    ['/applicant/type applicant-not-allowed'],
  ],
  ['agent mode without an agent', without('agent'), ['/agent agent-missing']],
  [
    'an agent where no matter goes through a window',
    change({ mode: 'online', agent: { hall: 'nowhere', window: '99', clerk: 'x', verified: [] } }),
    ['/agent agent-unexpected'],
  ],
  [
    'agent mode of which no matter is left',
    change({ modes: { licence: 'online', 'food-permit': 'online' } }),
    ['/agent agent-unexpected'],
  ],
  [
    'a slot where no matter is by appointment',
    change({ appointment: { slot: 's1' } }),
    ['/appointment appointment-unexpected'],
  ],
  ['an unknown hall', agent({ hall: '410204-99' }), ['/agent/hall unknown-hall']],
  ['a hall of another division', change({ division: '410202' }), ['/agent/hall hall-elsewhere']],
  ['an unknown window', agent({ window: '99' }), ['/agent/window unknown-window']],
  ['a window authorised for other matters', agent({ window: '08' }), ['/agent/window window-not-authorised']],
  [
    'a window whose authorisation is over',
    agent({ window: '09' }),
    ['/agent/window window-not-in-force', '/agent/window window-not-in-force'],
  ],
  [
    'appointment mode without a slot',
    { ...without('agent'), mode: 'appointment' },
    ['/appointment appointment-missing'],
  ],
  [
    'a required material that is missing',
    change({ materials: [] }),
    ['/materials material-missing', '/materials material-missing'],
  ],
  [
    'an upload without a file',
    change({
      materials: [
        { code: 'M01', source: 'upload' },
        { code: 'M02', source: 'certificate' },
      ],
    }),
    ['/materials/0 file-missing'],
  ],
  [
    'a source that is not allowed',
    change({
      materials: [
        { code: 'M01', source: 'paper' },
        { code: 'M02', source: 'certificate' },
      ],
    }),
    ['/materials/0/source material-source-not-allowed'],
  ],
  [
    'a certificate of another type',
    change({
      materials: [
        { code: 'M01', source: 'upload', part: 'f' },
        { code: 'M02', source: 'certificate', certificateType: 'X' },
      ],
    }),
    ['/materials/1/certificateType certificate-type-wrong'],
  ],
  [
    'a material nobody asked for',
    change({ materials: [...(goodSubmission().materials as object[]), { code: 'M99', source: 'paper' }] }),
    ['/materials/2/code unknown-material'],
  ],
  [
    'a material listed twice',
    change({
      materials: [
        ...(goodSubmission().materials as object[]),
        { code: 'M01', source: 'upload', parts: ['x'] },
      ],
    }),
    ['/materials/2/code material-repeated'],
  ],
  [
    'a window that verified what it may not',
    agent({ verified: [{ material: 'M02', at: '2026-11-23T10:00:00+08:00' }] }),
    ['/agent/verified/0/material window-may-not-verify'],
  ],
  [
    'a verified material nobody asked for',
    agent({ verified: [{ material: 'M98', at: '2026-11-23T10:00:00+08:00' }] }),
    ['/agent/verified/0/material unknown-material'],
  ],
  [
    'a verified material of a matter that does not go through the window',
    {
      ...agent({ verified: [{ material: 'M01', at: '2026-11-23T10:00:00+08:00' }] }),
      modes: { licence: 'online' },
    },
    ['/agent/verified/0/material window-not-collecting'],
  ],
  [
    'a material that will be verified later',
    agent({
      verified: [
        { material: 'M01', at: '2026-11-23T10:10:00+08:00' },
        { material: 'M01', at: '2026-11-23T10:10:01+08:00' },
      ],
    }),
    ['/agent/verified/1/at from-the-future'],
  ],
  ['a form without a required field', change({ form: {} }), ['/form/shopName required']],
  ['no form where one is asked for', without('form'), ['/form/shopName required']],
  [
    'a form with a day that does not exist',
    change({ form: { shopName: 'x', openedOn: '2026-02-30' } }),
    ['/form/openedOn invalid-date'],
  ],
  [
    'return by post without an address',
    change({ delivery: { return: { by: 'post' } } }),
    ['/delivery/return/address address-missing'],
  ],
  [
    'return at a hall that does not exist',
    change({ delivery: { return: { by: 'hall', hall: '410204-99' } } }),
    ['/delivery/return/hall unknown-hall'],
  ],
  [
    'a hall to collect at where nothing is collected',
    change({ delivery: { return: { by: 'electronic', hall: '410204-01' } } }),
    ['/delivery/return/hall not-allowed'],
  ],
  [
    'what no rule reads',
    change({
      materials: [{ code: 'M01', source: 'shared', sharedFrom: 'birth' }],
      appointment: { slot: 's', hall: '410204-01' },
    }),
    ['/materials/0/sharedFrom unknown-field', '/appointment/hall unknown-field'],
  ],
  [
    'a pick-up that ends before it begins',
    change({
      delivery: {
        collect: { address: {}, from: '2026-11-24T12:00:00+08:00', to: '2026-11-24T09:00:00+08:00' },
      },
    }),
    ['/delivery/collect/address address-missing', '/delivery/collect/to span-backwards'],
  ],
]

for (const [rule, raw, found, more] of rows) {
  t.test(`${rule} is refused`, async (t) => {
    const { errors, submission } = check(raw, more)
    t.same(
      errors.map(({ pointer, code }) => `${pointer} ${code}`),
      found,
    )
    t.equal(submission, undefined)
    for (const error of errors) t.match(error, { message: /[a-z]/, messageZh: /[\u4e00-\u9fff]/ })
  })
}

t.test('an unknown theme is answered with the nearest one', async (t) => {
  t.match(check(change({ theme: 'open-restuarant' })).errors, [
    { message: /open-restaurant/, messageZh: /open-restaurant/ },
  ])
})

t.test('a window without authority is told which one it lacks, for which matter and when', async (t) => {
  t.match(check(agent({ window: '08' })).errors, [
    {
      message: 'Window 08 of hall 410204-01 is not authorised to collect matter licence',
      messageZh: '大厅 410204-01 的 08 号窗口未获授权收取事项 licence',
    },
  ])
  const over = check(agent({ window: '09' })).errors
  t.match(over[0], {
    message:
      'Window 09 of hall 410204-01 is authorised to collect matter licence from 2025-01-01 to 2025-12-31, not on 2026-11-23',
    messageZh:
      '大厅 410204-01 的 09 号窗口收取事项 licence 的授权期限为 2025-01-01 至 2025-12-31，2026-11-23 不在期限内',
  })
  t.match(over[1], { message: /matter food-permit/ })
})

t.test('an authorisation holds from the first to the last day in China, both included', async (t) => {
  const on = (time: string) => codes(agent({ window: '07' }), { now: new Date(time) }).length
  t.equal(on('2025-12-31T16:00:00Z'), 0, 'it is the next year in China already')
  t.ok(on('2025-12-31T15:59:00Z') > 0)
  t.equal(on('2026-12-31T15:59:00Z'), 0)
  t.ok(on('2026-12-31T16:00:00Z') > 0)
})

t.test('a client submits in its own divisions only, and is answered 403', async (t) => {
  const client = (divisions: string[]): Client => ({ id: 'county', tokenHashes: [], scopes: [], divisions })
  t.same(codes(goodSubmission(), { client: client(['*']) }), [])
  t.same(codes(goodSubmission(), { client: client(['410204']) }), [])
  const { errors } = check(goodSubmission(), { client: client(['410221']) })
  t.match(errors, [{ pointer: '/division', code: 'division-not-allowed' }])
  t.equal(submissionProblem(errors).statusCode, 403)
  t.equal(submissionProblem(check(without('form')).errors).statusCode, 422)
})

t.test('faults of every kind are told in one answer', async (t) => {
  const raw = {
    ...without('externalId'),
    extra: 1,
    homeDivision: '410221',
    applicant: { type: 'person', name: '张三', idType: '111', idNumber: '1' },
    agent: { hall: 'x', window: '1', clerk: 'c' },
    situations: { hasDog: true },
    form: { openedOn: 'tomorrow' },
    materials: [{ code: 'M01', source: 'paper' }],
    delivery: { return: { by: 'post' } },
  }
  t.same(codes(raw).sort(), [
    '/agent/hall unknown-hall',
    '/applicant/idNumber invalid-id-number',
    '/delivery/return/address address-missing',
    '/externalId required',
    '/extra unknown-field',
    '/form/openedOn invalid-date',
    '/form/shopName required',
    '/materials material-missing',
    '/materials/0/source material-source-not-allowed',
    '/situations/hasDog unknown-situation',
    '/situations/hasFireEquipment situation-missing',
  ])
})

t.test('no personal data is repeated in an error', async (t) => {
  const { errors } = check(applicant({ idNumber: '110105194912310020', mobile: '1380013800' }))
  t.equal(errors.length, 2)
  t.notMatch(JSON.stringify(errors), /110105|1380013800/)
})

t.test('the example of the schema normalises without fault and fits the schema', async (t) => {
  const [example] = submissionSchema.examples
  const found = codes(example).filter((code) => / (required|unknown-field|invalid|too-)/.test(code))
  t.same(found, ['/form/shopName required'], 'all but the form of the test theme')
  t.equal(example?.applicant.idNumber, RESIDENT)
})
