// The command `npm run bench`: reads its options, runs the parts asked for, prints what was measured in this run.

import { measureDecide } from './decide.ts'
import { runFileBench } from './files.ts'
import { help, readOptions } from './options.ts'
import { decideLine, fileTable, machineLine, ratiosOf, relayTables } from './report.ts'
import { runRelayBench } from './run.ts'

async function main(args: string[]): Promise<void> {
  const options = readOptions(args)
  if (options === null) return print(help)
  const progress = (line: string) => void process.stderr.write(`… ${line}\n`)
  const { w1, intake, reads, w2 } = options.parts
  const decide = options.parts.decide ? measureDecide(options) : null
  const relay = w1 || intake || reads ? await runRelayBench(options, progress) : null
  const files = w2 ? await runFileBench(options, progress) : null
  if (options.json) {
    const ratios = relay === null ? null : ratiosOf(relay)
    const result = { machine: machineLine(), options, decide, relay, ratios, files }
    return print(JSON.stringify(result, null, 2))
  }
  print(`${machineLine()}\n`)
  if (decide !== null) print(decideLine(decide))
  if (relay !== null) print(relayTables(relay))
  if (files !== null) print(fileTable(files))
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
