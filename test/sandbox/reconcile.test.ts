import t from 'tap'
import { type CityBooks, type LedgerView, reconcile } from '../../src/sandbox/reconcile.ts'

type Line = CityBooks[string]['effects'][number]
const line = (kind: string, key: string, reference: string, state = '', times = 1): Line => ({
  kind,
  key,
  reference,
  state,
  times,
})

/** One submission of one case, with a supplement and a parcel, everything at its end. */
function allIsWell(): { books: Record<string, CityBooks[string]>; ledger: Mutable } {
  const books = {
    'kaifeng-platform': {
      effects: [
        line('submission', 'sub_1', 'KF1', 'accepted'),
        line('case', 'case_1', 'sub_1', 'closed'),
        line('hand-over', 'case_1', 'deed', 'sent'),
      ],
      counts: { duplicates: 2 },
      cases: {
        case_1: { submissionId: 'sub_1', types: ['case.dispatched', 'case.approved', 'case.closed'] },
      },
    },
    health: {
      effects: [
        line('case', 'case_1', 'H1', '90'),
        line('supplement', 'case_1', 'H1', '1'),
        line('event', 'case_1', 'H1', '50'),
        line('event', 'case_1', 'H1', '90'),
      ],
      counts: { duplicates: 3, requests: 9 },
    },
    ems: {
      effects: [line('parcel', 'par_1', '1234567890123', 'delivered')],
      counts: { duplicatesRefused: 1 },
    },
    rating: {
      effects: [
        line('service', 'case_1', '1', 'recorded'),
        line('opinion', 'case_1', '1', '4'),
        line('evaluation', 'case_1', '1', '4'),
      ],
      counts: {},
    },
  }
  const ledger: Mutable = {
    submissions: [{ id: 'sub_1', externalId: 'KF1', platform: 'kaifeng-platform', state: 'completed' }],
    cases: [
      {
        id: 'case_1',
        submissionId: 'sub_1',
        matter: 'm',
        system: 'health',
        state: 'closed',
        reference: 'H1',
      },
    ],
    transfers: [
      {
        id: 'trf_1',
        caseId: 'case_1',
        system: 'health',
        operation: 'submitCase',
        state: 'delivered',
        attempts: 3,
        reference: 'H1',
      },
      {
        id: 'trf_2',
        caseId: 'case_1',
        system: 'health',
        operation: 'supplementCase',
        state: 'delivered',
        attempts: 1,
        reference: 'H1',
      },
      {
        id: 'trf_3',
        caseId: 'case_1',
        system: 'ems',
        operation: 'createOrder',
        state: 'delivered',
        attempts: 1,
        reference: '1234567890123',
      },
    ],
    parcels: [
      {
        id: 'par_1',
        reference: '1234567890123',
        state: 'delivered',
        caseId: 'case_1',
        direction: 'collect',
        materials: ['deed'],
      },
    ],
    papers: [
      {
        caseId: 'case_1',
        material: 'deed',
        links: [
          { from: { kind: 'applicant' }, to: { kind: 'window' } },
          { from: { kind: 'window' }, to: { kind: 'carrier' }, parcel: 'par_1' },
          { from: { kind: 'carrier' }, to: { kind: 'department' }, parcel: 'par_1' },
        ],
      },
    ],
    services: [{ caseId: 'case_1', system: 'rating', number: 1, satisfactions: [4] }],
  }
  return { books, ledger }
}
type Mutable = { -readonly [K in keyof LedgerView]: LedgerView[K][number][] }

t.test('books that agree have no findings', async (t) => {
  const { books, ledger } = allIsWell()
  t.strictSame(reconcile(books, ledger), {
    submissions: 1,
    cases: 1,
    transfers: 3,
    retried: 1,
    duplicatesAbsorbed: 6,
    lost: [],
    double: [],
    stuck: [],
    deadLetters: [],
  })
})

