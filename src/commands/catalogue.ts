// tongban catalogue

import { activateCatalogue } from './catalogue/activate.ts'
import { diffCatalogue } from './catalogue/diff.ts'
import { listCatalogues, showCatalogue } from './catalogue/look.ts'
import { validateCatalogue } from './catalogue/validate.ts'

const help = `tongban catalogue <validate|diff|activate|list|show> …

  validate        checks config/matters as a whole; needs no database and no secret · 校验清单
  diff            what the files, or two versions, differ in · 版本差异
  activate        brings the files into force, from their effectiveFrom on · 启用清单
  list            the recorded versions: which is in force, which wait · 版本列表
  show <number>   one version, as YAML · 查看某一版本

  tongban catalogue <what> --help   what it takes
`

const commands: Record<string, (args: string[]) => Promise<number>> = {
  validate: validateCatalogue,
  diff: diffCatalogue,
  activate: activateCatalogue,
  list: listCatalogues,
  show: showCatalogue,
}

export async function catalogue(args: string[]): Promise<number> {
  const [what, ...rest] = args
  const command = what !== undefined && Object.hasOwn(commands, what) ? commands[what] : undefined
  if (command) return command(rest)
  if (what === '--help' || what === '-h') {
    process.stdout.write(help)
    return 0
  }
  process.stderr.write(what === undefined ? help : `tongban catalogue: there is no "${what}".\n\n${help}`)
  return 2
}
