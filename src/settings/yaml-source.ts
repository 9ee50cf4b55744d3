// One YAML file as data that still knows where each value was written, so that every problem can be shown
// with its line and column. It knows YAML and ${NAME}; it does not know what the file is for.

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parse,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import { keyOfPart, pointerPart } from '../domain/pointer.ts'
import type { Environment } from './environment.ts'
import type { Position, Report } from './problems.ts'
import { explainYaml } from './yaml-errors.ts'

export interface Source {
  /** Below the configuration folder, with slashes. */
  name: string
  /** Plain data with ${NAME} replaced; undefined when the file is not readable YAML. */
  data: unknown
  /** Values with a missing variable: reported already, whatever else may be wrong with them. */
  incomplete: ReadonlySet<string>
  /** Reports a problem at a place of this file; `key` points at the field's name instead of its value. */
  report(pointer: string, message: string, messageZh: string, at?: 'key' | 'value'): void
}

/**
 * Reads the bytes of a YAML 1.2 file; every fault of syntax and every missing variable is reported. Without an
 * environment every variable is: what is recorded in the ledger must say the same wherever it is read.
 */
export function readSource(name: string, bytes: Uint8Array, env: Environment | null, report: Report): Source {
  const text = decode(bytes)
  if (text === undefined) return unreadable(name, report)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const say = (position: Position, pointer: string, message: string, messageZh: string): void =>
    report({ file: name, ...position, pointer, message, messageZh })

  const faults = [...document.errors, ...document.warnings]
  for (const fault of worthSaying(faults, lines)) {
    const { message, messageZh } = explainYaml(fault)
    say(positionAt(lines, fault.pos[0]), '', message, messageZh)
  }
  const incomplete = new Set<string>()
  const source: Source = {
    name,
    data: undefined,
    incomplete,
    report: (pointer, message, messageZh, at = 'value') =>
      say(positionAt(lines, offsetOf(document, pointer, at)), pointer, message, messageZh),
  }
  if (faults.length > 0) return source
  replaceVariables(document.contents, '', env ?? {}, env !== null, (pointer, variable) => {
    incomplete.add(pointer)
    if (env === null) source.report(pointer, ...noVariables)
    else
      source.report(
        pointer,
        `The environment has no ${variable}: set it, or give a default as in \${${variable}:-default}`,
        `环境变量 ${variable} 未设置：请设置，或写成 \${${variable}:-默认值}`,
      )
  })
  const endless = aliasOf(document, (alias, path) => path.includes(alias.resolve(document)))
  if (endless === undefined) {
    try {
      return { ...source, data: document.toJS() }
    } catch (error) {
      // References upon references, until the memory would be full.
      if (!(error instanceof ReferenceError)) throw error
    }
  }
  const offset = endless ?? aliasOf(document, () => true) ?? 0
  say(positionAt(lines, offset), '', ...tooManyAliases)
  return source
}

/** Where the first such reference is. */
function aliasOf(
  document: Document,
  fits: (alias: Alias, path: readonly unknown[]) => boolean,
): number | undefined {
  let offset: number | undefined
  visit(document, {
    Alias(_key, alias, path) {
      if (!fits(alias, path)) return undefined
      offset = rangeStart(alias)
      return visit.BREAK
    },
  })
  return offset
}

const tooManyAliases: [string, string] = [
  'The references (*name) lead to themselves, or to one another so often that the file would fill the memory: write the values out',
  '引用（*name）指向自身，或层层相互引用以致内容过大：请直接写出各值',
]

const noVariables: [string, string] = [
  'Variables of the environment are not read in these files, which are recorded and must say the same everywhere: write the value itself',
  '这些文件会存入台账、须处处一致，不读取环境变量：请直接写出该值',
]

/** One fault makes the parser stumble over what follows: the first of a line is told, and no stumbling after it. */
function worthSaying(faults: readonly YAMLError[], lines: LineCounter): YAMLError[] {
  const told = new Set<number>()
  return faults.filter((fault, index) => {
    const { line } = positionAt(lines, fault.pos[0])
    const worth = !told.has(line) && (index === 0 || fault.code !== 'UNEXPECTED_TOKEN')
    told.add(line)
    return worth
  })
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function unreadable(name: string, report: Report): Source {
  const say: Source['report'] = (pointer, message, messageZh) =>
    report({ file: name, line: 1, column: 1, pointer, message, messageZh })
  say('', 'The file is not UTF-8 text: save it as UTF-8', '文件不是 UTF-8 编码：请另存为 UTF-8')
  return { name, data: undefined, incomplete: new Set(), report: say }
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** Of the deepest part of the pointer that exists: a missing field is shown at the field that lacks it. */
function offsetOf(document: Document, pointer: string, at: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = rangeStart(node) ?? 0
  const parts = pointer.split('/').slice(1).map(keyOfPart)
  for (const [index, part] of parts.entries()) {
    const found = child(document, node, part)
    if (!found) break
    const last = index === parts.length - 1
    offset = (last && at === 'value' ? rangeStart(found.value) : undefined) ?? found.offset
    node = found.value
  }
  return offset
}

function child(
  document: Document,
  node: unknown,
  part: string,
): { value: unknown; offset: number } | undefined {
  const known = isAlias(node) ? node.resolve(document) : node
  if (isSeq(known)) {
    const value = known.items[Number(part)]
    return value === undefined ? undefined : { value, offset: rangeStart(value) ?? 0 }
  }
  if (!isMap(known)) return undefined
  const pair = known.items.find((each) => keyOf(each) === part)
  return pair && { value: pair.value, offset: rangeStart(pair.key) ?? 0 }
}

const keyOf = (pair: Pair): string => String(isScalar(pair.key) ? pair.key.value : pair.key)
const rangeStart = (node: unknown): number | undefined => (node as Node | null)?.range?.[0]

/** Replaces in values, never in keys. A value without quotes is read again, so that numbers stay numbers. */
function replaceVariables(
  node: unknown,
  pointer: string,
  env: Environment,
  defaults: boolean,
  missing: (pointer: string, variable: string) => void,
): void {
  if (isMap(node)) {
    for (const pair of node.items) {
      replaceVariables(pair.value, `${pointer}/${pointerPart(keyOf(pair))}`, env, defaults, missing)
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      replaceVariables(item, `${pointer}/${index}`, env, defaults, missing)
    }
  } else if (isScalar(node) && typeof node.value === 'string' && node.value.includes('${')) {
    const text = node.value.replace(variables, (_all, name: string, fallback: string | undefined) => {
      const value = env[name] || (defaults ? fallback : undefined)
      if (value === undefined) missing(pointer, name)
      return value ?? ''
    })
    node.value = node.type === 'PLAIN' ? retyped(text) : text
  }
}

const variables = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

function retyped(text: string): string | number | boolean {
  if (!/^(true|false|-?[0-9]+(\.[0-9]+)?)$/.test(text)) return text
  return parse(text) as number | boolean
}
