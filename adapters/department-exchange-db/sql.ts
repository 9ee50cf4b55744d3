// SQL with its values apart: what is put between the words of a statement is a name, another statement, or a parameter.
// There is no way to put a text into a statement as it is.

import { AdapterFailure } from '../../src/adapter-kit/failures.ts'

export type Value = string | Buffer | null

type Piece = { words: string } | { name: string } | { value: Value }

export interface Statement {
  readonly pieces: readonly Piece[]
}

/** How a dialect writes names and parameters. */
export interface Writing {
  quote(name: string): string
  /** The n-th parameter, from 1. */
  mark(n: number): string
}

/** Letters of any script: many departments name their tables in Chinese. */
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_$]*$/u
const LONGEST_NAME = 64

/** A table or column. @throws AdapterFailure 'unrecognised' when it is no plain identifier */
export function name(text: string): Statement {
  if (!IDENTIFIER.test(text) || text.length > LONGEST_NAME)
    throw new AdapterFailure(
      'unrecognised',
      '表名或列名只能由汉字、字母、数字、下划线和 $ 组成，且不以数字开头 (a table or column name in the settings is no plain identifier)',
      { sent: false },
    )
  return { pieces: [{ name: text }] }
}

/** The text of a statement that is a name alone. */
export function nameIn({ pieces: [piece] }: Statement): string {
  return piece && 'name' in piece ? piece.name : ''
}

/** Every interpolated value becomes a parameter; every statement becomes part of this one. */
export function sql(words: TemplateStringsArray, ...parts: readonly (Statement | Value)[]): Statement {
  return {
    pieces: words.flatMap((text, i) => [{ words: text }, ...(i < parts.length ? piecesOf(parts[i]!) : [])]),
  }
}

function piecesOf(part: Statement | Value): readonly Piece[] {
  return isStatement(part) ? part.pieces : [{ value: part }]
}

function isStatement(part: Statement | Value): part is Statement {
  return typeof part === 'object' && part !== null && 'pieces' in part
}

/** A whole number as it stands: for LIMIT and the like, where not every server takes a parameter. */
export function whole(number: number): Statement {
  return { pieces: [{ words: String(Math.trunc(number)) }] }
}

export function join(statements: readonly Statement[], separator: ', ' | ' and ' | ' or '): Statement {
  return {
    pieces: statements.flatMap(({ pieces }, i) => (i === 0 ? pieces : [{ words: separator }, ...pieces])),
  }
}

export function oneOf(values: readonly Value[]): Statement {
  return sql`(${join(
    values.map((value) => sql`${value}`),
    ', ',
  )})`
}

/** `= value`, or `is null`. */
export function equals(column: Statement, value: Value): Statement {
  return value === null ? sql`${column} is null` : sql`${column} = ${value}`
}

export function render(statement: Statement, writing: Writing): { text: string; values: Value[] } {
  const values: Value[] = []
  const text = statement.pieces.map((piece) => {
    if ('words' in piece) return piece.words
    if ('name' in piece) return writing.quote(piece.name)
    values.push(piece.value)
    return writing.mark(values.length)
  })
  return { text: text.join(''), values }
}
