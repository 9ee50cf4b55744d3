// tongban system try: the exact request that would be sent for a sample, secrets masked; with --send, really sends it.

import { createInterface } from 'node:readline/promises'
import { cannedFiles } from '../../adapter-kit/conformance/stage.ts'
import type { Attempt, AttemptFiles } from '../../adapter-kit/contract.ts'
import { AdapterFailure } from '../../adapter-kit/failures.ts'
import { personsIn } from '../../adapter-kit/masking.ts'
import { secretsIn } from '../../adapter-kit/secrets.ts'
import { systemHttpClient } from '../../adapter-kit/system-client.ts'
import { newId } from '../../identifiers.ts'
import { placeOf } from '../../settings/problems.ts'
import { places, readCommandLine } from '../command-line.ts'
import { readSettings } from '../settings.ts'
import { type Configured, configured, onlyId } from './configured.ts'
import { readMessage } from './incoming.ts'
import { type Mask, provesFor, secretMask } from './masking.ts'
import { refusal } from './refusal.ts'
import { type Rehearsed, rehearse, sender } from './rehearsal.ts'
import { allLines, charsetIn, requestText, type TextOptions } from './request-text.ts'
import { readTrySample, type TryMessage, type TrySample } from './samples.ts'
import { explainFailure } from './sentences.ts'

const help = `tongban system try <id> --sample <name | file.json> [--operation O] [--send] [--config folder] [--data folder]

Shows the request that the system would receive for a sample: method, URL, headers and body as text. Secrets and
signatures are masked. Nothing is sent; where OAuth 2.0 client credentials are asked for, the token is pretended.
显示将要发送的请求（密钥与签名已遮盖），不会真正发送；OAuth 2.0 令牌为模拟。

  --sample      a name such as case-online, supplement, withdrawal, notification, certificate, parcel-collect,
                parcel-cancel; or a file: a content, or a sample of an adapter, whose answers are then pretended.
                A file with { "incoming": { "headers", "body" … } } is a message of the system's own: what is read of
                it is shown, and what it is answered; "receivedAt" says when it came, where its signature is of then
                · 含 incoming 的文件视为对方来文：显示识读结果与应答，不作记录
  --operation   what is done with it, where the sample does not say
  --send        really sends it, with invented persons, and shows the receipt · 真正发送
`

export async function trySystem(args: string[]): Promise<number> {
  const line = readCommandLine(
    args,
    help,
    { sample: { type: 'string' }, operation: { type: 'string' }, send: { type: 'boolean' }, ...places },
    'names',
  )
  if (!line) return 0
  const { values, positionals } = line
  const id = onlyId(positionals, 'try')
  if (values.sample === undefined) throw new Error('--sample is missing. Try --help · 缺少 --sample')
  const sample = await readTrySample(values.sample, values.operation)
  const { settings, adapters } = await readSettings(values)
  const one = configured(settings, adapters, id)
  const attempt = attemptOf(one, settings.http.publicUrl)
  const mask = secretMask(secretsIn(one.manifest.settings, one.system.settings))
  const what = 'incoming' in sample ? 'incoming' : sample.operation
  process.stdout.write(`${id} (${one.system.adapter}) · ${what} · ${values.sample}\n\n`)
  const refused = await refusal(settings.configDir, one)
  if (refused) {
    const { failure, problem } = refused
    const place = placeOf(settings.configDir, problem)
    process.stdout.write(`${[`✘ ${mask(explainFailure(failure))}`, `    ${place}`].join('\n')}\n`)
    return 1
  }
  if ('incoming' in sample) return showMessage(one, sample, mask)
  const rehearsed = await rehearse(one, { ...sample, attempt })
  const { settings: own } = one.system
  const options = { mask, proves: provesFor(own), charset: charsetIn(own) }
  process.stdout.write(`${lines(rehearsed, options).join('\n')}\n`)
  if ('failed' in rehearsed) return 1
  if (values.send) return reallySend(one, sample, attempt, mask)
  process.stdout.write('\nNothing was sent · 未发送任何内容\n')
  return 0
}

