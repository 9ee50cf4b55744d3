// The command `npm run simulate`: lives the lives that were asked for, or one of them again.

import { availableParallelism } from 'node:os'
import { help, readOptions, type SimulateCommand } from './options.ts'
import { eventText, reportText, violationText } from './report.ts'
import { examine, simulateSideBySide } from './run.ts'

async function main(args: string[]): Promise<void> {
  const command = readOptions(args)
  if (command === null) print(help)
  else if (command.replay !== null) replay(command, command.replay)
  else await run(command)
}

async function run(command: SimulateCommand): Promise<void> {
  const simulation = await simulateSideBySide(command, command.threads ?? availableParallelism())
  print(command.json ? JSON.stringify(simulation, null, 2) : reportText(simulation))
  if (Object.keys(simulation.broken).length > 0) process.exitCode = 1
}

function replay(command: SimulateCommand, life: number): void {
  const violation = examine(life, command, (told, outcome, entries) => {
    if (command.json) return
    print(`${outcome.padEnd(9)} ${eventText(told)}`)
    for (const one of entries) print(`            ${one.number} ${one.type} ${one.caseId ?? ''}`)
  })
  const held = violation.law === ''
  if (command.json) print(JSON.stringify(violation, null, 2))
  else print(held ? 'every law held 全部规则成立' : `\n${violationText(violation, command)}`)
  if (!held) process.exitCode = 1
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
