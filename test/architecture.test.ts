// The import rules of the design, read from the sources themselves. A rule that must give way is named here with
// its reason; nothing else may be added to the lists.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../', import.meta.url))

interface Import {
  from: string
  /** A path from the root for our own files, else the name of a package or `node:…`. */
  to: string
  typesOnly: boolean
}

const files = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && one.name.endsWith('.ts'))
    .map((one) => relative(root, join(one.parentPath, one.name)))

const text = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Comments and strings that only mention a thing do not use it. */
const code = (file: string): string =>
  text(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm
const DYNAMIC = /\bimport\('([^']+)'\)/g

function importsOf(from: string): Import[] {
  const source = code(from)
  const target = (to: string) => (to.startsWith('.') ? normalize(join(dirname(from), to)) : to)
  return [
    ...[...source.matchAll(STATEMENT)].map((one) => ({
      from,
      to: target(one[2]!),
      typesOnly: Boolean(one[1]),
    })),
    ...[...source.matchAll(DYNAMIC)].map((one) => ({ from, to: target(one[1]!), typesOnly: false })),
  ]
}

const sources = files('src')
const adapters = files('adapters')
const imports = [...sources, ...adapters].flatMap(importsOf)
const inFolder = (file: string, ...folders: string[]): boolean =>
  folders.some((one) => file.startsWith(`${one}/`))
const shown = (list: readonly Import[]): string[] => list.map(({ from, to }) => `${from} -> ${to}`)

/** Those who load the package for more than its types, and are not allowed to. */
const users = (name: string, ...allowed: string[]): string[] =>
  shown(
    imports.filter(
      ({ from, to, typesOnly }) =>
        (to === name || to.startsWith(`${name}/`)) &&
        !typesOnly &&
        !allowed.some((one) => from === one || inFolder(from, one)),
    ),
  )

t.test('the reader of imports finds them', async (t) => {
  t.ok(imports.length > 500)
  t.ok(imports.some((one) => one.from === 'src/gateway.ts' && one.to === 'src/ledger/ledger.ts'))
  t.ok(imports.some((one) => one.from === 'src/main.ts' && one.to === 'src/commands/start.ts'))
})

