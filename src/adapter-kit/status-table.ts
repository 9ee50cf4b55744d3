// A system's status codes: their code -> our word -> what it means. Declared once, read here, printed in the docs.

import type { StatusRow } from './contract.ts'
import { AdapterFailure } from './failures.ts'

export type StatusOf<Word extends string | null> = StatusRow & { word: Word }

/** A table from lines of code, our word (null: it says nothing that we track), and its meaning in both languages. */
export const statusTable = <Word extends string>(
  ...lines: readonly (readonly [code: string, word: Word | null, zh: string, en: string])[]
): readonly StatusOf<Word | null>[] =>
  lines.map(([code, word, zh, en]) => ({ code, word, meaning: { zh, en } }))

/** Their code -> our word. */
export const wordsOf = <Word extends string | null>(
  table: readonly StatusOf<Word>[],
): Readonly<Record<string, Word>> => Object.fromEntries(table.map(({ code, word }) => [code, word]))

/** @throws AdapterFailure 'unrecognised' with the code, when the table does not have it */
export function statusOf<Row extends StatusRow>(table: readonly Row[], code: string): Row {
  const row = table.find((one) => one.code === code)
  if (row) return row
  throw new AdapterFailure('unrecognised', '状态代码不在对照表中 (the status is not known)', { code })
}
