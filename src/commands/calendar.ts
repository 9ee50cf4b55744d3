// tongban calendar

import { importCalendar } from './calendar/import.ts'
import { showCalendar } from './calendar/show.ts'

const help = `tongban calendar <show|import> …

  show <year>      holidays, made-up working days and how many days are worked · 查看某年工作日历
  import <file>    checks a published calendar and shows the file it becomes; --write puts it into config/calendar
                   校验公布的放假安排并显示生成的文件；--write 写入 config/calendar

  tongban calendar <what> --help   what it takes
`

export async function calendar(args: string[]): Promise<number> {
  const [what, ...rest] = args
  if (what === 'show') return showCalendar(rest)
  if (what === 'import') return importCalendar(rest)
  if (what === '--help' || what === '-h') {
    process.stdout.write(help)
    return 0
  }
  process.stderr.write(what === undefined ? help : `tongban calendar: there is no "${what}".\n\n${help}`)
  return 2
}
