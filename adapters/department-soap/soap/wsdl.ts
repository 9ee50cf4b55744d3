// Whether a department's WSDL 1.1 has the operations and parameters that the settings speak of: the harmless half of
// `tongban system check`. Follows imports only to addresses that the settings register.

import type { Attempt } from '../../../src/adapter-kit/contract.ts'
import { readXml, type XmlElement } from '../../../src/adapter-kit/xml.ts'
import { xmlTextOf } from '../xml/bytes.ts'

/** An operation as the settings know it. */
export interface ExpectedOperation {
  operation: string
  parameters: readonly string[]
}

const MAX_BYTES = 4 * 1024 * 1024
const MAX_DOCUMENTS = 8

/** What is missing, in both languages; empty when all is there. @throws AdapterFailure */
export async function missingFrom(
  { url, headers }: { url: string; headers: Record<string, string> },
  namespace: string,
  expected: readonly ExpectedOperation[],
  attempt: Attempt,
): Promise<string[]> {
  const documents = await documentsFrom(url, headers, attempt)
  const all = documents.flatMap(descendants)
  const namespaces = all.map(({ attributes }) => attributes.targetNamespace)
  const missing = namespaces.includes(namespace) ? [] : ['命名空间不同 (another targetNamespace)']
  for (const { operation, parameters } of expected) {
    const described = portOperation(all, operation)
    if (!described) missing.push(`无操作 ${operation} (no such operation)`)
    else {
      const known = parametersOf(all, described)
      const lacking = parameters.filter((name) => !known.has(name))
      if (lacking.length > 0) missing.push(`${operation} 无参数 ${lacking.join('、')} (no such parameter)`)
    }
  }
  return missing
}

async function documentsFrom(
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

function portOperation(all: readonly XmlElement[], operation: string): XmlElement | undefined {
  return all
    .filter(({ name }) => name === 'portType')
    .flatMap(({ children }) => children)
    .find(({ name, attributes }) => name === 'operation' && attributes.name === operation)
}

/** Parts of an rpc message, and the elements within those of a document message. */
function parametersOf(all: readonly XmlElement[], operation: XmlElement): Set<string> {
  const input = operation.children.find(({ name }) => name === 'input')
  const message = named(all, 'message', input?.attributes.message)
  const names = new Set<string>()
  for (const part of message?.children ?? []) {
    if (part.attributes.name) names.add(part.attributes.name)
    const element = named(all, 'element', part.attributes.element)
    const type = named(all, 'complexType', element?.attributes.type)
    for (const holder of [element, type])
      for (const { name, attributes } of holder ? descendants(holder) : [])
        if (name === 'element' && attributes.name) names.add(attributes.name)
  }
  return names
}

function named(all: readonly XmlElement[], kind: string, qualified = ''): XmlElement | undefined {
  const wanted = qualified.slice(qualified.indexOf(':') + 1)
  return wanted ? all.find(({ name, attributes }) => name === kind && attributes.name === wanted) : undefined
}
