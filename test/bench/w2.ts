// W2, file intake: many middling files at once, then one large one, posted to POST /v1/materials of any server that
// has it. Files are made on the fly and each differs, so nothing is prepared on disk and nothing is deduplicated.
// The server's owner removes what it stored.

import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { Agent, type IncomingMessage, request } from 'node:http'

const MIB = 1024 * 1024
const BLOCK = randomBytes(MIB)

interface W2Options {
  /** Without trailing slash. */
  baseUrl: string
  /** Bearer token; none for a bare server. */
  token?: string
  /** Default 200. */
  files?: number
  /** Default 5 MiB. */
  fileBytes?: number
  /** Default 1 GiB; 0 leaves the large file out. */
  bigBytes?: number
  /** Uploads at once. Default 8. */
  concurrency?: number
  /** The server's process, for its peak memory. Linux only. */
  pid?: number
}

/** MB are 10^6 bytes; latencies are of one whole upload, in ms. */
export interface W2Result {
  files: number
  MBps: number
  p50: number
  p99: number
  bigMBps: number | null
  /** Highest resident set while the files, and then the large file, came in. */
  peakMemoryBytes: number | null
  bigPeakMemoryBytes: number | null
}

/** Rejects when any upload is not answered with 200 or 201. */
export async function runW2(options: W2Options): Promise<W2Result> {
  const { files = 200, fileBytes = 5 * MIB, bigBytes = 1024 * MIB, concurrency = 8, pid } = options
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  try {
    await resetPeak(pid)
    const latencies: number[] = []
    const seconds = await timed(() => inParallel(files, concurrency, () => upload(fileBytes)))
    const peakMemoryBytes = await peakOf(pid)
    await resetPeak(pid)
    const bigSeconds = bigBytes === 0 ? null : await timed(() => post(options, agent, bigBytes))
    return {
      files,
      MBps: (files * fileBytes) / 1e6 / seconds,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      bigMBps: bigSeconds === null ? null : bigBytes / 1e6 / bigSeconds,
      peakMemoryBytes,
      bigPeakMemoryBytes: bigSeconds === null ? null : await peakOf(pid),
    }

    async function upload(bytes: number): Promise<void> {
      latencies.push(1000 * (await timed(() => post(options, agent, bytes))))
    }
  } finally {
    agent.destroy()
  }
}

async function inParallel(times: number, lanes: number, work: () => Promise<void>): Promise<void> {
  let left = times
  const lane = async () => {
    while (left-- > 0) await work()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

function post({ baseUrl, token }: W2Options, agent: Agent, bytes: number): Promise<void> {
  const headers = {
    'content-type': 'application/pdf',
    'content-length': bytes,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  return new Promise((resolve, reject) => {
    const sending = request(`${baseUrl}/v1/materials`, { method: 'POST', agent, headers })
    sending.on('error', reject)
    sending.on('response', (response) => expectKept(response).then(resolve, reject))
    const blocks = bytesOfFile(bytes)
    const send = () => {
      for (const block of blocks) if (!sending.write(block)) return void sending.once('drain', send)
      sending.end()
    }
    send()
  })
}

/** A PDF header with a name of its own, then the same random block over and over. */
function bytesOfFile(bytes: number): Iterator<Buffer> & { [Symbol.iterator](): Iterator<Buffer> } {
  const head = Buffer.from(`%PDF-1.7\n%${randomUUID()}\n`)
  let sent = 0
  const it = {
    next(): IteratorResult<Buffer> {
      const block = (sent === 0 ? head : BLOCK).subarray(0, bytes - sent)
      sent += block.length
      return block.length === 0 ? { done: true, value: undefined } : { done: false, value: block }
    },
    [Symbol.iterator]: () => it,
  }
  return it
}

async function expectKept(response: IncomingMessage): Promise<void> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  if (response.statusCode !== 201 && response.statusCode !== 200) {
    throw new Error(`upload answered ${response.statusCode}: ${text.slice(0, 300)}`)
  }
}

/** Seconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

/** Since `resetPeak`, or since the process started where the kernel does not allow that. */
async function peakOf(pid: number | undefined): Promise<number | null> {
  if (pid === undefined) return null
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kib === undefined ? null : Number(kib) * 1024
}

async function resetPeak(pid: number | undefined): Promise<void> {
  if (pid !== undefined) await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {})
}
