// The pretended city as a process of its own: reads its arguments and the environment, starts, and leaves
// cleanly on SIGTERM or SIGINT. Everything else is in city.ts.

import { parseArguments, usage } from './arguments.ts'
import { startCity } from './city.ts'
import { secretsFrom } from './secrets.ts'
import { placesFrom } from './shared-places.ts'

const FAILED = 2

async function main(): Promise<void> {
  const read = parseArguments(process.argv.slice(2))
  if ('help' in read) return void process.stdout.write(usage)
  if ('problem' in read) {
    process.stderr.write(`${read.problem}\n\n${usage}`)
    process.exitCode = FAILED
    return
  }
  const secrets = secretsFrom(process.env)
  const city = await startCity({ ...read.options, ...placesFrom(process.env), secrets })
  process.stdout.write(`模拟城市 simulated city: ${city.url}\n`)
  let leaving = false
  const leave = () => {
    if (leaving) return
    leaving = true
    void city.stop().then(() => process.exit(0))
  }
  process.once('SIGTERM', leave)
  process.once('SIGINT', leave)
}

await main()
