// Each thing that can be wrong with the catalogue is shown at its file, line and column.

import t from 'tap'
import { ConfigurationError } from '../../src/settings/problems.ts'
import { type Changes, edited, folder, problemsOf, right } from '../settings/folder.ts'

const catalogue = 'matters/catalogue.yaml'

/** The matter of a birth yields a certificate. */
const withResult = (type: 'electronic' | 'paper'): string =>
  right[catalogue]!.replace(
    '    materials:\n      - { material: permit',
    `    results: [{ name: { zh: 证, en: Certificate }, type: ${type} }]\n    materials:\n      - { material: permit`,
  )

const table: { wrong: string; changes: Changes; problems: string[] }[] = [
  {
    wrong: 'a department that is not listed',
    changes: edited(catalogue, 'department: health', 'department: helth'),
    problems: [
      'matters/catalogue.yaml:14:17 /matters/0/department: There is no department helth in config/matters; did you mean health?',
    ],
  },
  {
    wrong: "a matter's system that is not configured",
    changes: edited(catalogue, '{ "410204": health }', '{ "410204": helth }'),
    problems: [
      'matters/catalogue.yaml:24:26 /matters/1/systems/410204: There is no system helth in config/systems; did you mean health?',
    ],
  },
  {
    wrong: 'a theme of a matter that nobody described',
    changes: edited(catalogue, '{ matter: birth }', '{ matter: brith }'),
    problems: [
      'matters/catalogue.yaml:39:19 /themes/0/matters/0/matter: There is no matter brith in config/matters; did you mean birth?',
      'matters/catalogue.yaml:40:40 /themes/0/matters/1/after/0: Theme newborn has no matter birth to wait for; did you mean brith?',
    ],
  },
  {
    wrong: 'matters that wait for one another',
    changes: edited(catalogue, '{ matter: birth }', '{ matter: birth, after: [vaccination] }'),
    problems: [
      'matters/catalogue.yaml:39:33 /themes/0/matters/0/after: Matters wait for one another in a circle: birth → vaccination → birth',
    ],
  },
  {
    wrong: 'a situation that the theme does not ask about',
    changes: edited(catalogue, 'when: { married: true }', 'when: { maried: true }'),
    problems: [
      'matters/catalogue.yaml:20:37 /matters/0/materials/0/when/maried: Theme newborn has no situation maried; did you mean married?',
    ],
  },
  {
    wrong: 'an answer that a situation does not have',
    changes: edited(catalogue, 'when: { married: true }', 'when: { married: maybe }'),
    problems: [
      'matters/catalogue.yaml:20:46 /matters/0/materials/0/when/married: maybe is no answer to situation married; answers are true, false',
    ],
  },
  {
    wrong: 'a material that may be used again, but not as shared',
    changes: edited(catalogue, 'sources: [upload] }', 'sources: [upload], reusableFor: { days: 30 } }'),
    problems: [
      'matters/catalogue.yaml:9:63 /materials/0/sources: A material with reusableFor needs the source shared: that is how it is used again',
    ],
  },
  {
    wrong: 'a material that is not listed',
    changes: edited(catalogue, '{ material: photo }', '{ material: foto }'),
    problems: [
      'matters/catalogue.yaml:29:21 /matters/1/materials/0/material: There is no material foto in config/matters; did you mean photo?',
    ],
  },
  {
    wrong: 'a source that the material does not have',
    changes: edited(catalogue, '{ material: photo }', '{ material: photo, sources: [paper] }'),
    problems: [
      'matters/catalogue.yaml:29:38 /matters/1/materials/0/sources/0: Material photo does not come from paper; it may come from upload',
    ],
  },
  {
    wrong: 'a material that two matters of a theme want from different sources',
    changes: {
      [catalogue]: right[catalogue]!.replace(
        '{ material: permit,',
        '{ material: permit, sources: [certificate],',
      ).replace('{ material: photo }', '{ material: permit, sources: [upload] }'),
    },
    problems: [
      'matters/catalogue.yaml:29:38 /matters/1/materials/0/sources: In theme newborn other matters take permit only from other sources',
    ],
  },
  {
    wrong: 'a material that may be a certificate of no type',
    changes: edited(catalogue, 'sources: [upload] }', 'sources: [certificate] }'),
    problems: [
      'matters/catalogue.yaml:9:63 /materials/0/sources: A material that may be a certificate needs its certificateType',
    ],
  },
  {
    wrong: 'a certificate type with a wrong check digit',
    changes: { [catalogue]: right[catalogue]!.replaceAll('13338W011', '13338X011') },
    problems: [
      'matters/catalogue.yaml:7:13 /certificateTypes/0/code: The first 18 characters are no valid USCC',
    ],
  },
  {
    wrong: 'a code of a matter that does not belong to its department',
    changes: edited(
      catalogue,
      '    department: health\n',
      '    taskCode: "11370800MB285591843370117002011"\n    catalogCode: "370117002012"\n    department: health\n',
    ),
    problems: [
      'matters/catalogue.yaml:14:15 /matters/0/taskCode: taskCode must end with the catalogCode 370117002012',
    ],
  },
  {
    wrong: 'an old division code that is taken',
    changes: edited(catalogue, '"410299"', '"410221"'),
    problems: [
      'matters/catalogue.yaml:2:63 /divisions/0/aliases/0: 410221 is already a code of division 410221',
    ],
  },
  {
    wrong: 'a code described in two files',
    changes: {
      'matters/more.yaml': 'departments:\n  - { code: health, name: { zh: 卫健委, en: Health } }\n',
    },
    problems: [
      'matters/more.yaml:2:13 /departments/0/code: The department health is described twice; the first is in matters/catalogue.yaml',
    ],
  },
  {
    wrong: 'a form that is no JSON Schema',
    changes: edited(
      catalogue,
      '    applicant: person\n',
      '    applicant: person\n    form: { type: objct }\n',
    ),
    problems: [
      'matters/catalogue.yaml:35:11 /themes/0/form: form is not a JSON Schema (2020-12): schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf',
    ],
  },
  {
    wrong: 'a matter without a system in a division of the city',
    changes: edited(catalogue, '    notOffered: ["410221"]\n', ''),
    problems: [
      "matters/catalogue.yaml:24:14 /matters/1/systems: Matter vaccination has no system for 410221 (Qi): name one, give '*' for all others, or list them under notOffered",
    ],
  },
  {
    wrong: 'a matter that is offered in a division and is not',
    changes: {
      [catalogue]: right[catalogue]!.replace(
        '{ "410204": health }',
        '{ "410204": health, "410221": health }',
      ).replace('notOffered: ["410221"]', 'notOffered: ["410204"]'),
    },
    problems: [
      'matters/catalogue.yaml:30:18 /matters/1/notOffered/0: Matter vaccination has a system for division 410204: it cannot be under notOffered as well',
    ],
  },
  {
    wrong: 'a division without a matter that is none',
    changes: edited(catalogue, 'notOffered: ["410221"]', 'notOffered: ["410221", "410222"]'),
    problems: [
      'matters/catalogue.yaml:30:28 /matters/1/notOffered/1: There is no division 410222 in config/matters; did you mean 410221?',
    ],
  },
  {
    wrong: 'a matter that is offered nowhere',
    changes: {
      [catalogue]: right[catalogue]!.replace('{ "410204": health }', 'health').replace(
        'notOffered: ["410221"]',
        'notOffered: ["410221", "410204"]',
      ),
    },
    problems: [
      'matters/catalogue.yaml:30:17 /matters/1/notOffered: Matter vaccination is offered in no division: nobody could apply for it',
    ],
  },
  {
    wrong: 'a matter that no theme has',
    changes: edited(catalogue, '      - { matter: vaccination, after: [birth], optional: true }\n', ''),
    problems: [
      'matters/catalogue.yaml:21:11 /matters/1/code: No theme has matter vaccination: nobody could apply for it',
    ],
  },
  {
    wrong: 'a matter whose modes its theme does not have',
    changes: edited(catalogue, 'modes: [online]\n', 'modes: [agent]\n'),
    problems: [
      'matters/catalogue.yaml:25:12 /matters/1/modes: Matter vaccination is offered in none of the modes of its themes newborn: nobody could apply for it',
    ],
  },
  {
    wrong: 'a first day in two files',
    changes: {
      ...edited(catalogue, 'divisions:\n', 'effectiveFrom: "2026-01-01"\ndivisions:\n'),
      'matters/more.yaml': 'effectiveFrom: "2026-07-01"\n',
    },
    problems: [
      'matters/more.yaml:1:16 /effectiveFrom: effectiveFrom is given twice; the first is in matters/catalogue.yaml',
    ],
  },
  {
    wrong: 'a result of a matter that has none such',
    changes: edited(
      catalogue,
      '{ material: photo }',
      '{ material: photo, from: { matter: birth, result: 2 } }',
    ),
    problems: [
      'matters/catalogue.yaml:29:59 /matters/1/materials/0/from/result: Matter birth has no result 2; it has 0',
    ],
  },
  {
    wrong: 'a result of a matter that nobody described, or of the matter itself',
    changes: {
      [catalogue]: right[catalogue]!.replace(
        '{ material: photo }',
        '{ material: photo, from: { matter: brith } }',
      ).replace('{ material: permit,', '{ material: permit, from: { matter: birth },'),
    },
    problems: [
      'matters/catalogue.yaml:20:45 /matters/0/materials/0/from/matter: Matter birth cannot use its own result',
      'matters/catalogue.yaml:29:44 /matters/1/materials/0/from/matter: There is no matter brith in config/matters; did you mean birth?',
    ],
  },
  {
    wrong: 'a result on paper that should be a material',
    changes: {
      [catalogue]: withResult('paper').replace(
        '{ material: photo }',
        '{ material: photo, from: { matter: birth } }',
      ),
    },
    problems: [
      'matters/catalogue.yaml:30:28 /matters/1/materials/0/from/result: Result 1 of matter birth is paper: material photo needs an electronic one',
    ],
  },
  {
    wrong: 'a result that is used before it is there',
    changes: {
      [catalogue]: withResult('electronic')
        .replace('{ material: photo }', '{ material: photo, from: { matter: birth } }')
        .replace('after: [birth], ', ''),
    },
    problems: [
      'matters/catalogue.yaml:30:44 /matters/1/materials/0/from/matter: In theme newborn (matters/catalogue.yaml) matter vaccination does not come after birth: add it to its after',
    ],
  },
  {
    wrong: 'a material that comes from a matter for one, and from the applicant for another',
    changes: {
      [catalogue]: withResult('electronic').replace(
        '{ material: photo }',
        '{ material: permit, from: { matter: birth } }',
      ),
    },
    problems: [
      'matters/catalogue.yaml:30:9 /matters/1/materials/0: In theme newborn other matters take permit from elsewhere: give the same from to all',
    ],
  },
  {
    wrong: 'a catalogue without divisions',
    changes: { [catalogue]: null, 'halls/410204.yaml': null, 'postal/410204.yaml': null },
    problems: [
      'gateway.yaml:5:17 /clients/0/divisions/0: There is no division 410204 in config/matters',
      'matters:0:0 : No file under config/matters lists any divisions: at least one is needed',
    ],
  },
]

