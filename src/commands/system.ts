// tongban system

import { checkSystem } from './system/check.ts'
import { shadowSystem } from './system/shadow.ts'
import { trySystem } from './system/try.ts'

const help = `tongban system <check|try|shadow> …

  check <id> | --all          address, credentials, clock and certificates of a configured system · 连通检查
  try <id> --sample S         the request that would be sent, or really send it · 试发
  shadow <id> --with F        what another configuration would send for real transfers; sends nothing · 影子对比

  tongban system <what> --help   what it takes
`

export async function system(args: string[]): Promise<number> {
  const [what, ...rest] = args
  if (what === 'check') return checkSystem(rest)
  if (what === 'try') return trySystem(rest)
  if (what === 'shadow') return shadowSystem(rest)
  if (what === '--help' || what === '-h') {
    process.stdout.write(help)
    return 0
  }
  process.stderr.write(what === undefined ? help : `tongban system: there is no "${what}".\n\n${help}`)
  return 2
}
