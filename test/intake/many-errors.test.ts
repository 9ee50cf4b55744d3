// A body made of nothing but faults costs little more than a good one of its size: the list ends, and says how much is
// left, and nobody else waits for it.

import t from 'tap'
import { parseJsonStrict } from '../../src/http/parse-json.ts'
import { isProblem, type Problem, problem, problemDocument } from '../../src/http/problems.ts'
import { checkSubmission, submissionProblem } from '../../src/intake/check-submission.ts'
import { normaliseSubmission } from '../../src/intake/normalise/index.ts'
import { atMost, gatherFaults, MAX_ERRORS } from '../../src/settings/many-errors.ts'
import { compileSchema } from '../../src/settings/schemas.ts'
import { catalogue, goodSubmission, halls, TODAY } from './catalogue.ts'

const MEBIBYTE = 2 ** 20
/** Ten times what it takes here; what was quadratic took minutes. */
const SOON_MS = 1_500

const fault = (i: number) => ({
  pointer: `/${i}`,
  code: 'invalid-value' as const,
  message: 'is wrong',
  messageZh: '有误',
})
const faults = (count: number) => Array.from({ length: count }, (_, i) => fault(i))

function refusalOf(body: string): Problem {
  try {
    parseJsonStrict(Buffer.from(body))
  } catch (error) {
    if (isProblem(error)) return error
  }
  throw new Error('it was not refused')
}

/** In time of the processor: what else runs on the machine does not count. */
function timed<T>(work: () => T): { result: T; ms: number } {
  const began = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(began)
  return { result, ms: (user + system) / 1000 }
}

const context = { catalogue, halls, city: null, now: TODAY }
const documentOf = (it: Problem) => problemDocument(it, '/v1/submissions')

t.test('a list of 500 is told whole, a longer one ends with how many there are more', async (t) => {
  t.equal(
    documentOf(problem('invalid-submission', { errors: faults(MAX_ERRORS) })).errors?.length,
    MAX_ERRORS,
  )
  const { errors } = documentOf(problem('invalid-submission', { errors: faults(MAX_ERRORS + 20) }))
  t.strictSame(errors?.at(-1), {
    pointer: '',
    code: 'more-errors',
    message: 'and 20 more; mend these first',
    messageZh: '另有 20 处错误，请先修正以上各项',
  })
  t.equal(errors?.length, MAX_ERRORS + 1)
})

t.test('lists that were cut before are counted together', async (t) => {
  const gathered = gatherFaults()
  for (const one of faults(MAX_ERRORS + 7)) gathered.add(one)
  const both = atMost([...gathered.list(), ...faults(30)])
  t.equal(both.length, MAX_ERRORS + 1)
  t.equal(both.at(-1)?.more, 37)
})

t.test(
  'a mebibyte of numbers that lose digits, or of texts that cannot be kept, is refused at once',
  async (t) => {
    for (const item of ['1e999', '"\\u0000"', '{"\\ud842":0}']) {
      const count = Math.floor(MEBIBYTE / (item.length + 1))
      const body = `[${Array.from({ length: count }, () => item).join(',')}]`
      const { result, ms } = timed(() => JSON.stringify(documentOf(refusalOf(body))))
      t.ok(ms < SOON_MS, `${item}: ${Math.round(ms)} ms`)
      t.ok(result.length < 200_000, `${result.length} characters`)
      t.match(result, `and ${count - MAX_ERRORS} more`)
    }
  },
)

t.test('an object of unknown fields is explained at once, also beside a choice that failed', async (t) => {
  const check = compileSchema({
    properties: { known: {}, list: { items: { anyOf: [{ type: 'string' }, { required: ['a', 'b'] }] } } },
    additionalProperties: false,
  })
  const data = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`field${i}`, 0]))
  for (const list of [[], Array.from({ length: 20_000 }, () => ({}))]) {
    const { result, ms } = timed(() => check({ ...data, list }))
    t.ok(ms < SOON_MS, `${Math.round(ms)} ms`)
    t.equal(result.length, MAX_ERRORS + 1)
    t.equal(result.at(-1)?.more, 20_000 - MAX_ERRORS + list.length)
  }
})

t.test('a submission of more values than any has is refused for that, and read no further', async (t) => {
  const situations = Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`field${i}`, true]))
  const { errors } = checkSubmission(normaliseSubmission(goodSubmission({ situations }), catalogue), context)
  t.strictSame(
    errors.map(({ code }) => code),
    ['too-many-values'],
  )
})

t.test('submissions with 19,000 faults of any kind are refused at once', async (t) => {
  const many = <V>(value: (i: number) => V): V[] => Array.from({ length: 19_000 }, (_, i) => value(i))
  const fields = (value: (i: number) => unknown) => Object.fromEntries(many((i) => [`field${i}`, value(i)]))
  const bad = {
    'unknown fields': fields(() => 0),
    'unknown situations': { situations: fields(() => true) },
    'unknown modes': { modes: fields(() => 'online') },
    'unknown fields of the applicant': { applicant: fields(() => 1) },
    'materials that are none': { materials: many((i) => i) },
    'broken texts': { form: fields(() => '\0') },
  }
  for (const [what, changes] of Object.entries(bad)) {
    const raw = goodSubmission(changes)
    const { result, ms } = timed(() => {
      const { errors } = checkSubmission(normaliseSubmission(raw, catalogue), context)
      return JSON.stringify(documentOf(submissionProblem(errors)))
    })
    t.ok(ms < SOON_MS, `${what}: ${Math.round(ms)} ms`)
    t.ok(result.length < 1_000_000, `${what}: ${result.length} characters`)
    t.match(result, 'more-errors', what)
  }
})
