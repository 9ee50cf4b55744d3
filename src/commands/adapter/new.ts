// tongban adapter new: writes the folder of an adapter for a small signed REST protocol. Overwrites nothing.

import { existsSync } from 'node:fs'
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AdapterKind } from '../../adapter-kit/contract.ts'
import { readCommandLine } from '../command-line.ts'
import { ADAPTERS } from '../settings.ts'
import { kindNames, type WrittenFile, writtenFiles } from './templates.ts'

const help = `tongban adapter new <name> --kind ${kindNames.join('|')} [--folder dir]

Writes an adapter for a small plausible protocol (signed REST) that passes the conformance kit at once: manifest,
translation, status table, samples, a simulator with books of its own, and a test. Then make it yours, sample by sample.
生成一个可立即通过检验的适配器目录（含示例、模拟器与测试），再逐个示例改成真实接口。

  <name>     small letters, digits and hyphens; the folder's and the adapter's name
  --kind     what the system is
  --folder   where the folder is made (default: the gateway's adapters/). Elsewhere, config/systems/*.yaml names it by
             its path, relative to the configuration folder
`

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const LONGEST_NAME = 40
const GATEWAY = 'tongban-gateway'

export async function newAdapter(args: string[]): Promise<number> {
  const line = readCommandLine(
    args,
    help,
    {
      kind: { type: 'string' },
      folder: { type: 'string' },
    },
    'names',
  )
  if (!line) return 0
  const { values, positionals } = line
  const name = nameOf(positionals)
  const kind = kindOf(values.kind)
  const ours = fileURLToPath(ADAPTERS)
  const parent = resolve(values.folder ?? ours)
  const folder = join(parent, name)
  await refuseTaken(folder, name, parent === resolve(ours))
  const isOurs = parent === resolve(ours)
  const reference = isOurs ? name : folder
  const kit = isOurs ? '../../src/adapter-kit' : `${GATEWAY}/src/adapter-kit`
  const files = await writtenFiles({ name, kind, kit, reference })
  await writeAll(folder, isOurs ? files : [...files, packageFile(name)])
  if (!isOurs) await linkGateway(folder)
  process.stdout.write(nextSteps(folder, name, reference))
  return 0
}

function nameOf(positionals: readonly string[]): string {
  const [name, ...more] = positionals
  if (name === undefined) throw new Error('adapter new needs a name. Try --help · 须给出适配器名称')
  if (more.length > 0)
    throw new Error(`adapter new takes one name, not ${positionals.length} · 只能给出一个名称`)
  if (NAME.test(name) && name.length <= LONGEST_NAME) return name
  throw new Error(
    `"${name}" is no name: small letters, digits and hyphens, beginning with a letter, at most ${LONGEST_NAME} characters · 名称须以字母开头，只含小写字母、数字与连字符，最多 ${LONGEST_NAME} 个字符`,
  )
}

function kindOf(kind: string | undefined): AdapterKind {
  const known = kindNames.find((one) => one === kind)
  if (known) return known
  throw new Error(
    kind === undefined
      ? `--kind is missing: ${kindNames.join(', ')} · 缺少 --kind`
      : `there is no kind "${kind}"; kinds are ${kindNames.join(', ')} · 没有该类型`,
  )
}

async function refuseTaken(folder: string, name: string, isOurs: boolean): Promise<void> {
  const inside = await readdir(folder).catch(() => [])
  if (inside.length > 0 || (existsSync(folder) && isOurs))
    throw new Error(`${folder} is there already; nothing was written · 目录已存在，未写入任何内容`)
  if (!isOurs && existsSync(new URL(`${name}/`, ADAPTERS)))
    throw new Error(
      `The gateway brings an adapter named "${name}": choose another name · 网关已有同名适配器，请换一个名称`,
    )
}

/**
 * Elsewhere the kit is imported by the gateway's package name. The gateway that runs an adapter lends its own
 * kit; the link is for everything else: the folder's test, its simulator, an editor. It need not be deployed.
 */
async function linkGateway(folder: string): Promise<void> {
  const place = join(folder, 'node_modules')
  await mkdir(place)
  await symlink(fileURLToPath(new URL('../../../', import.meta.url)), join(place, GATEWAY), 'junction')
}

/** Outside the gateway the folder is a package of its own: ES modules, and ready to be linked by its name. */
function packageFile(name: string): WrittenFile {
  const facts = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    tongban: { adapter: './manifest.ts' },
  }
  return { path: 'package.json', text: `${JSON.stringify(facts, null, 2)}\n` }
}

async function writeAll(folder: string, files: readonly WrittenFile[]): Promise<void> {
  for (const { path, text } of files) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text, { flag: 'wx' })
  }
}

function nextSteps(folder: string, name: string, reference: string): string {
  const shown = relative(process.cwd(), folder) || '.'
  const place = shown.startsWith('..') ? folder : shown
  return `${place} is written. Next · 下一步:

  tongban adapter test ${place}          every rule, held or broken · 检验
  node ${place}/${name}.test.ts          the same, and against its simulator · 连同模拟器一起测试
  node ${place}/simulator.ts 7801        the simulator by itself · 单独运行模拟器

Then put the system's real exchanges into ${place}/samples, and let config/systems/<id>.yaml say
"adapter: ${reference}". The whole way is in adapters/README.md.
`
}
