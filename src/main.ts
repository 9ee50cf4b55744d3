// The `tongban` command: finds the subcommand, runs it, and turns whatever escapes into one clear sentence.

import { enableCompileCache } from 'node:module'
import { explain } from './commands/explain.ts'

// Sources are stripped of their types and compiled once per machine, not at every start.
enableCompileCache()

interface Command {
  summary: string
  run(args: string[]): Promise<number>
}

const commands: Record<string, { summary: string; load(): Promise<Command['run']> }> = {
  start: {
    summary: 'run the gateway · 启动网关',
    load: async () => (await import('./commands/start.ts')).start,
  },
  migrate: {
    summary: 'bring the database to this version · 升级数据库',
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
  doctor: {
    summary: 'check configuration, database, queues, clock, systems · 自检',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  reload: {
    summary: 'a running gateway reads its configuration again · 重新加载配置',
    load: async () => (await import('./commands/reload.ts')).reload,
  },
  catalogue: {
    summary: 'check, compare and activate the catalogue · 事项清单的校验、比较与启用',
    load: async () => (await import('./commands/catalogue.ts')).catalogue,
  },
  reconcile: {
    summary: "one system's books of one day against ours · 与对接系统核对台账",
    load: async () => (await import('./commands/reconcile.ts')).reconcile,
  },
  authorisations: {
    summary: 'what each window may collect and accept · 窗口授权矩阵',
    load: async () => (await import('./commands/authorisations.ts')).authorisations,
  },
  calendar: {
    summary: 'show the working days of a year, enter a published one · 工作日历',
    load: async () => (await import('./commands/calendar.ts')).calendar,
  },
  replay: {
    summary: 'tell a system again what it was told · 重新推送回调',
    load: async () => (await import('./commands/replay.ts')).replayCommand,
  },
  statistics: {
    summary: 'what may be published of the work · 统计公开数据',
    load: async () => (await import('./commands/statistics.ts')).statistics,
  },
  demo: {
    summary: 'a simulated city at work, then its books against the ledger · 演示',
    load: async () => (await import('./commands/demo/demo.ts')).demo,
  },
  keys: {
    summary: 'make client tokens and operator passwords · 生成令牌与口令',
    load: async () => (await import('./commands/keys.ts')).keys,
  },
  adapter: {
    summary: 'make and prove an adapter · 新建与检验适配器',
    load: async () => (await import('./commands/adapter.ts')).adapter,
  },
  system: {
    summary: 'check, try and shadow a configured system · 检查、试发、影子对比',
    load: async () => (await import('./commands/system.ts')).system,
  },
}

const NAME_WIDTH = Math.max(...Object.keys(commands).map((name) => name.length))

const usage = `tongban <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(NAME_WIDTH + 1)} ${summary}`)
  .join('\n')}

  tongban <command> --help   what a command takes
`

async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage)
    return name === undefined ? 2 : 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    process.stderr.write(`tongban: there is no command "${name}".\n\n${usage}`)
    return 2
  }
  return (await command.load())(args)
}

// Whoever reads us may have seen enough (`tongban … | head`): what is left to say is for nobody, the work goes on.
for (const out of [process.stdout, process.stderr]) out.on('error', unlessClosed)

function unlessClosed(error: Error & { code?: string }): void {
  if (error.code !== 'EPIPE') throw error
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`tongban: ${explain(error)}\n`)
  process.exitCode = 1
}
