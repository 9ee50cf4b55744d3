// Temporary download links as registries write them. Must not fetch any, nor repeat one: its id opens the file.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { isRecord, text } from '../../src/adapter-kit/loose-json.ts'
import { misfit } from './records.ts'

const MOST_LINKS = 100
const LONGEST_LINK = 2_048

interface TemporaryLink {
  link: string
  identifier?: string
}

/** `data` of downloadUrl or downloadUrlsByHolderCode: one or a list, bare or as `{content, certIdentifier}`. */
export function linksIn(data: unknown): TemporaryLink[] {
  const list = Array.isArray(data) ? data : data === undefined || data === null ? [] : [data]
  if (list.length > MOST_LINKS) throw misfit('下载链接过多 (too many links)')
  return list.map(readLink)
}

function readLink(entry: unknown): TemporaryLink {
  const link = text(entry) ?? (isRecord(entry) ? (text(entry.content) ?? text(entry.url)) : undefined)
  if (link === undefined) throw misfit('下载链接无法识别 (a link cannot be read)')
  const identifier = isRecord(entry) ? text(entry.certIdentifier) : undefined
  return { link, ...(identifier === undefined ? {} : { identifier }) }
}

/**
 * The absolute address of a link; one without a host belongs to the registry's own.
 * @throws AdapterFailure 'unrecognised' for what is no http(s) address, or one with a user name in it
 */
export function linkOf(link: string, registry: string): string {
  const written = link.trim()
  const known = /^(?:https?:\/\/|\/(?!\/))/i.test(written) && written.length <= LONGEST_LINK
  const url = known && URL.canParse(written, registry) ? new URL(written, registry) : undefined
  if (url && url.username === '' && url.password === '') return url.href
  throw new AdapterFailure('unrecognised', '证照登记系统：下载链接不是有效地址 (the link is no address)')
}
