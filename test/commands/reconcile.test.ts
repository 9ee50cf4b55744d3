// Our books of a day against a system's own, difference by difference, as the command says it.

import t from 'tap'
import { DAY, startBooks } from './reconcile-books.ts'

t.setTimeout(180_000)

const department = (url: string, listing: boolean): string => `title: { zh: 市场监管, en: Market Regulation }
adapter: department-rest
divisions: ["*"]
settings:
  preset: house
  baseUrl: ${url}
  signing: { key: market-regulation, secret: { env: CITY_SECRET } }
${
  listing
    ? `  listing:
    request: { method: GET, path: "/list?day={day}&page={page}" }
    items: data.items
    id: id
    reference: reference
    status: status
    pageSize: 200
`
    : ''
}`

const carrier = (url: string): string => `title: { zh: 邮政, en: Post }
adapter: postal-ems
divisions: ["*"]
settings:
  baseUrl: ${url}/ems
  customerNumber: "90000012345678"
  authorization: { env: EMS_AUTHORIZATION }
  signKey: { env: EMS_SIGN_KEY }
  orderQuery: { apiCode: "020010" }
  answers: [{ code: B00009, means: absent }]
`

const asked = ['--system', 'market-regulation', '--day', DAY]
const listing = (url: string) => ({ 'market-regulation.yaml': department(url, true) })
const reviewing = '35'

t.test('books that agree end with status 0, also across pages and midnight', async (t) => {
  const town = await startBooks(t, listing)
  await town.deliverMany(1, 450)
  town.lists[DAY] = Array.from({ length: 450 }, (_, i) => ({
    id: `case_01m8500000${String(i + 1).padStart(16, '0')}01`,
    reference: `P-${i + 1}`,
    status: reviewing,
  }))
  await town.deliver(900, { time: '23:59:59' })
  town.lists['2026-11-21'] = [{ id: town.caseId(900), reference: 'P-900' }]
  const { code, output } = await town.reconcile(asked)
  t.match(
    output,
    `reconciled system=market-regulation day=${DAY} ours=451 theirs=450 agreed=451 only-ours=0 only-theirs=0 different=0 doubled=0`,
  )
  t.equal(code, 0)
})

t.test('each kind of difference is named with both sides, and the status is 1', async (t) => {
  const town = await startBooks(t, listing)
  for (const n of [1, 2, 3, 4, 5]) await town.deliver(n)
  await town.deliver(6, { transferState: 'dead' })
  await town.deliver(7)
  await town.query('update transfers set settled_at = settled_at - $2::interval where case_id = $1', [
    town.caseId(7),
    '2 days',
  ])
  town.lists[DAY] = [
    { id: town.caseId(1), reference: 'P-1', status: reviewing },
    { id: town.caseId(3), reference: 'X-3', status: reviewing },
    { id: town.caseId(4), reference: 'P-4', status: '30' },
    { id: town.caseId(5), reference: 'P-5' },
    { reference: 'P-5' },
    { id: town.caseId(6), reference: 'P-6' },
    { id: town.caseId(7), reference: 'P-7' },
    { id: 'nobody-knows', reference: 'P-unknown' },
  ]
  const { code, output } = await town.reconcile(asked)
  t.equal(code, 1)
  t.match(output, new RegExp(`${town.caseId(2)} +P-2 reviewing +— +only ours 仅我方有`))
  t.match(output, new RegExp(`${town.caseId(3)} +P-3 reviewing +X-3 case.reviewing +number differs`))
  t.match(output, new RegExp(`${town.caseId(4)} +P-4 reviewing +P-4 case.accepted +state differs`))
  t.match(output, new RegExp(`${town.caseId(5)} +P-5 reviewing +P-5 ×2 +doubled`))
  t.match(output, new RegExp(`${town.caseId(6)} +— +P-6 +only theirs .*our transfer is dead`))
  t.match(output, /nobody-knows +— +P-unknown +only theirs 仅对方有\n/)
  t.match(output, /ours=5 theirs=8 agreed=1 only-ours=1 only-theirs=2 different=2 doubled=1\n$/)
})

t.test(
  'what they took again long after we delivered it is told; what they book a day or two later is not',
  async (t) => {
    const town = await startBooks(t, listing)
    const settled = (n: number, day: string) =>
      town.query('update transfers set settled_at = $2 where case_id = $1', [town.caseId(n), day])
    for (const n of [1, 2, 3, 4]) await town.deliver(n)
    await settled(1, '2026-11-02T10:00:00+08:00')
    await settled(2, '2026-11-18T10:00:00+08:00')
    await settled(3, '2026-11-24T10:00:00+08:00')
    // Dead for a week until somebody sent it again: it had arrived on the day itself.
    await settled(4, '2026-11-27T10:00:00+08:00')
    await town.query("update transfers set created_at = '2026-11-20T09:00:00+08:00' where case_id = $1", [
      town.caseId(4),
    ])
    town.lists[DAY] = [1, 2, 3, 4].map((n) => ({ id: town.caseId(n), reference: `Q-${n}` }))
    const { code, output } = await town.reconcile(asked)
    t.equal(code, 1)
    t.match(
      output,
      new RegExp(`${town.caseId(1)} +— +Q-1 +only theirs .*our transfer is delivered 2026-11-02`),
    )
    t.match(
      output,
      new RegExp(`${town.caseId(3)} +— +Q-3 +only theirs .*our transfer is delivered 2026-11-24`),
    )
    t.match(output, /^2 of theirs were delivered on another day/m)
    t.match(output, /theirs=4 agreed=0 only-ours=0 only-theirs=2 different=0 doubled=0\n$/)
  },
)

