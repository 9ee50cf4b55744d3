// The slots that halls publish: read with their defaults, and each thing that can be wrong with them at its place.

import t from 'tap'
import { type Changes, edited, folder, problemsOf } from './folder.ts'

const file = 'halls/410204.yaml'
const slots = (...offers: string[]): Changes =>
  edited(
    file,
    '    windows:',
    `    appointments:\n${offers.map((one) => `      - ${one}\n`).join('')}    windows:`,
  )

t.test('slots have a hold and a span of days unless they say otherwise', async (t) => {
  const written =
    '{ code: birth, matters: [birth], hours: ["09:00-11:30", "14:00-17:00"], minutes: 30, capacity: 2 }'
  const { halls } = await folder(t, slots(written)).load()
  t.strictSame(halls.get('410204-01')?.appointments, [
    {
      aheadDays: 14,
      holdMinutes: 10,
      code: 'birth',
      matters: ['birth'],
      hours: ['09:00-11:30', '14:00-17:00'],
      minutes: 30,
      capacity: 2,
    },
  ])
})

const table: { wrong: string; offers: string[]; problems: RegExp[] }[] = [
  {
    wrong: 'a matter that nobody described',
    offers: ['{ code: birth, matters: [brith], hours: ["09:00-11:30"], minutes: 30, capacity: 2 }'],
    problems: [
      /appointments\/0\/matters\/0: There is no matter brith in config\/matters; did you mean birth\?/,
    ],
  },
  {
    wrong: 'a matter that is not done by appointment',
    offers: ['{ code: x, matters: [vaccination], hours: ["09:00-11:30"], minutes: 30, capacity: 2 }'],
    problems: [/matters\/0: vaccination is not done by appointment/],
  },
  {
    wrong: 'hours that are no hours',
    offers: ['{ code: x, matters: ["*"], hours: ["9-11"], minutes: 30, capacity: 2 }'],
    problems: [/hours\/0: .*a span such as 09:00-11:30/],
  },
  {
    wrong: 'hours too short for a slot, backwards, or overlapping',
    offers: [
      '{ code: x, matters: ["*"], hours: ["09:00-09:20", "11:00-10:00", "14:00-15:00", "14:30-16:00"], minutes: 30, capacity: 2 }',
    ],
    problems: [
      /hours\/0: 09:00-09:20 is shorter than one slot of 30 minutes/,
      /hours\/1: 11:00-10:00 is shorter than one slot/,
      /hours\/3: 14:30-16:00 begins before the one above ends/,
    ],
  },
  {
    wrong: 'two of one name',
    offers: [1, 2].map(
      (n) => `{ code: x, matters: ["*"], hours: ["0${n}:00-05:00"], minutes: 30, capacity: 2 }`,
    ),
    problems: [/appointments\/1\/code: /],
  },
]

for (const { wrong, offers, problems } of table)
  t.test(wrong, async (t) => {
    const found = await problemsOf(t, slots(...offers))
    t.match(found, problems)
    t.equal(found.length, problems.length)
  })
