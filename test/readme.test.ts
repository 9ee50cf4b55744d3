// The READMEs name only what exists, and their tables say what the code says. `node test/readme.test.ts --write`
// brings the tables up to date. Must not judge the prose.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { failureKinds } from '../src/adapter-kit/failures.ts'
import { loadAdapters } from '../src/adapter-kit/load.ts'
import { backoffMs } from '../src/delivery/backoff.ts'
import { type Answer, caseEvents, caseStates, caseTable } from '../src/domain/case-states.ts'
import { problemCodes } from '../src/http/problem-codes.ts'
import { checkSubmission } from '../src/intake/check-submission.ts'
import { normaliseSubmission } from '../src/intake/normalise/index.ts'
import { secretsAsEnvironment } from '../src/sandbox/secrets.ts'
import { loadSettings } from '../src/settings/load.ts'
import { temporaryFolder } from './support/folders.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const readmes = [
  'README.md',
  'README.zh-CN.md',
  'src/README.md',
  'test/README.md',
  'adapters/README.md',
  'config/README.md',
]

t.test('every path named in a README exists', async (t) => {
  const all = everyPath()
  for (const readme of readmes) {
    const missing = pathsIn(read(readme)).filter((name) => !exists(name, all))
    t.strictSame(missing, [], readme)
  }
})

