// W2: files into the gateway against a bare stream that pipes each request into a file and flushes it, in the same run.
// Like the relay, the limit is measured before and after, and ratios are to the mean of both.

import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { removeFolder, temporaryFolder } from '../support/folders.ts'
import { freePort } from '../support/ports.ts'
import { startPostgres } from '../support/postgres.ts'
import { answersOk, startProcess } from '../support/process.ts'
import { secrets } from './bodies.ts'
import { startMeasuredGateway } from './contenders.ts'
import type { BenchOptions } from './options.ts'
import type { Progress } from './run.ts'
import { runW2, type W2Result } from './w2.ts'

export interface FileBench {
  limit: { before: W2Result; after: W2Result }
  gateway: W2Result
  /** Of MB/s, gateway to limit: many files, and the large one. */
  ratio: number
  bigRatio: number | null
}

const bareStream = fileURLToPath(new URL('bare-stream.ts', import.meta.url))

export async function runFileBench(options: BenchOptions, progress: Progress): Promise<FileBench> {
  progress('files: bare stream')
  const before = await measureBareStream(options)
  progress('files: gateway')
  const gateway = await measureGateway(options)
  progress('files: bare stream again')
  const after = await measureBareStream(options)
  return {
    limit: { before, after },
    gateway,
    ratio: gateway.MBps / mean(before.MBps, after.MBps),
    bigRatio:
      gateway.bigMBps === null ? null : gateway.bigMBps / mean(before.bigMBps ?? 0, after.bigMBps ?? 0),
  }
}

async function measureBareStream({ w2 }: BenchOptions): Promise<W2Result> {
  await using started = new AsyncDisposableStack()
  const folder = started.adopt(temporaryFolder('bare-stream'), removeFolder)
  const port = await freePort()
  const baseUrl = `http://127.0.0.1:${port}`
  const bare = started.adopt(
    await startProcess(process.execPath, [bareStream, folder, String(port)], {
      name: 'bare stream',
      ready: answersOk(baseUrl),
    }),
    async (one) => void (await one.stop()),
  )
  return await runW2({ baseUrl, pid: bare.pid, ...w2 })
}

async function measureGateway({ w2 }: BenchOptions): Promise<W2Result> {
  await using started = new AsyncDisposableStack()
  const postgres = started.adopt(await startPostgres(), (one) => one.stop())
  await postgres.administer('CREATE DATABASE bench_files')
  const gateway = started.adopt(
    await startMeasuredGateway({
      postgres,
      database: 'bench_files',
      redis: null,
      cityPort: await freePort(),
    }),
    (one) => one.stop(),
  )
  const baseUrl = `http://127.0.0.1:${gateway.port}`
  // What its start left behind it gives back in its first idle moment.
  await sleep(1_000)
  return await runW2({ baseUrl, token: secrets.token, pid: gateway.process.pid, ...w2 })
}

function mean(a: number, b: number): number {
  return (a + b) / 2
}
