// A department's WSDL with what it imports, over the attempt's HTTP client. Follows imports only to addresses that the
// settings register; knows nothing of what the documents say.

import type { Attempt } from '../../../src/adapter-kit/contract.ts'
import { readXml, type XmlElement } from '../../../src/adapter-kit/xml.ts'
import { xmlTextOf } from '../xml/bytes.ts'

const MAX_BYTES = 4 * 1024 * 1024
const MAX_DOCUMENTS = 8

/** @throws AdapterFailure */
export async function fetchWsdl(
  first: string,
  sent: Record<string, string>,
  attempt: Attempt,
): Promise<XmlElement[]> {
  const waiting = [first]
  const seen = new Set(waiting)
  const documents: XmlElement[] = []
  for (let url = waiting.shift(); url && documents.length < MAX_DOCUMENTS; url = waiting.shift()) {
    const { body, headers } = await attempt.http.request({
      method: 'GET',
      url,
      headers: sent,
      maxBytes: MAX_BYTES,
    })
    const document = readXml(xmlTextOf(body, headers, 'utf-8'))
    documents.push(document)
    for (const next of importsOf(document, url)) {
      if (!seen.has(next)) waiting.push(next)
      seen.add(next)
    }
  }
  return documents
}

function importsOf(document: XmlElement, base: string): string[] {
  return descendants(document)
    .filter(({ name }) => name === 'import' || name === 'include')
    .flatMap(({ attributes: { location, schemaLocation } }) => location ?? schemaLocation ?? [])
    .flatMap((written) => URL.parse(written, base)?.href ?? [])
}

function descendants(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(descendants)]
}