for (const { wrong, changes, problems } of table) {
  t.test(wrong, async (t) => t.same(await problemsOf(t, changes), problems))
}

const alone = `  - code: alone
    name: { zh: 无人问津, en: Alone }
    department: health
    systems: health
    modes: [online]
    legalLimit: { days: 5, unit: G }
    promisedLimit: { days: 1, unit: G }
`

t.test('everything that is wrong is told at once, in both languages', async (t) => {
  const text = right[catalogue]!.replace('department: health', 'department: helth')
    .replace('{ matter: birth }', '{ matter: birth, after: [vaccination] }')
    .replace('    notOffered: ["410221"]\n', '')
    .replace('themes:', `${alone}themes:`)
  const error = await folder(t, { [catalogue]: text })
    .load()
    .catch((thrown: unknown) => thrown)
  if (!(error instanceof ConfigurationError)) throw error
  const all = error.problems.map(({ message }) => message)
  for (const part of [
    /no department helth/,
    /in a circle/,
    /no system for 410221/,
    /No theme has matter alone/,
  ])
    t.ok(
      all.some((message) => part.test(message)),
      String(part),
    )
  t.equal(all.length, 4)
  for (const { messageZh } of error.problems) t.match(messageZh, /[\u4e00-\u9fff]/)
})