t.test('the domain imports nothing, not even Node', async (t) => {
  const out = imports.filter(({ from, to }) => inFolder(from, 'src/domain') && !inFolder(to, 'src/domain'))
  t.strictSame(shown(out), [])
  for (const file of sources.filter((one) => inFolder(one, 'src/domain')))
    t.notMatch(code(file), /\bDate\.now\(|new Date\(\)|Math\.random\(|\bprocess\.|setTimeout\(/, file)
})

t.test('an adapter imports the kit, its own folder and libraries, and nothing else', async (t) => {
  const out = imports.filter(({ from, to }) => {
    if (!inFolder(from, 'adapters')) return false
    const own = from.split('/').slice(0, 2).join('/')
    const local = to.startsWith('src/') || to.startsWith('adapters/') || to.startsWith('test/')
    return local && !inFolder(to, 'src/adapter-kit', own)
  })
  t.strictSame(shown(out), [])
})

/** Where the outside system is a database or a folder, that is what the adapter has to speak. */
const ownMeans = new Set([
  'adapters/department-exchange-db/postgresql.ts -> pg',
  'adapters/department-file-drop/local.ts -> node:fs',
])

t.test('an adapter does not log, wait, retry, remember or reach out by itself', async (t) => {
  const forbidden = [
    'pino',
    'pg',
    'ioredis',
    'bullmq',
    'undici',
    'node:http',
    'node:https',
    'node:net',
    'node:timers',
    'node:fs',
  ]
  for (const name of forbidden)
    t.strictSame(
      shown(imports.filter(({ from, to }) => inFolder(from, 'adapters') && to === name)).filter(
        (one) => !ownMeans.has(one),
      ),
      [],
      name,
    )
  for (const file of adapters)
    t.notMatch(code(file), /\bprocess\.env|\bconsole\.|\bsetTimeout\(|\bsetInterval\(|\bfetch\(/, file)
})

t.test('PostgreSQL is spoken to by the ledger only', async (t) => {
  // delivery/queue.ts hands BullMQ its connections; an exchange database is another's, as is the pretended one.
  const exchange = ['adapters/department-exchange-db', 'src/sandbox/departments/exchange-db']
  t.strictSame(users('pg', 'src/ledger', 'src/delivery/queue.ts', ...exchange), [])
})

t.test('SQL is written in the ledger only', async (t) => {
  const sql = /['"`]\s*(?:select\s.+\sfrom|insert into|update\s+\w+\s+set|delete from|create table)\s/i
  const writers = sources.filter(
    (one) => !inFolder(one, 'src/ledger', 'src/sandbox/departments/exchange-db') && sql.test(code(one)),
  )
  t.strictSame(writers, [])
})

t.test('BullMQ is used by its one file only; others may name its types', async (t) => {
  t.strictSame(users('bullmq', 'src/delivery/queue.ts'), [])
})

t.test('undici is used by the adapter kit and the materials only', async (t) => {
  t.strictSame(users('undici', 'src/adapter-kit', 'src/materials'), [])
})

t.test('the environment is read by the settings only', async (t) => {
  // The simulated city is a program of its own.
  const allowed = ['src/settings/environment.ts', 'src/sandbox/main.ts']
  const readers = [...sources, ...adapters].filter((one) => /\bprocess\.env\b/.test(code(one)))
  t.strictSame(
    readers.filter((one) => !allowed.includes(one)),
    [],
  )
})

t.test('nothing that runs imports tests, and nobody but the demo imports the simulated city', async (t) => {
  t.strictSame(shown(imports.filter(({ to }) => inFolder(to, 'test'))), [])
  const city = imports.filter(
    ({ from, to }) => inFolder(to, 'src/sandbox') && !inFolder(from, 'src/sandbox', 'src/commands/demo'),
  )
  t.strictSame(shown(city), [])
})

t.test('a failure is known by its class, which adapters from elsewhere are lent', async (t) => {
  const byName = [...sources, ...adapters].filter((one) => /name === 'AdapterFailure'/.test(code(one)))
  t.strictSame(byName, [])
})

t.test('no file is named after nothing in particular', async (t) => {
  const empty = /^(utils?|helpers?|common|core|services?|managers?|misc|shared|lib)(\.|$)/
  const all = [...sources, ...adapters, ...files('test')]
  t.strictSame(
    all.filter((one) => one.split('/').some((part) => empty.test(part)) || empty.test(basename(one))),
    [],
  )
})

t.test('a comment for readers of a type stands on a line of its own', async (t) => {
  const crowded = [...sources, ...adapters].filter((file) =>
    /^(?! *\/\*\*).*\S.*\/\*\* |^ *\/\*\* .*\*\/ *\S/m.test(text(file)),
  )
  t.strictSame(crowded, [])
})

/**
 * Others may use what is offered to authors of adapters, wherever these live (the files directly in
 * adapter-kit/), and what is generated. Everything else that is exported is imported by somebody here.
 */
const isOffered = (file: string): boolean =>
  file === 'schemas/types.ts' || dirname(file) === 'src/adapter-kit'

const EXPORTED = /^export (?:async |abstract )*(?:function\*?|const|let|class|interface|type|enum) ([\w$]+)/gm
const IMPORTED = /\b(?:from\s+|import\(\s*)'(\.[^']+\.ts)'/g
/** Comments on lines of their own that only mention a name do not use it. */
const uncommented = (file: string): string => text(file).replace(/^\s*(\/\/|\/?\*).*$/gm, '')

t.test('what a file exports is imported by another', async (t) => {
  const all = new Map(
    [...sources, ...adapters, ...files('test')].map((file) => [file, uncommented(file)] as const),
  )
  const importers = new Map<string, string[]>()
  for (const [file, source] of all)
    for (const [, to] of source.matchAll(IMPORTED)) {
      const target = normalize(join(dirname(file), to!))
      if (target !== file) importers.set(target, [...(importers.get(target) ?? []), source])
    }
  const unused = [...all].flatMap(([file, source]) =>
    isOffered(file)
      ? []
      : [...source.matchAll(EXPORTED)]
          .filter(([, name]) => !isNamed(name!, file))
          .map(([, name]) => `${file} ${name}`),
  )
  function isNamed(name: string, file: string): boolean {
    const word = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`)
    return (importers.get(file) ?? []).some((source) => word.test(source))
  }
  t.strictSame(unused, [], 'export only what others need')
})

t.test('no file imports itself round a corner, types aside', async (t) => {
  t.strictSame(rings(imports.filter((one) => !one.typesOnly)), [])
})

// One thing stands in the way of modules without rings: loading the settings builds the catalogue, which reports its
// problems in the settings' own terms.
const isExcused = ({ from, to }: Import): boolean =>
  from === 'src/settings/load.ts' && to === 'src/catalogue/build.ts'

t.test('top-level modules do not import one another in a ring, types and one exception aside', async (t) => {
  const moduleOf = (file: string): string => file.split('/')[1]!
  const inModules = ({ from, to }: Import): boolean =>
    [from, to].every((one) => one.startsWith('src/') && one.split('/').length > 2)
  const between = imports
    .filter((one) => !one.typesOnly && inModules(one) && !isExcused(one))
    .map((one) => ({ ...one, from: moduleOf(one.from), to: moduleOf(one.to) }))
    .filter(({ from, to }) => from !== to)
  t.strictSame(rings(between), [])
})

/** Groups of names that reach one another (Tarjan's strongly connected components), sorted. */
function rings(edges: readonly Import[]): string[][] {
  const next = new Map<string, Set<string>>()
  for (const { from, to } of edges) next.set(from, (next.get(from) ?? new Set()).add(to))
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (name: string): void => {
    order.set(name, order.size)
    low.set(name, order.get(name)!)
    stack.push(name)
    for (const to of next.get(name) ?? []) {
      if (!order.has(to)) visit(to)
      if (stack.includes(to)) low.set(name, Math.min(low.get(name)!, low.get(to)!))
    }
    if (low.get(name) !== order.get(name)) return
    const ring = stack.splice(stack.indexOf(name))
    if (ring.length > 1) found.push(ring.sort())
  }
  for (const name of next.keys()) if (!order.has(name)) visit(name)
  return found
}