t.test("a number of theirs is not taken for another department's that is the same", async (t) => {
  const town = await startBooks(t, listing)
  await town.deliver(1, { reference: 'P-1' })
  await town.query("update cases set system = 'health' where id = $1", [town.caseId(1)])
  await town.query("update transfers set system = 'health' where case_id = $1", [town.caseId(1)])
  town.lists[DAY] = [{ reference: 'P-1' }, { id: town.caseId(1), reference: 'P-2' }]
  const { output } = await town.reconcile(asked)
  t.match(output, /— +— +P-1 +only theirs 仅对方有\n/)
  t.match(output, new RegExp(`${town.caseId(1)} +— +P-2 +only theirs 仅对方有\\n`))
  t.match(output, /ours=0 theirs=2 agreed=0 only-ours=0 only-theirs=2 different=0 doubled=0\n$/)
})

t.test('a carrier is asked for each parcel by our number', async (t) => {
  const town = await startBooks(t, (url) => ({ 'ems.yaml': carrier(url) }))
  await town.order(1, '1200000000001')
  await town.order(2, '1200000000002')
  await town.order(3, '1200000000003')
  town.lists.any = [
    { id: town.parcelId(1), reference: '1200000000001' },
    { id: town.parcelId(2), reference: '1200000000009' },
  ]
  const { code, output } = await town.reconcile(['--system', 'ems', '--day', DAY])
  t.equal(code, 1)
  t.match(output, new RegExp(`${town.parcelId(2)} +1200000000002 ordered +1200000000009 +number differs`))
  t.match(output, new RegExp(`${town.parcelId(3)} +1200000000003 ordered +— +only ours`))
  t.match(
    output,
    `reconciled system=ems day=${DAY} ours=3 theirs=2 agreed=1 only-ours=1 only-theirs=0 different=1 doubled=0`,
  )
})

t.test('a carrier without an order query is asked for the trail, and silence proves nothing', async (t) => {
  const without = (url: string) => carrier(url).replace(/ {2}orderQuery: .*\n/, '')
  const town = await startBooks(t, (url) => ({ 'ems.yaml': without(url) }))
  await town.order(1, '1200000000001')
  await town.order(2, '1200000000002')
  town.lists.any = [{ id: town.parcelId(1), reference: '1200000000001' }]
  const { code, output } = await town.reconcile(['--system', 'ems', '--day', DAY])
  t.equal(code, 1)
  t.match(output, /no scan of 1200000000002 yet, which proves nothing/)
  t.notMatch(output, /only ours$/m)
  t.match(
    output,
    `reconciled system=ems day=${DAY} ours=2 theirs=1 agreed=1 only-ours=0 only-theirs=0 different=0 doubled=0`,
  )
  town.lists.any.push({ id: town.parcelId(2), reference: '1200000000002' })
  t.equal((await town.reconcile(['--system', 'ems', '--day', DAY])).code, 0)
})

t.test('--json says the same, one object a line', async (t) => {
  const town = await startBooks(t, listing)
  await town.deliver(1)
  const { code, output } = await town.reconcile([...asked, '--json'])
  t.equal(code, 1)
  t.match(
    output
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one)),
    [
      { kind: 'only-ours', id: town.caseId(1), ours: { reference: 'P-1', state: 'reviewing' }, theirs: null },
      { system: 'market-regulation', day: DAY, ours: 1, theirs: 0, agreed: 0, onlyOurs: 1 },
    ],
  )
})

t.test('a department that lists nothing is asked for each of ours', async (t) => {
  const town = await startBooks(t, (url) => ({ 'market-regulation.yaml': department(url, false) }))
  for (const n of [1, 2, 3]) await town.deliver(n)
  town.lists[DAY] = [
    { id: town.caseId(1), reference: 'P-1' },
    { id: town.caseId(2), reference: 'X-2' },
  ]
  const { code, output } = await town.reconcile(asked)
  t.equal(code, 1)
  t.equal(town.asked(), 3)
  t.match(output, /ours=3 theirs=2 agreed=1 only-ours=1 only-theirs=0 different=1 doubled=0\n$/)
})

t.test('a system that can neither list nor be asked is said so, with status 2', async (t) => {
  const town = await startBooks(t, listing)
  const { code, output } = await town.reconcile(['--system', 'kaifeng-platform', '--day', DAY])
  t.equal(code, 2)
  t.match(output, /neither list .* nor be asked.*无法核对/)
})

t.test('a list that cannot be had is one sentence, and no comparison', async (t) => {
  const town = await startBooks(t, () => ({
    'market-regulation.yaml': department('http://127.0.0.1:9', true),
  }))
  const { code, output } = await town.reconcile(asked)
  t.equal(code, 1)
  t.notMatch(output, /reconciled|\n\s+at /)
  t.equal((await town.reconcile(['--system', 'market-regulation', '--day', '2026-02-30'])).code, 1)
  t.equal((await town.reconcile([])).code, 2)
})
