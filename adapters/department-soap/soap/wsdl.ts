// What a department's WSDL 1.1 says: its operations, their parameters, and what our settings need not repeat.
// Must not fetch anything.

import type { XmlElement } from '../../../src/adapter-kit/xml.ts'

/** An operation as the settings know it. */
export interface ExpectedOperation {
  operation: string
  parameters: readonly string[]
}

/** What holds where the settings are silent. */
export interface Described {
  /** Of the elements in the body, which is not always that of the service. */
  namespace?: string
  qualified?: boolean
  actions: ReadonlyMap<string, string>
  /** Name of the answer's element, by operation. */
  answers: ReadonlyMap<string, string>
}

/** What is missing, in both languages; empty when all is there. */
export function missingFrom(
  documents: readonly XmlElement[],
  namespace: string,
  expected: readonly ExpectedOperation[],
): string[] {
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

/** Operations are known by their own name and by that of their element in the body. */
export function describedBy(document: XmlElement): Described {
  const all = descendants(document)
  const operations = portOperations(all)
  const asked = operations.flatMap((one) => bodyElement(all, one, 'input') ?? [])
  const schema = schemaOf(document, asked[0])
  const rpc = all.find(({ name, attributes }) => name === 'body' && attributes.namespace)
  const namespace =
    schema?.attributes.targetNamespace ?? rpc?.attributes.namespace ?? document.attributes.targetNamespace
  const qualified = schema && schema.attributes.elementFormDefault === 'qualified'
  return {
    ...(namespace ? { namespace } : {}),
    ...(schema || rpc ? { qualified: qualified ?? false } : {}),
    actions: byName(all, operations, (one) => actionOf(all, one.attributes.name)),
    answers: byName(all, operations, (one) => bodyElement(all, one, 'output')?.attributes.name),
  }
}

function byName(
  all: readonly XmlElement[],
  operations: readonly XmlElement[],
  ask: (operation: XmlElement) => string | undefined,
): Map<string, string> {
  const found = new Map<string, string>()
  for (const one of operations) {
    const value = ask(one)
    if (value === undefined) continue
    for (const name of [bodyElement(all, one, 'input')?.attributes.name, one.attributes.name])
      if (name !== undefined) found.set(name, value)
  }
  return found
}

function actionOf(all: readonly XmlElement[], operation = ''): string | undefined {
  return all
    .filter(({ name }) => name === 'binding')
    .flatMap(({ children }) => children)
    .filter(({ name, attributes }) => name === 'operation' && attributes.name === operation)
    .flatMap(({ children }) => children)
    .map(({ attributes }) => attributes.soapAction)
    .find((action) => action !== undefined)
}

function schemaOf(document: XmlElement, element: XmlElement | undefined): XmlElement | undefined {
  return descendants(document).find(
    ({ name, children }) => name === 'schema' && element !== undefined && children.includes(element),
  )
}

function descendants(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(descendants)]
}

function portOperations(all: readonly XmlElement[]): XmlElement[] {
  return all
    .filter(({ name }) => name === 'portType')
    .flatMap(({ children }) => children)
    .filter(({ name }) => name === 'operation')
}

function portOperation(all: readonly XmlElement[], operation: string): XmlElement | undefined {
  const operations = portOperations(all)
  return (
    operations.find(({ attributes }) => attributes.name === operation) ??
    operations.find((one) => bodyElement(all, one, 'input')?.attributes.name === operation)
  )
}

/** The element that a document message puts into the body; an rpc message has none. */
function bodyElement(
  all: readonly XmlElement[],
  operation: XmlElement,
  side: 'input' | 'output',
): XmlElement | undefined {
  const part = messageOf(all, operation, side)?.children.find(({ attributes }) => attributes.element)
  return part && globalElement(all, part.attributes.element)
}

function messageOf(
  all: readonly XmlElement[],
  operation: XmlElement,
  side: 'input' | 'output',
): XmlElement | undefined {
  const said = operation.children.find(({ name }) => name === side)
  return named(all, 'message', said?.attributes.message)
}

/** Parts of an rpc message, and the elements within those of a document message. */
function parametersOf(all: readonly XmlElement[], operation: XmlElement): Set<string> {
  const names = new Set<string>()
  for (const part of messageOf(all, operation, 'input')?.children ?? []) {
    if (part.attributes.name) names.add(part.attributes.name)
    const element = globalElement(all, part.attributes.element)
    const type = named(all, 'complexType', element?.attributes.type)
    for (const holder of [element, type])
      for (const { name, attributes } of holder ? descendants(holder) : [])
        if (name === 'element' && attributes.name) names.add(attributes.name)
  }
  return names
}

/** One that stands in a schema by itself: within types the same name may mean something else. */
function globalElement(all: readonly XmlElement[], qualified: string | undefined): XmlElement | undefined {
  const inSchemas = all.filter(({ name }) => name === 'schema').flatMap(({ children }) => children)
  return named(inSchemas, 'element', qualified)
}

function named(all: readonly XmlElement[], kind: string, qualified = ''): XmlElement | undefined {
  const wanted = qualified.slice(qualified.indexOf(':') + 1)
  return wanted ? all.find(({ name, attributes }) => name === kind && attributes.name === wanted) : undefined
}
