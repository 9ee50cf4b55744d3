// tongban adapter

import { newAdapter } from './adapter/new.ts'
import { testAdapter } from './adapter/test.ts'

const help = `tongban adapter <new|test> …

  new <name> --kind K   a folder of the final shape that passes the kit at once, with a simulator · 新建适配器
  test <folder|package> every rule of the conformance kit, held or broken · 检验适配器

  tongban adapter <what> --help   what it takes
`

export async function adapter(args: string[]): Promise<number> {
  const [what, ...rest] = args
  if (what === 'new') return newAdapter(rest)
  if (what === 'test') return testAdapter(rest)
  if (what === '--help' || what === '-h') {
    process.stdout.write(help)
    return 0
  }
  process.stderr.write(what === undefined ? help : `tongban adapter: there is no "${what}".\n\n${help}`)
  return 2
}
