// The command `npm run faults`: runs the fault run on each engine asked for, prints the comparison, fails
// when a promise broke.

import { help, readOptions } from './options.ts'
import { lastLine, reportText } from './report.ts'
import { broken, type FaultReport, runFaults } from './run.ts'

async function main(args: string[]): Promise<void> {
  const command = readOptions(args)
  if (command === null) return print(help)
  const reports: FaultReport[] = []
  for (const queues of command.queues) {
    const report = await runFaults(
      command,
      queues,
      (line) => void process.stderr.write(`… ${queues}: ${line}\n`),
    )
    reports.push(report)
    if (!command.json) print(reportText(report))
  }
  if (command.json) print(JSON.stringify(reports, null, 2))
  print(lastLine(reports))
  if (reports.some((one) => broken(one).length > 0)) process.exitCode = 1
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exitCode = 1
}
