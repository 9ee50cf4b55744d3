// JSONata of the settings, compiled once. Faults of an expression are told by their code and place: JSONata's
// own messages quote the data, which may be personal.

import jsonata from 'jsonata'
import { unknownFunction } from './expression-functions.ts'
import { AdapterFailure } from './failures.ts'
import { textFunctions } from './text-functions.ts'
import { wrongSetting } from './wrong-setting.ts'

export type Expression = (input: unknown, bindings?: Record<string, unknown>) => Promise<unknown>

/** By the names that expressions call them (`$name`); the signature as JSONata writes it, such as `<s:s>`. */
export type ExpressionFunctions = Readonly<
  Record<string, readonly [(...given: never[]) => unknown, signature?: string]>
>

export interface ExpressionContext {
  /** The setting that the expression stands in, for failures. */
  where: string
  /** A right one, for whoever wrote a wrong one. */
  example?: string
  /** Beside JSONata's own and those of text-functions.ts. */
  functions?: ExpressionFunctions
  /** Evaluated before anything is sent: its failure says so. */
  beforeSending?: boolean
}

/** Of XML, as it is written in an expression by mistake. */
const ATTRIBUTE = /(?<![`"'\w\]])@[\w:.-]+/
const EXAMPLE = 'applicant.name，$string(code)'

/**
 * What it answers is ordinary data. @throws AdapterFailure 'unrecognised' for text that is no JSONata, or calls a
 * function that nobody has, naming the setting, and when it is evaluated, for data that it cannot do its work on
 */
export function compileExpression(source: string, context: ExpressionContext): Expression {
  const { where, functions = {}, beforeSending } = context
  const expression = parse(source, context)
  const failing = (what: string): AdapterFailure =>
    new AdapterFailure('unrecognised', `${where}: ${what}`, beforeSending ? { sent: false } : {})
  const ours = Object.entries({ ...textFunctions(failing), ...functions })
  for (const [name, [call, signature]] of ours)
    expression.registerFunction(name, call as (...given: unknown[]) => unknown, signature)
  const unknown = unknownFunction(
    expression,
    ours.map(([name]) => name),
  )
  if (unknown) throw wrongSetting(where, unknown)
  return async (input, bindings) => {
    try {
      return plain(await expression.evaluate(input, bindings))
    } catch (error) {
      if (error instanceof AdapterFailure) throw error
      throw new AdapterFailure(
        'unrecognised',
        `${where}: 表达式无法求值，请修改配置 (cannot be evaluated, ${codeOf(error)}; mend the setting)`,
        { ...(beforeSending ? { sent: false } : {}), cause: error },
      )
    }
  }
}

function parse(source: string, { where, example = EXAMPLE }: ExpressionContext): jsonata.Expression {
  try {
    return jsonata(source)
  } catch (error) {
    const { position = 0, message } = error as Partial<jsonata.JsonataError>
    const attribute = ATTRIBUTE.exec(source)?.[0]
    const quoted = attribute ? `；属性写在反引号内 (an attribute stands in backquotes): \`${attribute}\`` : ''
    const what = `JSONata 有误 (not JSONata, ${codeOf(error)} at ${position}): ${message}${quoted}`
    throw wrongSetting(where, what, example, error)
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : 'no code'
}

/** JSONata's sequences carry extra members. */
const plain = (value: unknown): unknown => (Array.isArray(value) ? Array.from(value) : value)

/**
 * A template as one expression: texts beginning with '=' are JSONata, all else stands for itself.
 * @param where the setting. @throws AdapterFailure 'unrecognised' for an expression without its '='
 */
export function templateSource(template: unknown, where: string): string {
  if (typeof template === 'string') {
    if (template.startsWith('=')) return `(${template.slice(1)})`
    refuseCall(template, where)
    return JSON.stringify(template)
  }
  if (Array.isArray(template))
    return `[${template.map((one, index) => templateSource(one, `${where}[${index}]`)).join(', ')}]`
  if (typeof template !== 'object' || template === null) return JSON.stringify(template)
  return `{${Object.entries(template)
    .map(([name, value]) => `${JSON.stringify(name)}: ${templateSource(value, `${where}.${name}`)}`)
    .join(', ')}}`
}

/** Nobody sends a text that calls a function. @throws AdapterFailure 'unrecognised' for one */
export function refuseCall(text: string, where: string): void {
  if (!/^\$\w+\(/.test(text)) return
  throw wrongSetting(
    where,
    '表达式须以 = 开头，否则按原文发送 (an expression begins with =, or the text itself would be sent)',
    `"=${text.slice(0, 60)}"`,
  )
}
