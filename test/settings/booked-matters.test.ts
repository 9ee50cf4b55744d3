// What may be booked with a department's own booking system: read with its defaults, and each thing that can
// be wrong at its place.

import t from 'tap'
import { loadCatalogue } from '../../src/settings/load.ts'
import type { ConfigurationError } from '../../src/settings/problems.ts'
import { adapters, folder, problemsOf } from './folder.ts'

const system = (text: string, adapter = 'booking') => ({
  'systems/office.yaml': `adapter: ${adapter}\ntitle: { zh: 预约, en: Booking }\n${text}`,
})

t.test(
  'a row serves all divisions of its system and holds for ten minutes unless it says otherwise',
  async (t) => {
    const { systems } = await folder(
      t,
      system(`divisions: ["410204", "410221"]
appointments:
  - { matters: [birth] }
  - { matters: [birth], divisions: ["410221"], holdMinutes: 5 }
`),
    ).load()
    t.strictSame(systems.get('office')?.appointments, [
      { divisions: ['410204', '410221'], holdMinutes: 10, matters: ['birth'] },
      { divisions: ['410221'], holdMinutes: 5, matters: ['birth'] },
    ])
    t.equal(systems.get('post')?.appointments, undefined)
  },
)

const table: { wrong: string; text: string; adapter?: string; problem: RegExp }[] = [
  {
    wrong: 'nothing that may be booked',
    text: '',
    problem: /office\.yaml.*Nothing may be booked there: say which matters, e\.g\. appointments: \[/,
  },
  {
    wrong: 'a system that is no booking system',
    text: 'appointments: [{ matters: [birth] }]',
    adapter: 'carrier',
    problem: /office\.yaml:3:1 \/appointments: Adapter carrier is no booking system/,
  },
  {
    wrong: 'a matter that nobody described',
    text: 'appointments: [{ matters: [brith] }]',
    problem: /appointments\/0\/matters\/0: There is no matter brith in config\/matters; did you mean birth\?/,
  },
  {
    wrong: 'a matter that is not done by appointment',
    text: 'appointments: [{ matters: [vaccination] }]',
    problem: /matters\/0: vaccination is not done by appointment/,
  },
  {
    wrong: 'a division that nobody described',
    text: 'appointments: [{ matters: [birth], divisions: ["410205"] }]',
    problem: /appointments\/0\/divisions\/0: There is no division 410205/,
  },
  {
    wrong: 'a division that the system does not serve',
    text: 'divisions: ["410204"]\nappointments: [{ matters: [birth], divisions: ["410221"] }]',
    problem: /divisions\/0: 410221 is not among the divisions that this system serves \(410204\)/,
  },
  {
    wrong: 'every matter',
    text: 'appointments: [{ matters: ["*"] }]',
    problem: /matters\/0: .*the code of a matter/,
  },
]

for (const { wrong, text, adapter, problem } of table)
  t.test(wrong, async (t) => {
    const found = await problemsOf(t, system(text, adapter))
    t.match(found, [problem])
    t.equal(found.length, 1)
  })

t.test(
  'a catalogue that takes a booked matter away is refused, whatever else is wrong with systems',
  async (t) => {
    const { dir } = await folder(t, {
      ...system('appointments: [{ matters: [vaccination] }]\nsettings: { secret: { env: NOT_SET } }'),
    })
    const found = await loadCatalogue({ configDir: dir, env: {}, adapters }).catch((error: unknown) => error)
    t.match(found, { problems: [{ file: 'systems/office.yaml', pointer: '/appointments/0/matters/0' }] })
    t.equal((found as ConfigurationError).problems.length, 1)
  },
)
