// Each thing that can be wrong with the catalogue is shown at its file, line and column.

import t from 'tap'
import { type Changes, edited, problemsOf, right } from '../settings/folder.ts'

const catalogue = 'matters/catalogue.yaml'

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
      'matters/catalogue.yaml:38:19 /themes/0/matters/0/matter: There is no matter brith in config/matters; did you mean birth?',
      'matters/catalogue.yaml:39:40 /themes/0/matters/1/after/0: Theme newborn has no matter birth to wait for; did you mean brith?',
    ],
  },
  {
    wrong: 'matters that wait for one another',
    changes: edited(catalogue, '{ matter: birth }', '{ matter: birth, after: [vaccination] }'),
    problems: [
      'matters/catalogue.yaml:38:33 /themes/0/matters/0/after: Matters wait for one another in a circle: birth → vaccination → birth',
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
      'matters/catalogue.yaml:34:11 /themes/0/form: form is not a JSON Schema (2020-12): schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf',
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
