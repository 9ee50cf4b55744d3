// Transport to a department that speaks REST: says what the dialect says, signs it, names what came back.

import { encode } from '../../src/adapter-kit/charset.ts'
import type { Adapter, Attempt, Contents, Outgoing, StoredFile } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { Charset } from '../../src/adapter-kit/http.ts'
import { dialectOf } from './configured.ts'
import type { AnswerReader, Dialect, Said, Speech, SpeechContext, Spoken } from './dialect.ts'
import { houseStatusTable } from './house/statuses.ts'
import { incomingOf } from './incoming.ts'
import { CHINA_OFFSET } from './local-time.ts'
import { found, judge, sent } from './outcome.ts'
import type { DepartmentSettings } from './settings.ts'
import { type Signing, signingOf } from './signing.ts'

interface Line {
  settings: DepartmentSettings
  signing: Signing
}

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function createDepartmentRest(settings: DepartmentSettings): Adapter {
  const dialect = dialectOf(settings)
  const line: Line = { settings, signing: signingOf(settings) }
  const outgoing: Record<string, Outgoing<never>> = {}
  for (const [name, spoken] of Object.entries(dialect.operations))
    outgoing[name] = outgoingOf(line, spoken as Spoken<never>)
  return { outgoing, ...incomingPart(line, dialect), ...checkPart(line, dialect) }
}

function incomingPart({ settings, signing }: Line, { incoming: reader }: Dialect): Pick<Adapter, 'incoming'> {
  if (!reader) return {}
  const preset = settings.preset === 'house' ? houseStatusTable : {}
  const rules = { statuses: { ...preset, ...settings.statuses }, offset: settings.utcOffset ?? CHINA_OFFSET }
  return {
    incoming: incomingOf({
      reader,
      signing,
      rules,
      charset: settings.charset ?? 'utf-8',
      settings: settings.incoming ?? {},
    }),
  }
}

function outgoingOf<C extends Contents[keyof Contents]>(line: Line, spoken: Spoken<C>): Outgoing<C> {
  const { find } = spoken
  return {
    honoursKey: spoken.honoursKey,
    async send(content, attempt) {
      const said = await exchange(line, spoken, content, attempt)
      return sent(spoken.codes, said, content)
    },
    ...(find
      ? {
          async find(content: C, attempt: Attempt) {
            const said = await exchange(line, find, content, attempt)
            return found(find.codes, said, content)
          },
        }
      : {}),
  }
}

async function exchange<C>(
  line: Line,
  part: { say: Spoken<C>['say']; read: AnswerReader },
  content: C,
  attempt: Attempt,
): Promise<Said> {
  const context = await contextOf(line.settings, content, attempt)
  const speech = await part.say(content, context)
  return part.read(await ask(line, speech, attempt))
}

async function ask({ settings, signing }: Line, speech: Speech, attempt: Attempt): Promise<unknown> {
  const charset = settings.charset ?? 'utf-8'
  const body = speech.body === undefined ? undefined : bytesOf(speech.body, charset)
  const target = attempt.http.target({ url: speech.path })
  const signed = { method: speech.method, target, body: body ?? NO_BODY, at: attempt.now() }
  const headers = signing.sign(signed, attempt.key)
  headers.accept = 'application/json'
  headers['idempotency-key'] = attempt.key
  if (body)
    headers['content-type'] =
      `${typeof speech.body === 'string' ? 'text/plain' : 'application/json'}; charset=${charset}`
  if (speech.headers) Object.assign(headers, speech.headers)
  const request = { method: speech.method, url: speech.path, charset, headers }
  const response = await attempt.http.request(body ? { ...request, body } : request)
  return response.json()
}

const NO_BODY = Buffer.alloc(0)

function bytesOf(body: unknown, charset: Charset): Buffer {
  return encode(typeof body === 'string' ? body : JSON.stringify(body), charset)
}

const LINK_SECONDS = 24 * 3600

async function contextOf(
  settings: DepartmentSettings,
  content: unknown,
  attempt: Attempt,
): Promise<SpeechContext> {
  const { files = 'link', linkSeconds = LINK_SECONDS } = settings
  const context = { key: attempt.key, now: attempt.now() }
  if (files === 'link')
    return { ...context, carry: (file) => ({ url: attempt.files.link(file, linkSeconds) }) }
  if (files === 'none') return { ...context, carry: () => ({}) }
  const inlined = await readFiles(content, attempt)
  return { ...context, carry: (file) => ({ base64: inlined.get(file.sha256) ?? '' }) }
}

async function readFiles(content: unknown, attempt: Attempt): Promise<Map<string, string>> {
  const { materials = [] } = content as { materials?: { files: StoredFile[] }[] }
  const bytes = new Map<string, string>()
  for (const { sha256 } of materials.flatMap(({ files }) => files)) {
    const pieces: Buffer[] = []
    for await (const piece of await attempt.files.open(sha256)) pieces.push(Buffer.from(piece))
    bytes.set(sha256, Buffer.concat(pieces).toString('base64'))
  }
  return bytes
}

function checkPart(line: Line, { check, operations }: Dialect): Pick<Adapter, 'check'> {
  const codes = operations.submitCase?.codes
  const read = operations.submitCase?.find?.read ?? operations.submitCase?.read
  if (!check || !read || !codes) return {}
  return {
    async check(attempt) {
      try {
        const said = await read(await ask(line, check, attempt))
        judge(codes, said, {})
        return { ok: true, summary: '地址、凭证与时钟有效 (address, credentials and clock accepted)' }
      } catch (error) {
        if (error instanceof AdapterFailure) return { ok: false, summary: error.message }
        throw error
      }
    },
  }
}