async function showMessage(one: Configured, { incoming }: TryMessage, mask: Mask): Promise<number> {
  try {
    const read = await readMessage(one, incoming)
    process.stdout.write(`${mask(read.join('\n'))}\n\nNothing was recorded · 未作记录\n`)
    return 0
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error
    const code = error.code === undefined ? '' : ` [${error.code}]`
    const told = [`✘ ${error.kind}${code}: ${mask(error.message)}`, ...whereIn(error)]
    process.stdout.write(`${told.join('\n')}\n`)
    return 1
  }
}

function attemptOf({ system }: Configured, publicUrl: string): Omit<Attempt, 'http'> {
  const files: AttemptFiles = {
    ...cannedFiles(),
    link: ({ sha256 }) => `${publicUrl}/v1/files/sample-${sha256.slice(0, 12)}`,
  }
  const signal = AbortSignal.timeout(system.delivery.timeoutMs)
  return { signal, key: newId('trf'), number: 1, now: () => new Date(), files }
}

function lines(rehearsed: Rehearsed, options: TextOptions): string[] {
  if ('failed' in rehearsed)
    return [`✘ ${options.mask(explainFailure(rehearsed.failed))}`, ...whereIn(rehearsed.failed)]
  if ('preview' in rehearsed) return rehearsed.preview.map(options.mask)
  const shown = rehearsed.requests.flatMap((request, index) => [
    ...(index > 0 ? [''] : []),
    ...allLines(requestText(request, options)),
  ])
  if (rehearsed.requests.length === 0) return ['The adapter sends nothing for this · 该操作不发送请求']
  const first =
    'The attempt stops at this request: whether another follows depends on the answer · 是否有后续请求取决于应答'
  return rehearsed.more ? [...shown, '', first] : shown
}

/** JSONata says where in an expression it failed; its own words quote the data and are not shown. */
function whereIn(error: unknown): string[] {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { position, token } = one as { position?: unknown; token?: unknown }
    if (typeof position === 'number')
      return [
        `    at character ${position} of the expression${token === undefined ? '' : `, near "${token}"`}`,
      ]
  }
  return []
}

async function reallySend(
  { system, manifest }: Configured,
  { operation, content }: TrySample,
  attempt: Omit<Attempt, 'http'>,
  mask: Mask,
): Promise<number> {
  process.stderr.write(
    `\n⚠ This is now sent to the real system ${system.id}, with invented persons; links to files lead nowhere.\n  即将向真实系统 ${system.id} 发送以上内容（人员均为虚构）。\n`,
  )
  if (process.stdin.isTTY && !(await confirmed(system.id))) {
    process.stdout.write('Nothing was sent · 未发送任何内容\n')
    return 1
  }
  const { timeoutMs } = system.delivery
  const client = systemHttpClient(manifest, system.settings, { timeoutMs, connections: 1 })
  const adapter = manifest.create(system.settings)
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const outgoing = sender(adapter, system.id, operation)
    const receipt = await outgoing.send(content, { ...attempt, signal, http: client.forAttempt(signal) })
    process.stdout.write(`\n✔ receipt · 回执: ${mask(JSON.stringify(receipt))}\n`)
    return 0
  } catch (error) {
    process.stdout.write(`\n✘ ${mask(withoutPersons(explainFailure(error), content))}\n`)
    return 1
  } finally {
    await client.close()
    await adapter.close?.()
  }
}

const withoutPersons = (text: string, content: unknown): string =>
  personsIn(content).reduce((rest, one) => (one.length > 1 ? rest.replaceAll(one, '***') : rest), text)

async function confirmed(id: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await terminal.question(`  Type ${id} to go on · 输入 ${id} 继续: `)).trim() === id
  } finally {
    terminal.close()
  }
}
