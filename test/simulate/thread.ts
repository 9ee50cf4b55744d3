// What one thread of workers.ts does, until it is ended.

import { parentPort, workerData } from 'node:worker_threads'
import { citiesOf } from './life.ts'
import { liveStretch } from './stretch.ts'
import type { Given, Numbers } from './workers.ts'

const given = workerData as Given
const cities = citiesOf(given.seed)

parentPort!.on('message', (numbers: Numbers) =>
  parentPort!.postMessage(liveStretch({ ...given, ...numbers }, cities)),
)
