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
import type { Line } from '../soap/line.ts'
import { answerReader, type Codes, receiptOf, type Said } from './answers.ts'
import { contentOf } from './objects.ts'

type Content = { materials?: MaterialContent[] }
type Ask = (content: Content, attempt: Attempt) => Promise<{ said: Said; codes: Codes }>

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

const hiddenIn = (line: Line, content: unknown) => [...personsIn(content), ...line.secrets]

function asking(
  line: Line,
  settings: SoapSettings,
  plain: PlainSettings,
  own: PlainCall,
  where: string,
): Ask {
  const parameters = Object.entries(own.parameters).map(
    ([name, template]) =>
      [name, compileWithXml(templateSource(template), `${where}.parameters.${name}`)] as const,
  )
  const read = answerReader({ ...plain.answer, ...own.answer }, `${where}.answer`)
  const codes = { ...plain.codes, ...own.codes }
  return async (content, attempt) => {
    const input = content.materials
      ? { ...content, materials: await carry(content.materials, settings, attempt) }
      : content
    const bindings = { key: attempt.key, now: attempt.now().toISOString() }
    const written = await markupOf(line, parameters, input, bindings)
    const answer = await call(line, { operation: own.operation, parameters: written, content }, attempt)
    return { said: await read(answer), codes }
  }
}

async function markupOf(
  { writer, qualified }: Line,
  parameters: readonly (readonly [string, Expression])[],
  input: unknown,
  bindings: Record<string, unknown>,
): Promise<[string, string][]> {
  const written: [string, string][] = []
  for (const [name, evaluate] of parameters) {
    const value = await evaluate(input, bindings)
    for (const one of Array.isArray(value) ? value : [value])
      written.push([name, contentOf(writer, one, qualified ? 'd:' : '')])
  }
  return written
}
