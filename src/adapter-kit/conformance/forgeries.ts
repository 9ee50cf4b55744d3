// What a signed message is turned into, to see that the adapter notices: another signature, another body, another day.

import type { AdapterManifest, InboundMessage } from '../contract.ts'
import type { Checker } from './checker.ts'
import { messageOf, readingOf } from './incoming.ts'
import type { Rule } from './rules.ts'
import type { Sample, Signed } from './sample.ts'

const DAY_MS = 86_400_000

interface Forgery {
  rule: string
  /** Undefined where the sample does not say that the signature covers it. */
  of(message: InboundMessage, signed: Signed): InboundMessage | undefined
}

const forgeries: readonly Forgery[] = [
  {
    rule: 'another signature is unauthorised',
    of: (message, { by }) => replaced(message, by),
  },
  {
    rule: 'an altered body is unauthorised',
    of: (message, { body }) => (body === undefined ? undefined : replaced(message, body)),
  },
  {
    rule: 'a signature of yesterday is unauthorised',
    of: (message, { dated }) =>
      dated ? { ...message, receivedAt: new Date(message.receivedAt.getTime() + DAY_MS) } : undefined,
  },
]

/** The questions that the sample's signature allows. */
export function rulesOfForgery(
  manifest: AdapterManifest,
  file: string,
  sample: Sample,
  settings: unknown,
): Rule[] {
  const { signed } = sample.incoming ?? {}
  if (!signed) return []
  const message = messageOf(sample.incoming ?? {})
  return forgeries.flatMap(({ rule, of }) => {
    const forged = of(message, signed)
    if (!forged) return []
    const check = (t: Checker) => isRefused(t, manifest, settings, message, forged)
    return [{ name: `${file}: ${rule}`, check }]
  })
}

async function isRefused(
  t: Checker,
  manifest: AdapterManifest,
  settings: unknown,
  message: InboundMessage,
  forged: InboundMessage,
): Promise<void> {
  t.ok(!same(message, forged), 'the sample’s `signed` names words that stand in its message')
  const proofs: string[] = []
  const read = (one: InboundMessage, name: string) =>
    readingOf(manifest.create(settings), { ...one, proved: () => void proofs.push(name) })
  const found = await read(forged, 'forged')
  t.same('failure' in found ? found.failure.kind : 'taken', 'unauthorised', 'what becomes of it')
  await read(message, 'genuine')
  t.same([...new Set(proofs)], ['genuine'], 'of which `read` says message.proved()')
}

const same = (a: InboundMessage, b: InboundMessage): boolean =>
  JSON.stringify([a.headers, a.query, a.receivedAt]) === JSON.stringify([b.headers, b.query, b.receivedAt]) &&
  a.body.equals(b.body)

/** The words with their first letter or digit changed, wherever they stand. */
function replaced(message: InboundMessage, words: string): InboundMessage {
  const other = words.replace(/[A-Za-z0-9]/, (one) =>
    one === '1' ? '2' : one === 'b' ? 'c' : /\d/.test(one) ? '1' : 'b',
  )
  const inText = <T>(value: T): T => (typeof value === 'string' ? (value.replace(words, other) as T) : value)
  const inAll = <T extends object>(values: T): T =>
    Object.fromEntries(Object.entries(values).map(([name, one]) => [name, inText(one)])) as T
  return {
    ...message,
    headers: inAll(message.headers),
    query: inAll(message.query),
    body: inBytes(message.body, words, other),
  }
}

function inBytes(body: Buffer, words: string, other: string): Buffer {
  const at = body.indexOf(words)
  if (at < 0) return body
  return Buffer.concat([
    body.subarray(0, at),
    Buffer.from(other),
    body.subarray(at + Buffer.byteLength(words)),
  ])
}
