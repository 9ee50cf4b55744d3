// What would only be noticed when somebody logs in, pushes, or finds a system missing is told when the
// configuration is read.

import t from 'tap'
import { type Changes, edited, environment, problemsOf, right } from './folder.ts'

const health = 'systems/health.yaml'

const passwordHash = (cost: number) => `scrypt:${cost}:8:1:${'s'.repeat(22)}:${'h'.repeat(43)}`

const hashes = ['scrypt:1:1:1:a:b', passwordHash(2 ** 17), passwordHash(3), passwordHash(2 ** 15)]
const operators = hashes.map(
  (_, i) => `  - id: o${i}\n    name: O\n    role: viewer\n    passwordHash: { env: HASH_${i} }\n`,
)

/** 9⁹ times the same text. */
const bomb = [
  'a: &a x',
  ...[...'bcdefghij'].map(
    (name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(', ')}]`,
  ),
].join('\n')

const table: { wrong: string; changes: Changes; env?: Record<string, string>; problems: string[] }[] = [
  {
    wrong: 'a client that is to push and may not',
    changes: edited('systems/post.yaml', 'title:', 'pushClients: [platform]\ntitle:'),
    problems: [
      'systems/post.yaml:2:15 /pushClients/0: Client platform may not push here: give it the scope carriers:tracking or systems:events in config/gateway.yaml',
    ],
  },
  {
    wrong: 'messages that nothing proves, from anybody',
    changes: {
      [health]: 'adapter: trusting\ntitle: { zh: 卫健委, en: Health }\nsettings: { verify: false }\n',
    },
    problems: [
      'systems/health.yaml:1:1 : Adapter trusting, with these settings, proves no sender by itself: pushClients must name the clients that may call, e.g. pushClients: [health]',
    ],
  },
  {
    wrong: 'a proxy that is no address, and a range that is everybody',
    changes: edited(
      'gateway.yaml',
      'clients:',
      'http: { trustedProxies: [10.0.0.0/8, "::1", 10.0.0.0/33, proxy.example, 0.0.0.0/0] }\nclients:',
    ),
    problems: [45, 58, 73].map(
      (column, i) =>
        `gateway.yaml:1:${column} /http/trustedProxies/${i + 2}: This must be an IP address, or a range such as 10.0.0.0/8`,
    ),
  },
  {
    wrong: 'an address of an engine in the file',
    changes: edited('gateway.yaml', 'clients:', 'engines: { materials: s3://bucket }\nclients:'),
    problems: [
      'gateway.yaml:1:23 /engines/materials: materials must be the file: address of a folder, such as file:///srv/materials',
    ],
  },
  {
    wrong: 'addresses of engines in the environment, without their passwords',
    changes: {},
    env: {
      ...environment,
      DATABASE_URL: 'postgres://tongban:pass#word@db.example/tongban',
      REDIS_URL: 'http://queue.example',
      MATERIALS_URL: 's3://bucket/materials',
    },
    problems: [
      'environment:0:0 DATABASE_URL: must be an address such as postgres://user:password@host:5432/name, with # / : @ % of a password written as %23 %2F %3A %40 %25',
      'environment:0:0 MATERIALS_URL: must be the file: address of a folder, such as file:///srv/materials',
      'environment:0:0 REDIS_URL: must be an address such as redis://host:6379, rediss://user:password@host:6379, redis-sentinel://host:26379,host:26379/0#master or redis-cluster://host:6379,host:6379, with # / : @ % of a password written as %23 %2F %3A %40 %25',
    ],
  },
  {
    wrong: 'hashes that no password could fit',
    changes: edited('gateway.yaml', 'clients:', `operators:\n${operators.join('')}clients:`),
    env: { ...environment, ...Object.fromEntries(hashes.map((hash, i) => [`HASH_${i}`, hash])) },
    problems: [5, 9, 13].map(
      (line, i) =>
        `gateway.yaml:${line}:19 /operators/${i}/passwordHash: This is not a password hash: make one with \`tongban keys password\``,
    ),
  },
  {
    wrong: 'two files of one system, two of the gateway, and an ending that is not looked for',
    changes: {
      'systems/health.yml': right[health]!,
      'gateway.yml': right['gateway.yaml']!,
      'systems/ems.YAML': right[health]!,
    },
    problems: [
      'gateway.yml:1:1 : gateway.yaml says the same thing: keep one of the two files',
      'systems/ems.YAML:1:1 : Nothing reads this file: its name must end in .yaml or .yml, in small letters',
      'systems/health.yml:1:1 : systems/health.yaml says the same thing: keep one of the two files',
    ],
  },
  {
    wrong: 'references upon references, and one that leads to itself',
    changes: { 'systems/bomb.yaml': bomb, 'systems/ring.yaml': 'adapter: &ring [*ring]\n' },
    problems: ['bomb.yaml:2:8', 'ring.yaml:1:17'].map(
      (place) =>
        `systems/${place} : The references (*name) lead to themselves, or to one another so often that the file would fill the memory: write the values out`,
    ),
  },
]

for (const { wrong, changes, env, problems } of table) {
  t.test(wrong, async (t) => t.same(await problemsOf(t, changes, env), problems))
}
