// Each thing that can be wrong with a configuration is shown at its file, line and column.

import t from 'tap'
import { loadSettings } from '../../src/settings/load.ts'
import { adapters, type Changes, edited, environment, folder, problemsOf } from './folder.ts'

const health = 'systems/health.yaml'

const table: { wrong: string; changes: Changes; env?: Record<string, string>; problems: string[] }[] = [
  {
    wrong: 'a field written twice',
    changes: edited(health, 'title:', 'adapter: department\ntitle:'),
    problems: [
      'systems/health.yaml:2:1 : Not valid YAML: This field is written twice in one group: keep one of them',
    ],
  },
  {
    wrong: 'a tab in front of a field',
    changes: edited(health, '  baseUrl', '\tbaseUrl'),
    problems: ['systems/health.yaml:4:1 : Not valid YAML: A tab is used to indent: use spaces'],
  },
  {
    wrong: 'a bracket that is not closed',
    changes: edited(health, 'title:', 'divisions: ["410204"\ntitle:'),
    problems: [
      'systems/health.yaml:3:1 : Not valid YAML: A [ or { before is not closed by ] or }, or what is in it is not indented',
    ],
  },
  {
    wrong: 'a file that is not UTF-8',
    changes: { [health]: Buffer.from([0x61, 0x3a, 0xff]) },
    problems: ['systems/health.yaml:1:1 : The file is not UTF-8 text: save it as UTF-8'],
  },
  {
    wrong: 'a variable that is not there',
    changes: edited(health, ':-http://127.0.0.1:7800', ''),
    problems: [
      `systems/health.yaml:4:12 /settings/baseUrl: The environment has no CITY_URL: set it, or give a default as in \${CITY_URL:-default}`,
    ],
  },
  {
    wrong: 'a variable in the catalogue, which is recorded',
    changes: edited('matters/catalogue.yaml', 'en: Qi ', `en: "\${COUNTY:-Qi}" `),
    problems: [
      'matters/catalogue.yaml:3:43 /divisions/1/name/en: Variables of the environment are not read in these files, which are recorded and must say the same everywhere: write the value itself',
    ],
  },
  {
    wrong: 'an unknown field',
    changes: edited(health, 'title:', 'divsions: ["410204"]\ntitle:'),
    problems: ['systems/health.yaml:2:1 /divsions: divsions is not known here; did you mean divisions?'],
  },
  {
    wrong: 'a missing field, shown at the group that lacks it',
    changes: edited(health, '{ zh: 卫健委, en: Health }', '{ zh: 卫健委 }'),
    problems: ['systems/health.yaml:2:1 /title/en: en is missing'],
  },
  {
    wrong: 'a code that lost its quotes',
    changes: edited('gateway.yaml', '["410204"]', '[410204]'),
    problems: ['gateway.yaml:5:17 /clients/0/divisions/0: must be text; put it in quotes'],
  },
  {
    wrong: 'postal contracts without the city that their addresses lie in',
    changes: edited('gateway.yaml', 'city: { province: 河南省, name: 开封市 }\n', ''),
    problems: [
      'gateway.yaml:1:1 : Postal contracts need the city, e.g. city: { province: 河南省, name: 开封市 }',
    ],
  },
  {
    wrong: 'a number out of bounds',
    changes: edited(health, 'settings:', 'delivery:\n  timeoutMs: 5\nsettings:'),
    problems: ['systems/health.yaml:4:14 /delivery/timeoutMs: timeoutMs must be at least 100'],
  },
  {
    wrong: 'an adapter that nobody has written',
    changes: edited(health, 'adapter: department', 'adapter: departmnt'),
    problems: [
      'systems/health.yaml:1:10 /adapter: There is no adapter departmnt in adapters/; did you mean department?',
    ],
  },
  {
    wrong: "a setting that the system's adapter does not know",
    changes: edited(health, '  secret:', '  baseURL: x\n  secret:'),
    problems: ['systems/health.yaml:5:3 /settings/baseURL: baseURL is not known here; did you mean baseUrl?'],
  },
  {
    wrong: 'a secret written in the file',
    changes: edited(health, '{ env: CITY_SECRET }', 'city-secret'),
    problems: [
      'systems/health.yaml:5:11 /settings/secret: A secret may not be written in this file: write { env: NAME } or { file: path } instead',
    ],
  },
  {
    wrong: 'a secret written in a list',
    changes: edited(health, '  secret:', '  previous:\n    - old-secret\n  secret:'),
    problems: [
      'systems/health.yaml:6:7 /settings/previous/0: A secret may not be written in this file: write { env: NAME } or { file: path } instead',
    ],
  },
  {
    wrong: 'something said of a secret that belongs elsewhere',
    changes: edited(health, '{ env: CITY_SECRET }', '{ env: CITY_SECRET, digest: sm3 }'),
    problems: [
      'systems/health.yaml:5:11 /settings/secret: Beside env or file only optional may be said of a secret, not digest',
    ],
  },
  {
    wrong: 'a secret that the environment does not have',
    changes: {},
    env: { PLATFORM_TOKEN: 'x' },
    problems: ['systems/health.yaml:5:11 /settings/secret: The environment has no CITY_SECRET: set it'],
  },
  {
    wrong: 'a secret that does not fit, without showing it',
    changes: {},
    env: { ...environment, CITY_SECRET: 'abc' },
    problems: ['systems/health.yaml:5:11 /settings/secret: secret must have at least 4 characters'],
  },
  {
    wrong: 'a file with a secret that is not there',
    changes: edited('gateway.yaml', '{ env: PLATFORM_TOKEN }', '{ file: nowhere }'),
    problems: ['gateway.yaml:3:14 /clients/0/tokens/0: The file nowhere is not there, not readable or empty'],
  },
  {
    wrong: 'a token that is not a hash',
    changes: edited('gateway.yaml', '{ env: PLATFORM_TOKEN }', '{ sha256: abc }'),
    problems: [
      'gateway.yaml:3:24 /clients/0/tokens/0/sha256: sha256 must be 64 hexadecimal digits in small letters',
    ],
  },
  {
    wrong: "a client's platform that does not exist",
    changes: edited('gateway.yaml', 'platform: city-platform', 'platform: city-platfrom'),
    problems: [
      'gateway.yaml:6:15 /clients/0/platform: There is no system city-platfrom in config/systems; did you mean city-platform?',
    ],
  },
  {
    wrong: "a client's platform that is something else",
    changes: edited('gateway.yaml', 'platform: city-platform', 'platform: health'),
    problems: [
      'gateway.yaml:6:15 /clients/0/platform: System health is of kind department; here a platform is needed',
    ],
  },
  {
    wrong: 'a division that is not in the catalogue',
    changes: edited('gateway.yaml', '"410204"', '"410205"'),
    problems: [
      'gateway.yaml:5:17 /clients/0/divisions/0: There is no division 410205 in config/matters; did you mean 410204?',
    ],
  },
  {
    wrong: 'one token of two clients',
    changes: edited(
      'gateway.yaml',
      'clients:',
      `clients:
  - { id: other, tokens: [{ env: PLATFORM_TOKEN }], scopes: [submissions:read], divisions: ["*"] }`,
    ),
    problems: [
      'gateway.yaml:4:14 /clients/1/tokens/0: Client other has this token too: each token must tell who calls',
    ],
  },
  {
    wrong: 'a window that collects an unknown matter and is authorised backwards',
    changes: edited(
      'halls/410204.yaml',
      'collects: ["*"], from: "2026-01-01"',
      'collects: [brith], from: "2027-01-01"',
    ),
    problems: [
      'halls/410204.yaml:7:40 /halls/0/windows/0/collects/0: There is no matter brith in config/matters; did you mean birth?',
      'halls/410204.yaml:7:72 /halls/0/windows/0/to: to is before from (2027-01-01)',
    ],
  },
  {
    wrong: 'a postal contract with a system that carries nothing',
    changes: edited('postal/410204.yaml', 'system: post', 'system: health'),
    problems: [
      'postal/410204.yaml:2:9 /system: System health is of kind department; here a carrier is needed',
    ],
  },
  {
    wrong: 'a working day that is a holiday',
    changes: edited('calendar/2026.yaml', '"2026-01-04"', '"2026-01-02"'),
    problems: [
      'calendar/2026.yaml:4:15 /workingDays/0: 2026-01-02 is a day off as well: it can be one of the two',
    ],
  },
  {
    wrong: 'a made-up working day that is worked anyway, or lies in another year',
    changes: edited('calendar/2026.yaml', '"2026-01-04"', '"2026-01-05", "2027-01-03"'),
    problems: [
      'calendar/2026.yaml:4:15 /workingDays/0: 2026-01-05 is worked anyway: only Saturdays and Sundays are made-up days',
      'calendar/2026.yaml:4:29 /workingDays/1: 2027-01-03 is not in 2026: it belongs in the calendar of its own year',
    ],
  },
  {
    wrong: 'custody for a negative time, and a day that no year has',
    changes: edited(
      'gateway.yaml',
      'clients:',
      'custody: { windowDays: -1 }\ncalendar: { warnFrom: "13-01" }\nclients:',
    ),
    problems: [
      'gateway.yaml:1:24 /custody/windowDays: windowDays must be at least 0',
      'gateway.yaml:2:23 /calendar/warnFrom: warnFrom must be a month and a day such as 10-01',
    ],
  },
  {
    wrong: 'a date that does not exist',
    changes: edited('calendar/2026.yaml', '"2026-01-04"', '"2026-02-30"'),
    problems: ['calendar/2026.yaml:4:15 /workingDays/0: must be a valid date such as 2026-11-23'],
  },
  {
    wrong: 'a file where nothing looks for it',
    changes: { 'system/post.yaml': 'adapter: carrier\n' },
    problems: [
      'system/post.yaml:1:1 : Nothing reads this file: it belongs in gateway.yaml, systems/, matters/, halls/, postal/, calendar/, or has a misspelt folder',
    ],
  },
  {
    wrong: 'no gateway.yaml',
    changes: { 'gateway.yaml': null },
    problems: ['gateway.yaml:0:0 : The file is missing: it names the clients that may call'],
  },
  {
    wrong: 'an event that is never published',
    changes: edited(
      'systems/city-platform.yaml',
      'adapter: platform',
      'adapter: platform\nsubscribes: [cases.*]',
    ),
    problems: [
      'systems/city-platform.yaml:2:14 /subscribes/0: There is no event cases.*; did you mean case.*?',
    ],
  },
  {
    wrong: 'a subscription of a platform that is not called back',
    changes: edited(
      'systems/city-platform.yaml',
      'adapter: platform',
      'adapter: called\nsettings: {}\nsubscribes: ["*"]',
    ),
    problems: [
      "systems/city-platform.yaml:3:1 /subscribes: A system of adapter called with these settings cannot be called back: add what the adapter's README says of callbacks (notify) to settings, or take subscribes away",
    ],
  },
  {
    wrong: 'a subscription of a system that is told by other operations',
    changes: edited('systems/post.yaml', 'adapter: carrier', 'adapter: carrier\nsubscribes: [parcel.*]'),
    problems: [
      "systems/post.yaml:2:1 /subscribes: A system of adapter carrier with these settings cannot be called back: add what the adapter's README says of callbacks (notify) to settings, or take subscribes away",
    ],
  },
  {
    wrong: 'an event type that is misspelt',
    changes: edited(
      'systems/city-platform.yaml',
      'adapter: platform',
      'adapter: platform\nsubscribes: [case.closed, case.clozed]',
    ),
    problems: [
      'systems/city-platform.yaml:2:27 /subscribes/1: There is no event case.clozed; did you mean case.closed?',
    ],
  },
  {
    wrong: 'a subscription to what the catalogue does not have',
    changes: edited(
      'systems/city-platform.yaml',
      'adapter: platform',
      'adapter: platform\nsubscribes:\n  - case.closed\n  - { types: [cases.*], themes: [no-theme], matters: [no-matter], divisions: ["410299"] }',
    ),
    problems: [
      'systems/city-platform.yaml:4:15 /subscribes/1/types/0: There is no event cases.*; did you mean case.*?',
      'systems/city-platform.yaml:4:34 /subscribes/1/themes/0: There is no theme no-theme in config/matters',
      'systems/city-platform.yaml:4:55 /subscribes/1/matters/0: There is no matter no-matter in config/matters',
      'systems/city-platform.yaml:4:79 /subscribes/1/divisions/0: There is no division 410299 in config/matters; did you mean 410204?',
    ],
  },
  {
    wrong: 'a subscription of a form that there is not',
    changes: edited(
      'systems/city-platform.yaml',
      'adapter: platform',
      'adapter: platform\nsubscribes: [{ type: [case.*] }, {}, 7]',
    ),
    problems: [
      'systems/city-platform.yaml:2:16 /subscribes/0/type: type is not known here; did you mean types?',
      'systems/city-platform.yaml:2:34 /subscribes/1: must have at least 1 entries',
      'systems/city-platform.yaml:2:38 /subscribes/2: must be text or a group of fields; put it in quotes',
    ],
  },
  {
    wrong: 'services recorded with a system of another kind',
    changes: edited('gateway.yaml', 'clients:', 'rating: { system: city-platform }\nclients:'),
    problems: [
      'gateway.yaml:1:19 /rating/system: System city-platform is of kind platform; here a rating is needed',
    ],
  },
  {
    wrong: 'a service at something that is no end, and a time of 25 hours',
    changes: edited(
      'gateway.yaml',
      'clients:',
      'rating: { system: city-platform, events: [case.reviewing] }\nsupervision: { reconcileAt: "25:00" }\nclients:',
    ),
    problems: [
      'gateway.yaml:1:43 /rating/events/0: must be one of case.accepted, case.issued, case.denied, case.rejected, case.withdrawn, case.terminated, case.closed',
      'gateway.yaml:2:29 /supervision/reconcileAt: reconcileAt must be a time such as 02:30, or off',
    ],
  },
  {
    wrong: 'variables of the environment',
    changes: {},
    env: {
      ...environment,
      TONGBAN_PORT: '70000',
      LOG_LEVEL: 'loud',
      TONGBAN_SESSION_KEY: 'short',
      TONGBAN_PUBLIC_URL: 'ftp://x',
    },
    problems: [
      'environment:0:0 LOG_LEVEL: must be one of fatal, error, warn, info, debug, silent',
      'environment:0:0 TONGBAN_PORT: must be a port from 0 to 65535',
      'environment:0:0 TONGBAN_PUBLIC_URL: must be an http or https address',
      'environment:0:0 TONGBAN_SESSION_KEY: must have at least 32 bytes',
    ],
  },
]

