// A configured request, compiled once: path, query, headers and body of what an operation is about.
// What an expression makes is checked here: a path stays on the system, a header stays one line.

import { filesIn } from './bodies/files-in.ts'
import { unfit } from './bodies/unfit.ts'
import type { Say, SpeechContext } from './dialect.ts'
import { type Compile, compilePath, type Expression } from './expressions.ts'
import type { RequestSettings } from './settings.ts'
import { compileTemplate } from './templates.ts'

type Values = Record<string, unknown>
type Bindings = Record<string, unknown>
type Encode = (text: string) => string
/** `input` is what expressions see, `values` what `{…}` sees. */
type Text = (values: Values, input: unknown, bindings: Bindings, encode: Encode) => string | Promise<string>

export function compileRequest<C>(request: RequestSettings, where: string, compile: Compile): Say<C> {
  const path = pathOf(request.path, `${where}.path`, compile)
  const headers = namedTexts(request.headers, `${where}.headers`, compile)
  const query = namedTexts(request.query, `${where}.query`, compile)
  const body = bodyOf(request.body, `${where}.body`, compile)
  return async (content, context) => {
    const values: Values = { ...(content as object), key: context.key }
    const files = filesIn(content).map((file) => ({ ...file, ...context.carry(file) }))
    const input = withFiles(content, context)
    const bindings = { key: context.key, now: context.now.toISOString(), files }
    const { encode } = context
    const fill = (texts: readonly NamedText[]) => filled(texts, values, input, bindings)
    const target = withQuery(await path(values, input, bindings, encode), await fill(query), encode)
    return {
      method: request.method,
      path: checkedPath(target, `${where}.path`),
      headers: Object.fromEntries((await fill(headers)).map((pair) => checkedHeader(pair, where))),
      ...(request.as ? { as: request.as } : {}),
      ...(body ? { body: await body(input, bindings) } : {}),
    }
  }
}

/** One that lacks a member would lead elsewhere: to all cases in place of one. */
function pathOf(source: string, where: string, compile: Compile): Text {
  if (source.startsWith('=')) return textOf(source, where, compile)
  const fill = compilePath(source, (name) => {
    throw unfit(`${where}：内容中没有 {${name}} (the content has no {${name}})`)
  })
  return (values, _input, _bindings, encode) => fill(values, encode)
}

/** A text that begins with '=' is JSONata; any other may hold `{matter.code}`. */
function textOf(source: string, where: string, compile: Compile): Text {
  if (!source.startsWith('=')) {
    const fill = compilePath(source)
    return (values, _input, _bindings, encode) => fill(values, encode)
  }
  const evaluate = compile(source.slice(1), where)
  return async (_values, input, bindings) => {
    const value = await evaluate(input, bindings)
    return value === undefined || value === null ? '' : String(value)
  }
}

type NamedText = readonly [name: string, text: Text]

function namedTexts(
  given: Readonly<Record<string, string>> = {},
  where: string,
  compile: Compile,
): NamedText[] {
  return Object.entries(given).map(([name, source]) => [name, textOf(source, `${where}.${name}`, compile)])
}

async function filled(
  texts: readonly NamedText[],
  values: Values,
  input: unknown,
  bindings: Bindings,
): Promise<[string, string][]> {
  const pairs: [string, string][] = []
  for (const [name, text] of texts) pairs.push([name, await text(values, input, bindings, String)])
  return pairs
}

function bodyOf(template: unknown, where: string, compile: Compile): Expression | undefined {
  if (template === undefined) return undefined
  return typeof template === 'string' ? compile(template, where) : compileTemplate(template, where, compile)
}

/** Parameters without a value are left out. */
function withQuery(path: string, query: readonly [string, string][], encode: Encode): string {
  const pairs = query
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
  if (pairs.length === 0) return path
  return `${path}${path.includes('?') ? '&' : '?'}${pairs.join('&')}`
}

/** The content as expressions see it: each file with its `url` or `base64`. */
function withFiles(content: unknown, context: SpeechContext): unknown {
  const { materials } = (content ?? {}) as {
    materials?: readonly { files: readonly Parameters<SpeechContext['carry']>[0][] }[]
  }
  if (!materials) return content
  return {
    ...(content as object),
    materials: materials.map((material) => ({
      ...material,
      files: material.files.map((file) => ({ ...file, ...context.carry(file) })),
    })),
  }
}

function checkedPath(path: string, where: string): string {
  const segments = path.split(/[?#]/, 1)[0]?.split('/') ?? []
  const plain = /^\/(?!\/)[\x21-\x7e]*$/.test(path) && !path.includes('\\') && !path.includes('#')
  if (plain && !segments.some((one) => one === '.' || one === '..')) return path
  throw unfit(`${where} 得出的路径不合法 (makes no path of the system)`)
}

function checkedHeader([name, value]: [string, string], where: string): [string, string] {
  if (/^[\x20-\x7e]*$/.test(value)) return [name, value]
  throw unfit(`${where}.headers.${name} 含有不能放入请求头的字符 (holds what no header may hold; encode it)`)
}
