// What we ask of a plain SOAP department: operations, parameters and answers as the settings say.

import type {
  Adapter,
  Attempt,
  MaterialContent,
  Outgoing,
  Receipt,
} from '../../../src/adapter-kit/contract.ts'
import { type Expression, templateSource } from '../../../src/adapter-kit/expressions.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { personsIn } from '../../../src/adapter-kit/masking.ts'
import { compileWithXml } from '../expressions.ts'
import { carry } from '../files.ts'
import { type PlainCall, type PlainSettings, plainOperations, type SoapSettings } from '../settings.ts'
import { call } from '../soap/call.ts'
import { faultFailure, isFault } from '../soap/fault.ts'
import type { Line } from '../soap/line.ts'
import { answerReader, type Codes, receiptOf, type Said } from './answers.ts'
import { contentOf, objectOf } from './objects.ts'

type Content = { materials?: MaterialContent[] }
type Ask = (content: Content | PageAsked, attempt: Attempt) => Promise<Answered>

interface PageAsked {
  cursor: string
  pageSize: number
}

interface Answered {
  said: Said
  codes: Codes
  /** The answer's element as an object. */
  answer: unknown
}

/** @throws AdapterFailure 'unrecognised' for settings that make no sense together */
export function plainOutgoing(line: Line, settings: SoapSettings, plain: PlainSettings): Adapter['outgoing'] {
  const outgoing: Record<string, Outgoing<never>> = {}
  for (const name of plainOperations) {
    const own = plain.operations?.[name]
    if (!own) continue
    const where = `plain.operations.${name}`
    const ask = asking(line, settings, plain, own, where)
    const look = own.find && asking(line, settings, plain, own.find, `${where}.find`)
    outgoing[name] = {
      send: (content: Content, attempt: Attempt) => send(line, ask, content, attempt),
      honoursKey: own.honoursKey ?? false,
      ...(look ? { find: (content: Content, attempt: Attempt) => find(line, look, content, attempt) } : {}),
    } as Outgoing<never>
  }
  return outgoing
}

async function send(line: Line, ask: Ask, content: Content, attempt: Attempt): Promise<Receipt> {
  const { said, codes } = await ask(content, attempt)
  const receipt = receiptOf(codes, said, hiddenIn(line, content))
  if (receipt) return receipt
  throw new AdapterFailure('rejected', '部门称无此办件 (the department says that it has no such case)', {
    code: said.code.slice(0, 32),
  })
}

async function find(line: Line, look: Ask, content: Content, attempt: Attempt): Promise<Receipt | null> {
  const { said, codes } = await look(content, attempt)
  const receipt = receiptOf(codes, said, hiddenIn(line, content))
  return said.found === false ? null : receipt
}

function compileParameter(template: unknown, where: string): Expression {
  return compileWithXml(templateSource(template, where), where)
}

const hiddenIn = (line: Line, content: unknown) => [...personsIn(content), ...line.secrets]

/** @throws AdapterFailure 'unrecognised' for settings without `code`, or expressions that are none */
export function asking(
  line: Line,
  settings: SoapSettings,
  plain: PlainSettings,
  own: PlainCall,
  where: string,
): Ask {
  const parameters = Object.entries(own.parameters).map(
    ([name, template]) => [name, compileParameter(template, `${where}.parameters.${name}`)] as const,
  )
  const read = answerReader({ ...plain.answer, ...own.answer }, `${where}.answer`)
  const readFault = plain.fault && answerReader(plain.fault, 'plain.fault')
  const codes = { ...plain.codes, ...own.codes }
  return async (content, attempt) => {
    const input =
      'materials' in content && content.materials
        ? { ...content, materials: await carry(content.materials, settings, attempt) }
        : content
    const bindings = { key: attempt.key, now: attempt.now().toISOString() }
    const written = await markupOf(line, parameters, input, bindings)
    const asked = {
      operation: own.operation,
      parameters: written,
      content,
      takesFaults: readFault !== undefined,
    }
    const element = await call(line, asked, attempt)
    if (!isFault(element)) {
      const answer = objectOf(element)
      return { said: await read(answer), codes, answer }
    }
    const said = await readFault?.(objectOf(element))
    if (!said?.code)
      throw faultFailure(element, { authFaults: line.authFaults, hidden: hiddenIn(line, content) })
    return { said, codes, answer: undefined }
  }
}

async function markupOf(
  { writer, qualified }: Line,
  parameters: readonly (readonly [string, Expression])[],
  input: unknown,
  bindings: Record<string, unknown>,
): Promise<[string, string, string][]> {
  const written: [string, string, string][] = []
  for (const [name, evaluate] of parameters) {
    const value = await evaluate(input, bindings)
    for (const one of Array.isArray(value) ? value : [value])
      written.push([name, contentOf(writer, one, qualified ? 'd:' : ''), typeOf(one)])
  }
  return written
}

const LARGEST_INT = 2 ** 31 - 1

/** By the value itself; a structure has a name of its own in the WSDL, and goes without. */
function typeOf(value: unknown): string {
  if (typeof value === 'boolean') return 'xsd:boolean'
  if (typeof value === 'string') return 'xsd:string'
  if (typeof value !== 'number') return ''
  if (!Number.isInteger(value)) return 'xsd:double'
  return Math.abs(value) <= LARGEST_INT ? 'xsd:int' : 'xsd:long'
}
