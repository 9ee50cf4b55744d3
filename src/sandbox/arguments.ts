// The city's command line. Pure: says what is wrong instead of ending the process.

import { parseArgs } from 'node:util'
import type { CityOptions } from './city.ts'
import { isProfileName, profileNames } from './fault-profiles.ts'
import { secretVariables } from './secrets.ts'

export const usage = `模拟城市 The simulated city: platforms, departments, registry and post office.

  node src/sandbox/main.ts [options]

  --port N       端口 port to listen on (default 7800; 0: any)
  --host NAME    地址 address to listen on (default 127.0.0.1)
  --gateway URL  网关地址 base URL of the gateway (default http://127.0.0.1:7700)
  --seed TEXT    随机种子 the same seed gives the same people and the same fates (default 1)
  --speed N      快慢 divides all waiting times of the city (default 10)
  --faults NAME  故障 ${profileNames.join(' | ')} (default default)
  --help         本说明 this text

控制 Control: GET / /books /faults /progress, POST /faults {"profile":"harsh"} or {"actor":"health","faults":{"lost":0.5}},
POST /run {"count":300,"concurrency":12,"seed":"1"}.
密钥 Secrets from the environment, with defaults for the sandbox only: ${Object.values(secretVariables).join(', ')}.
`

type ParsedArguments = { options: Omit<CityOptions, 'secrets'> } | { help: true } | { problem: string }

export function parseArguments(argv: readonly string[]): ParsedArguments {
  try {
    return read(argv)
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function read(argv: readonly string[]): ParsedArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '7800' },
      host: { type: 'string', default: '127.0.0.1' },
      gateway: { type: 'string', default: 'http://127.0.0.1:7700' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '10' },
      faults: { type: 'string', default: 'default' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return { help: true }
  const port = Number(values.port)
  const speed = Number(values.speed)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return { problem: '端口无效 --port must be 0 to 65535' }
  if (!(speed > 0)) return { problem: '速度无效 --speed must be a number above 0' }
  if (!isProfileName(values.faults))
    return { problem: `故障无效 --faults must be ${profileNames.join(', ')}` }
  if (!URL.canParse(values.gateway)) return { problem: '网关地址无效 --gateway must be a URL' }
  const gatewayUrl = values.gateway.replace(/\/+$/, '')
  return { options: { port, speed, gatewayUrl, host: values.host, seed: values.seed, faults: values.faults } }
}
