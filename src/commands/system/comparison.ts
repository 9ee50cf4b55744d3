// One transfer under two configurations: the same content, clock and files; both stopped before anything is sent.

import type { Attempt, Contents, Operation } from '../../adapter-kit/contract.ts'
import { personsIn } from '../../adapter-kit/masking.ts'
import { secretsIn } from '../../adapter-kit/secrets.ts'
import type { Configured } from './configured.ts'
import { differingLines } from './differences.ts'
import { type Mask, personMask, provesFor, secretMask } from './masking.ts'
import { type Rehearsed, rehearse } from './rehearsal.ts'
import { allLines, charsetIn, requestText, type TextOptions } from './request-text.ts'
import { explainFailure } from './sentences.ts'

export type Compared =
  | { same: true; first: boolean }
  /** Lines to be shown; `first`: only the first request of a flow was compared. */
  | { different: readonly string[]; first: boolean }
  | { failed: readonly string[] }

interface ToCompare {
  operation: Operation
  content: Contents[Operation]
  attempt: Omit<Attempt, 'http'>
  /** Shows persons as they are. */
  reveal: boolean
}

export async function compare(old: Configured, next: Configured, given: ToCompare): Promise<Compared> {
  const secrets = [old, next].flatMap(({ manifest, system }) => secretsIn(manifest.settings, system.settings))
  const mask = secretMask(secrets)
  const hide = given.reveal ? (text: string) => text : hiding(given.content)
  const [before, after] = [await rehearse(old, given), await rehearse(next, given)]
  const failed = [...failureLines('old · 原配置', before), ...failureLines('new · 新配置', after)]
  if (failed.length > 0) return { failed: failed.map((line) => hide(mask(line))) }
  const proves = provesFor(old.system.settings, next.system.settings)
  const lines = differingLines(
    textOf(before, { mask, proves, charset: charsetIn(old.system.settings) }),
    textOf(after, { mask, proves, charset: charsetIn(next.system.settings) }),
  )
  const first = 'more' in after && after.more
  return lines.length === 0 ? { same: true, first } : { different: lines.map(hide), first }
}

function failureLines(whose: string, rehearsed: Rehearsed): string[] {
  return 'failed' in rehearsed ? [`${whose}: ${explainFailure(rehearsed.failed)}`] : []
}

/** Signatures and nonces are hidden: they differ by their nature. */
function textOf(rehearsed: Rehearsed, options: TextOptions): string[] {
  if ('failed' in rehearsed) return []
  if ('preview' in rehearsed) return rehearsed.preview.map(options.mask)
  return rehearsed.requests.flatMap((request) => allLines(requestText(request, { ...options, sorted: true })))
}

/** What applicants wrote into a form is personal too, and so is a link that opens their file. */
function hiding(content: Contents[Operation]): Mask {
  const written = 'form' in content ? textsIn(content.form) : []
  const persons = personMask([...personsIn(content), ...written])
  return (text) => persons(text.replace(/(?:\/|%2F)v1(?:\/|%2F)files(?:\/|%2F)[\w.%-]+/gi, '/v1/files/…'))
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}
