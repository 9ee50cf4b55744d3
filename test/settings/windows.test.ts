// The authorisation matrix of config/halls: both forms, and each thing that can be wrong with it at its place.

import t from 'tap'
import { type Changes, edited, folder, problemsOf } from './folder.ts'

const file = 'halls/410204.yaml'
const written = '[{ code: "01", collects: ["*"], from: "2026-01-01", to: "2026-12-31" }]'
const windows = (yaml: string): Changes => edited(file, ` ${written}`, `\n${yaml}`)

t.test('the short form and the matrix become one list of authorisations', async (t) => {
  const changes = windows(`      - code: "01"
        collects: [birth]
        from: "2026-01-01"
        to: "2026-12-31"
        authorisations:
          - { collect: [birth], accept: [vaccination], from: "2027-01-01", to: "2027-06-30" }
          - { accept: ["*"], from: "2028-01-01", to: "2028-12-31" }
`)
  const { halls } = await folder(t, changes).load()
  t.strictSame(halls.get('410204-01')?.windows, [
    {
      code: '01',
      authorisations: [
        { right: 'collect', matters: ['birth'], from: '2026-01-01', to: '2026-12-31' },
        { right: 'collect', matters: ['birth'], from: '2027-01-01', to: '2027-06-30' },
        { right: 'accept', matters: ['vaccination'], from: '2027-01-01', to: '2027-06-30' },
        { right: 'accept', matters: ['*'], from: '2028-01-01', to: '2028-12-31' },
      ],
    },
  ])
})

t.test('periods that touch, and the two rights side by side, are no overlap', async (t) => {
  const changes = windows(`      - code: "01"
        authorisations:
          - { collect: [birth], from: "2026-01-01", to: "2026-06-30" }
          - { collect: ["*"], from: "2026-07-01", to: "2026-12-31" }
          - { accept: [birth], from: "2026-01-01", to: "2026-12-31" }
`)
  t.ok(await folder(t, changes).load())
})

const table: { wrong: string; yaml: string; problems: string[] }[] = [
  {
    wrong: 'a matter that nobody described, in either right',
    yaml: '      - { code: "01", authorisations: [{ collect: [birth, vacination], accept: [brith], from: "2026-01-01", to: "2026-12-31" }] }\n',
    problems: [
      `${file}:8:59 /halls/0/windows/0/authorisations/0/collect/1: There is no matter vacination in config/matters; did you mean vaccination?`,
      `${file}:8:81 /halls/0/windows/0/authorisations/0/accept/0: There is no matter brith in config/matters; did you mean birth?`,
    ],
  },
  {
    wrong: 'a period that ends before it begins',
    yaml: '      - { code: "01", authorisations: [{ collect: [birth], from: "2026-12-31", to: "2026-01-01" }] }\n',
    problems: [`${file}:8:84 /halls/0/windows/0/authorisations/0/to: to is before from (2026-12-31)`],
  },
  {
    wrong: 'one right to one matter twice for the same day',
    yaml: `      - code: "01"
        authorisations:
          - { accept: [birth, vaccination], from: "2026-01-01", to: "2026-06-30" }
          - { accept: [vaccination], from: "2026-06-30", to: "2026-12-31" }
`,
    problems: [
      `${file}:11:24 /halls/0/windows/0/authorisations/1/accept/0: The right to accept matter vaccination is already given from 2026-01-01 to 2026-06-30: periods must not overlap`,
    ],
  },
  {
    wrong: 'a matter that * already covers, the short form being one of the two',
    yaml: `      - code: "01"
        collects: ["*"]
        from: "2026-01-01"
        to: "2026-12-31"
        authorisations: [{ collect: [birth], from: "2026-03-01", to: "2026-03-31" }]
`,
    problems: [
      `${file}:12:38 /halls/0/windows/0/authorisations/0/collect/0: The right to collect every matter is already given from 2026-01-01 to 2026-12-31: periods must not overlap`,
    ],
  },
  {
    wrong: 'a window that may do nothing',
    yaml: '      - { code: "01" }\n',
    problems: [
      `${file}:8:9 /halls/0/windows/0: Window 01 is authorised for nothing: give it collects with from and to, or authorisations`,
    ],
  },
  {
    wrong: 'an authorisation to nothing',
    yaml: '      - { code: "01", authorisations: [{ from: "2026-01-01", to: "2026-12-31" }] }\n',
    problems: [
      `${file}:8:40 /halls/0/windows/0/authorisations/0: This authorises nothing: list matters to collect or to accept`,
    ],
  },
  {
    wrong: 'the short form without a period',
    yaml: '      - { code: "01", collects: [birth], to: "2026-12-31" }\n',
    problems: [`${file}:8:9 /halls/0/windows/0/from: from is missing: collects needs it`],
  },
]

for (const { wrong, yaml, problems } of table) {
  t.test(`${wrong} is refused at its place`, async (t) => {
    t.strictSame(await problemsOf(t, windows(yaml)), problems)
  })
}
