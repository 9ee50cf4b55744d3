// What `send` would do, as lines a person can read: the very statements, with what they would write masked.

import type { Attempt, Contents, Operation } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { maskText, personsIn } from '../../src/adapter-kit/masking.ts'
import { carriesBytes, type Layout } from './layout.ts'
import { acceptRow, exchangeValues, materialRows, refuseTooLarge } from './rows.ts'
import { render, type Statement, type Value, type Writing } from './sql.ts'
import { insertInto, markWithdrawn } from './statements.ts'

export function previewOf(
  layout: Layout,
  writing: Writing,
  operation: Operation,
  content: Contents[Operation],
  attempt: Attempt,
): string[] {
  const statements = statementsOf(layout, operation, content, attempt)
  const persons = [...personsIn(content), ...textsIn((content as { form?: unknown }).form)]
  return ['begin', ...statements.map((statement) => line(statement, writing, persons)), 'commit']
}

/** What an applicant wrote into a form may name anybody. */
function textsIn(form: unknown): string[] {
  if (typeof form === 'string') return [form]
  return typeof form === 'object' && form !== null ? Object.values(form).flatMap(textsIn) : []
}

function statementsOf(
  layout: Layout,
  operation: Operation,
  content: Contents[Operation],
  attempt: Attempt,
): Statement[] {
  if (operation === 'submitCase') {
    const submitted = content as Contents['submitCase']
    const accept = insertInto(layout.accept, acceptRow(layout, submitted, attempt), content)
    return [...materialsOf(layout, submitted, attempt), accept]
  }
  if (operation === 'supplementCase')
    return materialsOf(layout, content as Contents['supplementCase'], attempt)
  if (operation === 'withdrawCase') {
    const exchange = exchangeValues(layout, layout.operations.withdraw, attempt)
    return [markWithdrawn(layout, (content as Contents['withdrawCase']).caseId, exchange)]
  }
  throw new AdapterFailure('unrecognised', `前置库不支持 ${operation} (not offered by this adapter)`, {
    sent: false,
  })
}

function materialsOf(
  layout: Layout,
  content: Contents['submitCase'] | Contents['supplementCase'],
  attempt: Attempt,
): Statement[] {
  const rows = materialRows(layout, content, attempt)
  refuseTooLarge(layout, rows)
  return rows.map(({ values, file }) => {
    const bytes = file && carriesBytes(layout) ? { file_content: `<${file.size} bytes>` } : {}
    return insertInto(layout.material, { ...values, ...bytes }, content)
  })
}

function line(statement: Statement, writing: Writing, persons: readonly string[]): string {
  const { text, values } = render(statement, writing)
  const shown = values.map((value, i) => `${i + 1}=${masked(value, persons)}`)
  return `${text}  -- ${shown.join(', ')}`
}

/** A signed link is a key to the file: it is shown without its query. */
function masked(value: Value, persons: readonly string[]): string {
  if (value === null) return 'null'
  if (Buffer.isBuffer(value)) return `<${value.length} bytes>`
  return `'${maskText(value.replace(/^(https?:\/\/[^?]*)\?.*$/s, '$1?…'), persons)}'`
}
