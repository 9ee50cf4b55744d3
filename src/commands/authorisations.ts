// tongban authorisations

import { type Grant, type GrantFilter, grantsOf } from '../catalogue/authorisations.ts'
import { isDay } from '../domain/calendar.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { nearest } from '../domain/nearest.ts'
import type { Hall, Settings } from '../settings/settings.ts'
import { readCommandLine } from './command-line.ts'
import { readSettings } from './settings.ts'

const help = `tongban authorisations [--hall code] [--matter code] [--on yyyy-MM-dd] [--config folder] [--data folder]

Prints what the windows of config/halls may do for the departments (充分授权), one authorisation on a line.
按窗口列出授权事项、权限与期限。

  collect   take a matter in and hand it on · 收件
  accept    collect it, and accept it in the department's name · 受理（含收件）
  *         every matter · 全部事项

  --hall      one hall only
  --matter    only windows that may do something with this matter
  --on        only what is in force on this day

Ends with status 0, or 1 when no window is authorised for what was asked.
`

export async function authorisations(args: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const line = readCommandLine(args, help, {
    hall: text,
    matter: text,
    on: text,
    config: text,
    data: text,
  })
  if (!line) return 0
  const { values } = line
  const { settings } = await readSettings(values)
  const { hall, matter, on } = values
  if (on !== undefined && !isDay(on))
    throw new Error(`--on must be a day like 2026-11-23, not "${on}" · 日期格式为 yyyy-MM-dd`)
  if (matter !== undefined) known('matter', '事项', matter, settings.catalogue.matters)
  if (hall !== undefined) known('hall', '大厅', hall, settings.halls)
  const lines = linesOf(settings, hall, { matter, on })
  process.stdout.write(lines.length > 0 ? `${[head, ...lines].join('\n')}\n` : nobody)
  return lines.length > 0 ? 0 : 1
}

const nobody = 'no window is authorised for that · 没有窗口获得该项授权\n'

function known(en: string, zh: string, code: string, all: ReadonlyMap<string, unknown>): void {
  if (all.has(code)) return
  const near = nearest(code, all.keys())
  throw new Error(
    `there is no ${en} "${code}"${near ? `; did you mean ${near}?` : ''} · 没有${zh} ${code}${near ? `，是否为 ${near}？` : ''}`,
  )
}

function linesOf({ catalogue, halls }: Settings, only: string | undefined, filter: GrantFilter): string[] {
  return [...halls.values()]
    .filter(({ code }) => only === undefined || code === only)
    .flatMap((hall) =>
      hall.windows.flatMap((window) =>
        grantsOf(window, filter).map((grant) => lineOf(hall, window.code, grant, catalogue)),
      ),
    )
}

const WIDTHS = [11, 8, 9, 32, 12, 12]

/** Chinese names come last: their width differs from terminal to terminal. */
function columns(cells: readonly string[]): string {
  return cells
    .map((cell, i) => `${cell} `.padEnd(WIDTHS[i] ?? 0))
    .join('')
    .trimEnd()
}

const head = columns(['hall', 'window', 'right', 'matter', 'from', 'to', 'department'])

function lineOf(hall: Hall, window: string, grant: Grant, { matters, departments }: Catalogue): string {
  const matter = matters.get(grant.matter)
  const department = matter ? departments.get(matter.department) : undefined
  const owner = matter ? `${matter.name.zh} · ${department?.name.zh ?? matter.department}` : '全部事项'
  return columns([hall.code, window, grant.right, grant.matter, grant.from, grant.to, owner])
}