type Damage = (world: ReturnType<typeof allIsWell>) => void
const damages: [
  rule: string,
  kind: 'lost' | 'double' | 'stuck' | 'deadLetters',
  about: string,
  damage: Damage,
][] = [
  [
    'an accepted submission that the ledger misses is lost',
    'lost',
    'sub_1',
    ({ ledger }) => {
      ledger.submissions = []
    },
  ],
  [
    'a dispatched case that its department never got is lost',
    'lost',
    'case_1',
    ({ books }) => {
      books.health!.effects.splice(0, 1)
    },
  ],
  [
    'a hand-over that a window reported and the chain does not have is lost',
    'lost',
    'case_1',
    ({ ledger }) => {
      ledger.papers[0] = { ...ledger.papers[0]!, links: ledger.papers[0]!.links.toSpliced(1, 1) }
    },
  ],
  [
    'a parcel that the post delivered and whose paper is elsewhere by its chain is lost',
    'lost',
    'par_1',
    ({ ledger }) => {
      ledger.papers[0] = { ...ledger.papers[0]!, links: ledger.papers[0]!.links.slice(0, 2) }
    },
  ],
  [
    'a gap in a chain is found',
    'lost',
    'case_1',
    ({ ledger }) => {
      const [first, ...rest] = ledger.papers[0]!.links
      ledger.papers[0] = { ...ledger.papers[0]!, links: [{ ...first!, gap: true }, ...rest] }
    },
  ],
  [
    'a case that only the department knows is lost',
    'lost',
    'case_2',
    ({ books }) => {
      books.health!.effects.push(line('case', 'case_2', 'H2', '30'))
    },
  ],
  [
    'a delivered order that the post has not is lost',
    'lost',
    'trf_3',
    ({ books }) => {
      books.ems!.effects.pop()
    },
  ],
  [
    'a parcel that a tracker was told to follow, and does not, is lost',
    'lost',
    'trf_4',
    ({ books, ledger }) => {
      books.kuaidi100 = { effects: [], counts: {} }
      const followed = { id: 'trf_4', system: 'kuaidi100', operation: 'followParcel' }
      ledger.transfers.push({ ...ledger.transfers[2]!, ...followed })
    },
  ],
  [
    'a parcel that only the post knows is lost',
    'lost',
    'par_9',
    ({ books }) => {
      books.ems!.effects.push(line('parcel', 'par_9', '999'))
    },
  ],
  [
    'a delivered supplement that its department has not is lost',
    'lost',
    'case_1',
    ({ books }) => {
      books.health!.effects.splice(1, 1)
    },
  ],
  [
    'an acknowledged event that the case does not show is lost',
    'lost',
    'case_1',
    ({ books, ledger }) => {
      ledger.cases[0] = { ...ledger.cases[0]!, state: 'approved' }
      books.health!.effects[0] = line('case', 'case_1', 'H1', '50')
    },
  ],
  [
    'an end that the platform was not told is lost',
    'lost',
    'case_1',
    ({ books }) => {
      books['kaifeng-platform'] = {
        ...books['kaifeng-platform']!,
        cases: { case_1: { submissionId: 'sub_1', types: ['case.approved'] } },
      }
    },
  ],
  [
    'a file that the department could not verify is lost',
    'lost',
    'case_1',
    ({ books }) => {
      books.health!.effects.push(line('broken-file', 'case_1', '身份证.pdf', 'HTTP 404'))
    },
  ],
  [
    'an effect that happened twice is double',
    'double',
    'case_1',
    ({ books }) => {
      books.health!.effects[0] = line('case', 'case_1', 'H1', '90', 2)
    },
  ],
  [
    'two cases for one matter of a submission are double',
    'double',
    'case_1',
    ({ ledger }) => {
      ledger.cases.push({ ...ledger.cases[0]!, id: 'case_2', state: 'pending', reference: null })
    },
  ],
  [
    'two submissions for one external number are double',
    'double',
    'sub_1',
    ({ ledger }) => {
      ledger.submissions.push({ ...ledger.submissions[0]!, id: 'sub_2' })
    },
  ],
  [
    'an unsettled transfer is stuck',
    'stuck',
    'trf_1',
    ({ ledger }) => {
      ledger.transfers[0] = { ...ledger.transfers[0]!, state: 'due' }
    },
  ],
  [
    'a case that its department finished but the ledger did not is stuck',
    'stuck',
    'case_1',
    ({ books, ledger }) => {
      ledger.cases[0] = { ...ledger.cases[0]!, state: 'reviewing' }
      books.health!.effects = books.health!.effects.filter(({ kind }) => kind !== 'event')
    },
  ],
  [
    'a dead letter is neither lost nor stuck, but named',
    'deadLetters',
    'trf_1',
    ({ ledger }) => {
      ledger.transfers[0] = { ...ledger.transfers[0]!, state: 'dead' }
    },
  ],
  [
    'a service that the rating system was never told of is lost',
    'lost',
    'case_1',
    ({ books, ledger }) => {
      books.rating = { effects: [], counts: {} }
      ledger.services = [{ ...ledger.services[0]!, satisfactions: [] }]
    },
  ],
  [
    'an evaluation that was acknowledged and not kept is lost',
    'lost',
    'case_1',
    ({ ledger }) => {
      ledger.services = [{ ...ledger.services[0]!, satisfactions: [] }]
    },
  ],
  [
    'an evaluation that nobody gave is found out',
    'lost',
    'case_1',
    ({ ledger }) => {
      ledger.services = [{ ...ledger.services[0]!, satisfactions: [4, 5] }]
    },
  ],
  [
    'a service that was recorded twice is double',
    'double',
    'case_1',
    ({ books }) => {
      books.rating!.effects[0]!.times = 2
    },
  ],
]

for (const [rule, kind, about, damage] of damages) {
  t.test(rule, async (t) => {
    const world = allIsWell()
    damage(world)
    const { lost, double, stuck, deadLetters } = reconcile(world.books, world.ledger)
    const found = { lost, double, stuck, deadLetters }
    t.equal(found[kind].length, 1)
    t.ok(found[kind][0]?.about.includes(about), found[kind][0]?.sentence ?? '')
    const others = Object.entries(found).filter(([name]) => name !== kind)
    t.ok(others.every(([, findings]) => findings.length === 0))
  })
}

t.test('a case that ended before it was sent is in no department and not lost', async (t) => {
  const { books, ledger } = allIsWell()
  ledger.cases.push({
    id: 'case_2',
    submissionId: 'sub_1',
    matter: 'n',
    system: 'health',
    state: 'terminated',
    reference: null,
  })
  const told = {
    ...books['kaifeng-platform']!.cases,
    case_2: { submissionId: 'sub_1', types: ['case.terminated'] },
  }
  books['kaifeng-platform'] = { ...books['kaifeng-platform']!, cases: told }
  t.strictSame(reconcile(books, ledger).lost, [])
})