for (const { wrong, changes, env, problems } of table) {
  t.test(wrong, async (t) => t.same(await problemsOf(t, changes, env), problems))
}

t.test('all errors of all files are told at once, in both languages, ready to click on', async (t) => {
  const { dir, load } = folder(t, {
    ...edited(health, 'adapter: department', 'adapter: 7'),
    ...edited('calendar/2026.yaml', 'year: 2026', 'year: soon'),
  })
  const message = await load().then(
    () => '',
    (error: Error) => error.message,
  )
  t.equal(
    message,
    [
      '2 problems in the configuration · 配置有 2 处错误',
      `  ${dir}/calendar/2026.yaml:1:7 /year`,
      '    year must be a whole number',
      '    year 必须是整数',
      `  ${dir}/systems/health.yaml:1:10 /adapter`,
      '    adapter must be text; put it in quotes',
      '    adapter 必须是文本，请加引号',
    ].join('\n'),
  )
})

t.test('a folder that is not there is said plainly', async (t) => {
  const loading = loadSettings({ configDir: '/nowhere', env: {}, adapters })
  await t.rejects(loading, { message: /The configuration folder is not there: give it with TONGBAN_CONFIG/ })
})

t.test('a secret is never shown, however wrong the rest is', async (t) => {
  const env = { ...environment, CITY_SECRET: 'abc' }
  const changes = edited(health, '  secret:', '  nonsense: 1\n  secret:')
  t.notMatch((await problemsOf(t, changes, env)).join('\n'), /abc/)
})
