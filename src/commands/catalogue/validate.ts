// tongban catalogue validate

import { readCommandLine } from '../command-line.ts'
import { readCatalogue } from '../settings.ts'

const help = `tongban catalogue validate [--config folder]

Checks config/matters as a whole, with the systems, halls and contracts that it is used with: cycles, codes that name
nothing, divisions without a system, matters that nobody could apply for, and all the rest. Every problem is told at
once with file, line and column, in both languages. Needs neither database nor secrets.
校验全部事项清单文件，逐条列出错误位置；不需要数据库和密钥。

Ends with status 0 when the files are a catalogue, 1 when they are not.
`

export async function validateCatalogue(args: string[]): Promise<number> {
  const line = readCommandLine(args, help, { config: { type: 'string' } })
  if (!line) return 0
  const { values } = line
  const { version, effectiveFrom, themes, matters, divisions } = (await readCatalogue(values)).catalogue
  process.stdout.write(
    `valid: ${version} from ${effectiveFrom}, ${themes.size} themes, ${matters.size} matters, ${divisions.size} divisions · 校验通过\n`,
  )
  return 0
}