t.test('every link of a README leads somewhere', async (t) => {
  const all = new Set(everyPath().map((path) => path.replace(/\/$/, '')))
  for (const readme of readmes) {
    const links = [...read(readme).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((one) => one[1]!)
    const dead = links.filter((link) => !all.has(normalize(join(dirname(readme), link)).replace(/\/$/, '')))
    t.strictSame(dead, [], readme)
  }
})

t.test('every npm script and tongban command named in a README exists', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const help = execFileSync(process.execPath, [join(root, 'src/main.ts'), '--help'], { encoding: 'utf8' })
  const commands = [...help.matchAll(/^ {2}([a-z]+) {2,}/gm)].map((one) => one[1])
  for (const readme of readmes) {
    const text = read(readme)
    const named = [...text.matchAll(/\bnpm (?:run )?(test|start|(?<=run )[\w:-]+)/g)].map((one) => one[1]!)
    t.strictSame(
      named.filter((one) => scripts[one] === undefined),
      [],
      readme,
    )
    const used = [...text.matchAll(/(?:npm run tongban --|`tongban|src\/main\.ts) ([a-z]+)/g)].map(
      (one) => one[1],
    )
    t.strictSame(
      used.filter((one) => !commands.includes(one)),
      [],
      readme,
    )
  }
})

t.test('the tables of src/README.md are those of the code', async (t) => {
  const path = 'src/README.md'
  let text = read(path)
  for (const [name, make] of Object.entries(tables)) {
    const section = new RegExp(`(<!-- table: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`)
    t.match(text, section, `there is a place for ${name}`)
    text = text.replace(section, (_, begin: string, end: string) => `${begin}${make()}\n${end}`)
  }
  if (process.argv.includes('--write')) writeFileSync(join(root, path), text)
  t.equal(read(path), text, 'up to date: otherwise run node test/readme.test.ts --write')
})

t.test('CI runs every step of npm run check', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const ci = read('.ci/run')
  for (const step of scripts.check!.split(' && ')) t.ok(ci.includes(step), step)
})

t.test('both READMEs name the Node that suffices, and the one that the sources need', async (t) => {
  const { engines, bin } = JSON.parse(read('package.json')) as { engines: { node: string }; bin?: unknown }
  t.equal(bin, undefined, 'nothing is installed as `tongban`: the READMEs say what runs it')
  const installs = engines.node.replace('>=', '')
  for (const readme of ['README.md', 'README.zh-CN.md']) {
    const named = [...read(readme).matchAll(/Node (\d+) (?:or later|以上)/g)].map((one) => one[1])
    t.strictSame(named, [installs, '24'], readme)
    t.match(read(readme), '`npm run tongban -- …`')
  }
})

t.test('the image runs the Node that package.json pins', async (t) => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } }
  const froms = read('Dockerfile').match(/^FROM node:[\d.]+/gm) ?? []
  t.ok(froms.length > 0)
  for (const from of froms) t.equal(from, `FROM node:${devDependencies.node}`)
})

t.test('the Dockerfile starts a gateway as npm start does', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const command = /^CMD (\[.+\])$/m.exec(read('Dockerfile'))?.[1]
  t.equal((JSON.parse(command ?? '[]') as string[]).join(' '), scripts.start)
})

t.test('both top READMEs show the same commands and the same submission', async (t) => {
  const shown = (path: string): string[] =>
    [...read(path).matchAll(/```sh\n([\s\S]*?)```/g)].map((one) => one[1]!.replace(/ *# .*$/gm, ''))
  t.strictSame(shown('README.zh-CN.md'), shown('README.md'))
})

t.test('the submission shown in the README is one that the gateway takes', async (t) => {
  const shown = /<<'JSON'\n([\s\S]*?)\nJSON/.exec(read('README.md'))![1]!
  const { catalogue, halls, city } = await loadSettings({
    configDir: join(root, 'config'),
    dataDir: temporaryFolder('readme'),
    adapters: await loadAdapters([new URL('../adapters/', import.meta.url)]),
    env: secretsAsEnvironment(),
  })
  const context = { catalogue, halls, city, now: new Date() }
  const faults = (text: string) =>
    checkSubmission(normaliseSubmission(JSON.parse(text), catalogue), context).errors
  t.strictSame(faults(shown), [])
  const misspelt = shown.replace(/"idNumber": "(\d)/, '"idNumber": "5')
  t.match(faults(misspelt), [
    { pointer: '/applicant/idNumber', message: /[a-z]/, messageZh: /[\u4e00-\u9fff]/ },
  ])
})

const tables: Record<string, () => string> = {
  'case-states': caseStateTable,
  failures: failureTable,
  'retry-delays': delayTable,
  'problem-codes': problemTable,
}

function caseStateTable(): string {
  const letters: Record<Answer, string> = {
    apply: 'A',
    newer: 'W',
    note: 'n',
    duplicate: 'd',
    refuse: 'R',
    overturn: 'O',
  }
  const rows = caseEvents.map((event) => [
    `\`${event}\``,
    ...caseStates.map((state) => letters[caseTable[event][state]]),
  ])
  return table(['event', ...caseStates], rows)
}

function failureTable(): string {
  const next: Record<(typeof failureKinds)[keyof typeof failureKinds]['next'], string> = {
    retry: 'try again with back-off; look first if it may have been sent',
    wait: 'wait, the whole queue with it',
    look: 'try again with back-off, but look first',
    bury: 'a dead letter: a person decides',
    pause: 'pause the system until an operator resumes it',
  }
  return table(
    ['kind', 'means', 'next'],
    Object.entries(failureKinds).map(([kind, row]) => [`\`${kind}\``, row.meaning, next[row.next]]),
  )
}

const SHOWN_RETRIES = 13
const SAMPLES = 1_000

function delayTable(): string {
  const { delivery } = (
    JSON.parse(read('schemas/config/system.schema.json')) as {
      properties: {
        delivery: { properties: { retry: { properties: Record<string, { default: number }> } } }
      }
    }
  ).properties
  const value = (name: string): number => delivery.properties.retry.properties[name]!.default
  const retry = { baseMs: value('baseMs'), maxMs: value('maxMs') }
  let sum = 0
  const rows = Array.from({ length: SHOWN_RETRIES }, (_, i) => {
    const made = i + 1
    const samples = Array.from({ length: SAMPLES }, (_, n) =>
      backoffMs(made, retry, () => (n + 0.5) / SAMPLES),
    )
    const mean = samples.reduce((a, b) => a + b, 0) / SAMPLES
    sum += mean
    return [String(made), duration(backoffMs(made, retry, () => 1)), duration(mean), duration(sum)]
  })
  rows.push([
    '…',
    duration(retry.maxMs),
    duration(retry.maxMs / 2),
    `given up after ${duration(value('forMs'))}`,
  ])
  return table(['after attempt', 'wait at most', 'on average', 'since the first, on average'], rows)
}

function duration(ms: number): string {
  if (ms < 10_000) return `${Number((ms / 1000).toFixed(1))} s`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  if (ms < 7_200_000) return `${Number((ms / 60_000).toFixed(1))} min`
  return `${Number((ms / 3_600_000).toFixed(1))} h`
}

function problemTable(): string {
  return table(
    ['code', 'status', 'title', '标题'],
    Object.entries(problemCodes).map(([code, row]) => [
      `\`${code}\``,
      String(row.status),
      row.title,
      row.titleZh,
    ]),
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** Everything in the checkout but what is made; folders end with a slash. */
function everyPath(folder = ''): string[] {
  const made = new Set(['node_modules', '.git', '.data', '.tap'])
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((one) => !made.has(one.name))
    .flatMap((one) => {
      const path = `${folder}${one.name}`
      return one.isDirectory() ? [`${path}/`, ...everyPath(`${path}/`)] : [path]
    })
}

/** What a text names as a file or folder: anything that begins with a folder of ours, and file names in backticks. */
function pathsIn(text: string): string[] {
  const folders = /(?<![\w./:@-])(?:src|adapters|config|schemas|test|\.ci)\/[\w./*<>-]*[\w/*>]/g
  const files = /`([\w.*<>-]+(?:\/[\w.*<>-]+)*\.(?:ts|sql|yaml|json|md))`/g
  const inBackticks = /`([a-z][\w-]*(?:\/[\w-]+)*\/)`/g
  return [
    ...[...text.matchAll(folders)].map((one) => one[0]),
    ...[...text.matchAll(files)].map((one) => one[1]!),
    ...[...text.matchAll(inBackticks)].map((one) => one[1]!),
  ].filter((one) => !one.startsWith('openapi.json'))
}

/** `*`, `**` and `<name>` stand for anything; a name may leave out the folders before it. */
function exists(name: string, all: readonly string[]): boolean {
  const pattern = name
    .replace(/\/$/, '')
    .split(/(\*\*\/|\*|<[^>]+>)/)
    .map((part, i) => (i % 2 === 0 ? part.replace(/[.]/g, '\\.') : part === '**/' ? '(?:.*/)?' : '[^/]+'))
    .join('')
  const whole = new RegExp(`(?:^|/)${pattern}/?$`)
  return all.some((path) => whole.test(path))
}
