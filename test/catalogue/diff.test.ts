// What two catalogues differ in, as people and programs read it.

import t, { type Test } from 'tap'
import { diffCatalogues } from '../../src/catalogue/diff.ts'
import { folder, right } from '../settings/folder.ts'

const file = 'matters/catalogue.yaml'

async function diffOf(t: Test, ...edits: [from: string, to: string][]) {
  const before = await folder(t).load()
  let text = right[file]!
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
    text = text.replace(from, to)
  }
  const after = await folder(t, { [file]: text }).load()
  return diffCatalogues(before.catalogue, after.catalogue)
}

t.test('a catalogue does not differ from itself', async (t) => t.strictSame(await diffOf(t), []))

t.test('a limit is told with what it was, in both languages', async (t) => {
  const changes = await diffOf(t, [
    'promisedLimit: { days: 1, unit: G }',
    'promisedLimit: { days: 3, unit: Z }',
  ])
  t.strictSame(changes, [
    {
      what: 'limit',
      change: 'changed',
      code: 'promisedLimit',
      of: { what: 'matter', code: 'birth' },
      before: { days: 1, unit: 'G' },
      after: { days: 3, unit: 'Z' },
      message: 'matter birth: promised limit changed: 1 working day → 3 natural days',
      messageZh: '事项 birth：承诺时限变更：1 个工作日 → 3 个自然日',
    },
  ])
})

const lines: [what: string, edits: [string, string][], messages: string[]][] = [
  [
    'a material that is asked for in addition',
    [
      [
        '- { material: permit, when: { married: true } }',
        '- { material: permit }\n      - { material: photo }',
      ],
    ],
    [
      'matter birth: material permit (Permit) changed: when',
      'matter birth: material photo (Photograph) added',
    ],
  ],
  [
    'a material described anew counts in every matter that asks for it',
    [['sources: [upload] }', 'sources: [upload, paper] }']],
    ['matter vaccination: material photo (Photograph) changed: sources'],
  ],
  [
    'a matter that decides elsewhere',
    [
      ['systems: { "410204": health }', 'systems: { "410204": health, "410221": health }'],
      ['    notOffered: ["410221"]\n', ''],
    ],
    ['matter vaccination: system for 410221 added: health'],
  ],
  [
    'one system for all instead of one a division',
    [
      ['systems: { "410204": health }', 'systems: health'],
      ['    notOffered: ["410221"]\n', ''],
    ],
    [
      'matter vaccination: system for 410204 removed: health',
      'matter vaccination: system for all other divisions added: health',
    ],
  ],
  [
    'limits of its own for a special procedure and for issuing',
    [
      [
        'promisedLimit: { days: 1, unit: G }',
        'promisedLimit: { days: 1, unit: G }\n    specialProcedureLimit: { days: 20, unit: Z }',
      ],
    ],
    ['matter birth: special procedure limit added: 20 natural days'],
  ],
  [
    'a question that is asked otherwise',
    [['type: boolean, default: true', 'type: boolean']],
    ['theme newborn: situation married changed: default'],
  ],
  [
    'a matter that leaves its theme',
    [['after: [birth], optional: true', 'optional: true']],
    ['theme newborn: matter vaccination changed: after'],
  ],
  [
    'a name and the modes of a theme',
    [
      ['name: { zh: 新生儿, en: Newborn }', 'name: { zh: 新生儿, en: A child }'],
      ['applicant: person\n    modes: [online, appointment]', 'applicant: any\n    modes: [online]'],
    ],
    ['theme newborn (A child) changed: name, applicant, modes'],
  ],
  [
    'a division, a department and a certificate type',
    [
      ['en: Qi } }', 'en: Qi County } }\n  - { code: "410222", name: { zh: 通许县, en: Tongxu } }'],
      ['notOffered: ["410221"]', 'notOffered: ["410221", "410222"]'],
      ['{ zh: 卫健委, en: Health }', '{ zh: 卫健委, en: Health Commission }'],
      ['{ zh: 许可证, en: Permit }, registry', '{ zh: 许可证, en: Licence }, registry'],
    ],
    [
      'division 410221 (Qi County) changed: name',
      'division 410222 (Tongxu) added',
      'department health (Health Commission) changed: name',
      'certificate type 11100000000013338W011 (Licence) changed: name',
    ],
  ],
]
for (const [what, edits, messages] of lines) {
  t.test(what, async (t) => {
    const changes = await diffOf(t, ...edits)
    t.strictSame(
      changes.map(({ message }) => message),
      messages,
    )
    for (const { messageZh } of changes) t.match(messageZh, /[\u4e00-\u9fff]/)
  })
}

t.test('what comes or goes as a whole is told once, and its theme says so too', async (t) => {
  const matter = `  - code: extra
    name: { zh: 另一事项, en: Extra }
    department: health
    systems: health
    modes: [online]
    legalLimit: { days: 5, unit: G }
    promisedLimit: { days: 1, unit: G }
themes:`
  const edits: [string, string][] = [
    ['themes:', matter],
    ['- { matter: birth }', '- { matter: birth }\n      - { matter: extra }'],
  ]
  t.strictSame(
    (await diffOf(t, ...edits)).map(({ what, change, code, of }) => ({ what, change, code, of: of?.code })),
    [
      { what: 'theme-matter', change: 'added', code: 'extra', of: 'newborn' },
      { what: 'matter', change: 'added', code: 'extra', of: undefined },
    ],
  )
})
