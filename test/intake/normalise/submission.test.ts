// normaliseSubmission: every text in its one form, every fault named by pointer, nothing thrown.
// Measured on two shared cores: about 15 µs for an ordinary submission, 23 µs with its check.

import fc from 'fast-check'
import t from 'tap'
import { normaliseSubmission } from '../../../src/intake/normalise/index.ts'
import { catalogue, goodSubmission, RESIDENT } from '../catalogue.ts'

t.test('a canonical submission comes back equal', async (t) => {
  const { submission, errors } = normaliseSubmission(goodSubmission(), catalogue)
  t.same(submission, goodSubmission())
  t.same(errors, [])
})

t.test('only what differs is copied, and what was sent stays as it was', async (t) => {
  const sent = goodSubmission({
    form: { first: { kept: true }, left: null, shopName: ' 小馆 ', last: { kept: [1, 2] } },
  })
  const before = structuredClone(sent)
  const { submission } = normaliseSubmission(sent, catalogue)
  const form = (of: Record<string, unknown> | undefined) => of?.form as Record<string, unknown>
  t.same(sent, before)
  t.same(Object.keys(form(submission)), ['first', 'left', 'shopName', 'last'])
  t.equal(form(submission).shopName, '小馆')
  t.equal(form(submission).first, form(sent).first)
  t.equal(submission?.applicant, sent.applicant)
})

t.test('what people and other systems write becomes canonical', async (t) => {
  const { submission, errors } = normaliseSubmission(
    goodSubmission({
      externalId: 'ＫＦ20261123000017 ',
      division: '410204000000',
      homeDivision: '410211',
      appliedAt: '20261123',
      applicant: {
        type: 'person',
        name: '　张三　',
        idType: ' 111',
        idNumber: '110105 19491231 002x',
        mobile: '+86 138-0013-8000',
      },
      agent: {
        hall: '410204-01',
        window: '07',
        clerk: '王',
        verified: [{ material: 'M01', at: '2026年11月23日10时' }],
      },
      form: {
        shopName: '小馆',
        openedOn: '2026年12月1日',
        manager: { phone: '(0371)2388 1234', idNumber: '11010519491231002x' },
        licences: [{ until: '20270101' }],
        note: null,
        free: { kept: null, text: 'ＯＫ' },
      },
    }),
    catalogue,
  )
  t.same(errors, [])
  t.match(submission, {
    externalId: 'KF20261123000017',
    division: '410204',
    homeDivision: '410202',
    appliedAt: '2026-11-23T00:00:00+08:00',
    applicant: { name: '张三', idType: '111', idNumber: RESIDENT, mobile: '13800138000' },
    agent: { verified: [{ at: '2026-11-23T10:00:00+08:00' }] },
    form: {
      openedOn: '2026-12-01',
      manager: { phone: '0371-23881234', idNumber: RESIDENT },
      licences: [{ until: '2027-01-01' }],
      note: null,
      free: { kept: null, text: 'OK' },
    },
  })
})

t.test('numbers where texts with a form are asked for are read as those texts', async (t) => {
  const raw = goodSubmission({
    division: 410204,
    appliedAt: 20261123,
    form: { shopName: 'x', openedOn: 20261201 },
  })
  const { submission, errors } = normaliseSubmission(raw, catalogue)
  t.same(errors, [])
  t.match(submission, {
    division: '410204',
    appliedAt: '2026-11-23T00:00:00+08:00',
    form: { openedOn: '2026-12-01' },
  })
})

t.test('null and empty text in known fields mean that there is none', async (t) => {
  const applicant = {
    type: 'person',
    name: '张三',
    idType: '111',
    idNumber: RESIDENT,
    mobile: '',
    contact: null,
  }
  const { submission, errors } = normaliseSubmission(
    goodSubmission({ applicant, appointment: null }),
    catalogue,
  )
  t.same(errors, [])
  t.notOk(Object.hasOwn(submission!, 'appointment'))
  t.same(Object.keys(submission!.applicant as object), ['type', 'name', 'idType', 'idNumber'])
})

t.test('all faults are named at once, each by its pointer', async (t) => {
  const { errors } = normaliseSubmission(
    goodSubmission({
      homeDivision: '999999',
      appliedAt: '2022-02-30',
      applicant: {
        type: 'person',
        name: 'a\0b',
        idType: '111',
        idNumber: '110105194912310020',
        mobile: '123',
      },
      form: { 'a/b~c': '\ud800', openedOn: 1655913600000 },
    }),
    catalogue,
  )
  t.same(
    errors.map(({ pointer, code }) => [pointer, code]),
    [
      ['/homeDivision', 'unknown-division'],
      ['/applicant/name', 'invalid-text'],
      ['/applicant/idNumber', 'invalid-id-number'],
      ['/applicant/mobile', 'invalid-phone'],
      ['/form/a~1b~0c', 'invalid-text'],
      ['/form/openedOn', 'invalid-date'],
      ['/appliedAt', 'invalid-date'],
    ],
  )
})

t.test('what is no object has no submission', async (t) => {
  for (const raw of [null, undefined, 1, 'x', [], true]) {
    t.match(normaliseSubmission(raw, catalogue), {
      submission: undefined,
      errors: [{ pointer: '', code: 'invalid-type' }],
    })
  }
})

t.test('depth, number of values, long texts and unsafe keys are bounded', async (t) => {
  let deep: unknown = 1
  for (let i = 0; i < 10_000; i++) deep = { deep }
  const codesOf = (form: unknown) =>
    normaliseSubmission({ form }, catalogue).errors.map((error) => error.code)
  t.same(codesOf(deep), ['too-deep'])
  t.same(codesOf({ list: Array.from({ length: 30_000 }, () => 1) }), ['too-many-values'])
  t.same(codesOf({ text: 'x'.repeat(100_001) }), ['too-long'])
  t.same(codesOf(JSON.parse('{"__proto__": {"polluted": true}}')), ['unsafe-key'])
  t.same(codesOf({ '\ud800': 1, '\0': 2 }), ['unsafe-key', 'unsafe-key'])
  t.same(codesOf({ f: () => 1, n: Number.NaN, i: Number.POSITIVE_INFINITY }), [
    'invalid-type',
    'invalid-type',
    'invalid-type',
  ])
  t.same(codesOf({ card: 6222021234567890123n.toString(), lost: Number('6222021234567890123') }), [
    'number-too-large',
  ])
  t.equal(({} as Record<string, unknown>).polluted, undefined)
})

t.test('whatever arrives, nothing is thrown and a second pass changes nothing', async () => {
  const key = fc.oneof(
    fc.constantFrom('applicant', 'form', 'division', 'materials', 'theme', 'idNumber'),
    fc.string({ unit: 'binary' }),
  )
  const leaf = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  )
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  })).value
  fc.assert(
    fc.property(anything, (raw) => {
      const first = normaliseSubmission(raw, catalogue)
      if (first.submission === undefined || first.errors.length > 0) return true
      const second = normaliseSubmission(first.submission, catalogue)
      return (
        second.errors.length === 0 && JSON.stringify(second.submission) === JSON.stringify(first.submission)
      )
    }),
    { numRuns: 2000 },
  )
})
