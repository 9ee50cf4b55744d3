// How files travel inside what is said: as links, in Base64, or not at all. Multipart takes them from the store itself.

import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { filesIn } from './bodies/files-in.ts'
import { percentEncoded } from './bodies/percent.ts'
import type { SpeechContext } from './dialect.ts'
import type { DepartmentSettings } from './settings.ts'

const LINK_SECONDS = 24 * 3600
/** All files of one request together, before Base64: they are held in memory. */
const MOST_INLINE_BYTES = 32 * 1024 * 1024

export async function contextOf(
  { files = 'link', linkSeconds = LINK_SECONDS, charset = 'utf-8' }: DepartmentSettings,
  content: unknown,
  attempt: Attempt,
): Promise<SpeechContext> {
  const encode = (text: string): string => percentEncoded(text, charset)
  const context = { key: attempt.key, now: attempt.now(), encode }
  if (files === 'link')
    return { ...context, carry: (file) => ({ url: attempt.files.link(file, linkSeconds) }) }
  if (files === 'none') return { ...context, carry: () => ({}) }
  const inlined = await readFiles(content, attempt)
  return { ...context, carry: (file) => ({ base64: inlined.get(file.sha256) ?? '' }) }
}

async function readFiles(content: unknown, attempt: Attempt): Promise<Map<string, string>> {
  const files = new Map(filesIn(content).map((file) => [file.sha256, file.size]))
  const size = [...files.values()].reduce((sum, one) => sum + one, 0)
  if (size > MOST_INLINE_BYTES)
    throw new AdapterFailure(
      'unrecognised',
      '文件过大，不能以 Base64 传送 (the files are too large for Base64: use links or multipart)',
      { sent: false },
    )
  const bytes = new Map<string, string>()
  for (const sha256 of files.keys()) {
    const pieces: Buffer[] = []
    for await (const piece of await attempt.files.open(sha256)) pieces.push(Buffer.from(piece))
    bytes.set(sha256, Buffer.concat(pieces).toString('base64'))
  }
  return bytes
}
