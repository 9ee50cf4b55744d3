// `tongban adapter new` and `tongban adapter test`: a new folder is right at once, and what is broken is told.

import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { kindNames } from '../../src/commands/adapter/templates.ts'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { tongban } from './tongban.ts'

t.setTimeout(180_000)
const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))

const folderFor = (t: { teardown(action: () => void): void }, name = 'adapters'): string => {
  const folder = temporaryFolder(name)
  t.teardown(() => removeFolder(folder))
  return folder
}

for (const kind of kindNames) {
  t.test(`a new ${kind} passes the kit, and its own test with its simulator, at once`, async (t) => {
    const folder = folderFor(t)
    const made = await tongban(['adapter', 'new', 'new-one', '--kind', kind, '--folder', folder])
    t.equal(made.code, 0, made.output)
    t.match(made.output, `tongban adapter test ${folder}/new-one`)
    const files = readdirSync(`${folder}/new-one`)
    for (const file of [
      'README.md',
      'manifest.ts',
      'adapter.ts',
      'translate.ts',
      'statuses.ts',
      'simulator.ts',
    ])
      t.ok(files.includes(file), file)
    const tested = await tongban(['adapter', 'test', `${folder}/new-one`])
    t.equal(tested.code, 0, tested.output)
    t.match(tested.output, /^\d{2} rules held, 0 broken/m)
    await t.resolves(run(process.execPath, [`${folder}/new-one/new-one.test.ts`]))
  })
}

/** Lines of TypeScript that are neither empty nor only comment. */
function linesOf(text: string): number {
  const code = text.replace(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '').replace(/^\s*\/\/.*$/gm, '')
  return code.split('\n').filter((line) => line.trim() !== '').length
}

/** What runs in the gateway: the pretended system and the folder's own test do not. */
const isAdapter = (file: string): boolean => /\.ts$/.test(file) && !/^simulator|\.test\.ts$/.test(file)

t.test('an adapter is small: what every protocol repeats is in the kit', async (t) => {
  const folder = folderFor(t)
  await tongban(['adapter', 'new', 'small', '--kind', 'department', '--folder', folder])
  const files = readdirSync(join(folder, 'small')).filter(isAdapter)
  t.strictSame(files, [
    'adapter.ts',
    'codes.ts',
    'incoming.ts',
    'manifest.ts',
    'statuses.ts',
    'translate.ts',
    'wire.ts',
  ])
  const lines = files.map((file) => linesOf(readFileSync(join(folder, 'small', file), 'utf8')))
  const all = lines.reduce((sum, one) => sum + one, 0)
  t.comment(`${all} lines`)
  // An odd protocol may have 250: what is generated leaves it room.
  t.ok(all <= 220, `${all} lines`)
})

t.test('what is written is as tidy as the gateway itself', async (t) => {
  const folder = folderFor(t)
  for (const kind of kindNames)
    await tongban(['adapter', 'new', `new-${kind}`, '--kind', kind, '--folder', folder])
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(ts|json|md)$/.test(path) || path.includes('node_modules')) continue
    const text = readFileSync(join(folder, path), 'utf8')
    t.notMatch(text, /\{\{|TODO|: any\b|as any\b|console\./, path)
    t.ok(
      text.split('\n').every((line) => line.length <= 400),
      `${path} has no endless line`,
    )
  }
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
    include: [folder],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const types = run(join(root, 'node_modules/.bin/tsc'), ['-p', join(folder, 'tsconfig.json')])
  t.equal(
    await types.then(
      () => '',
      (error) => error.stdout,
    ),
    '',
    'its types agree',
  )
})

t.test('nothing is overwritten, and a name or kind that will not do is one sentence', async (t) => {
  const folder = folderFor(t)
  const make = (...args: string[]) => tongban(['adapter', 'new', ...args, '--folder', folder])
  t.equal((await make('mine', '--kind', 'carrier')).code, 0)
  writeFileSync(join(folder, 'mine/translate.ts'), '// mine')
  t.match(await make('mine', '--kind', 'carrier'), {
    code: 1,
    output: /is there already; nothing was written/,
  })
  t.equal(readFileSync(join(folder, 'mine/translate.ts'), 'utf8'), '// mine')
  t.match(await make('Mine', '--kind', 'carrier'), { code: 1, output: /"Mine" is no name/ })
  t.match(await make('../mine', '--kind', 'carrier'), { code: 1, output: /is no name/ })
  t.match(await make('postal-ems', '--kind', 'carrier'), {
    code: 1,
    output: /brings an adapter named "postal-ems"/,
  })
  t.match(await make('other', '--kind', 'drone'), {
    code: 1,
    output: /no kind "drone"; kinds are department/,
  })
  t.match(await make('other'), { code: 1, output: /--kind is missing/ })
  t.notOk(existsSync(join(folder, 'other')))
})

t.test('a rule that is broken is told with what was expected, in text and as JSON', async (t) => {
  const folder = join(folderFor(t), 'mine')
  await tongban(['adapter', 'new', 'mine', '--kind', 'department', '--folder', join(folder, '..')])
  const sample = join(folder, 'samples/submit.json')
  writeFileSync(sample, readFileSync(sample, 'utf8').replace('"mode": "online"', '"mode": "agent"'))
  const codes = join(folder, 'codes.ts')
  writeFileSync(codes, readFileSync(codes, 'utf8').replace("'1001': 'duplicate'", "'1001': 'done'"))
  const { code, output } = await tongban(['adapter', 'test', folder])
  t.equal(code, 1)
  t.match(output, / {4}✘ submit\.json: .*\n {8}request 1 at body\.mode: wanted "agent", found "online"/)
  t.match(output, /\d\d rules held, \d broken/)
  const json = JSON.parse((await tongban(['adapter', 'test', folder, '--json'])).output)
  t.match(json, { adapter: 'mine', kind: 'department' })
  t.ok(json.broken >= 1)
  t.equal(json.held + json.broken, json.groups.flatMap((one: { rules: unknown[] }) => one.rules).length)
})

t.test('what is neither folder nor package is one sentence', async (t) => {
  for (const what of ['no-such-package', './no/such/folder', 'no such']) {
    const { code, output } = await tongban(['adapter', 'test', what])
    t.equal(code, 1)
    t.match(output, /not installed|no folder|neither a path/)
    t.notMatch(output, /\n\s+at /)
  }
})

t.test('both commands explain themselves', async (t) => {
  for (const args of [['adapter'], ['adapter', 'new'], ['adapter', 'test']]) {
    const { code, output } = await tongban([...args, '--help'])
    t.equal(code, 0)
    t.match(output, new RegExp(`^tongban ${args.join(' ')} [\\s\\S]*[\\u4e00-\\u9fff]`))
  }
  t.equal((await tongban(['adapter', 'tset'])).code, 2)
})
