// What `send` would do, as lines a person can read: the very statements, with what they would write masked.

import type { Attempt, Contents, Operation } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { maskText, personsIn } from '../../src/adapter-kit/masking.ts'
import { carriesBytes, type Layout } from './layout.ts'
import { acceptRow, exchangeValues, materialRows, ownOf, refuseTooLarge } from './rows.ts'
import { render, type Statement, type Value, type Writing } from './sql.ts'
import { insertInto, markWithdrawn } from './statements.ts'

export async function previewOf(
  layout: Layout,
  writing: Writing,
  operation: Operation,
  content: Contents[Operation],
  attempt: Attempt,
): Promise<string[]> {
  const statements = await statementsOf(layout, operation, content, attempt)
  const persons = [...personsIn(content), ...textsIn((content as { form?: unknown }).form)]
  return ['begin', ...statements.map((statement) => line(statement, writing, persons)), 'commit']
}

/** What an applicant wrote into a form may name anybody. */
function textsIn(form: unknown): string[] {
  if (typeof form === 'string') return [form]
  return typeof form === 'object' && form !== null ? Object.values(form).flatMap(textsIn) : []
}

async function statementsOf(
  layout: Layout,
  operation: Operation,
  content: Contents[Operation],
  attempt: Attempt,
): Promise<Statement[]> {
  if (operation === 'submitCase') {
    const submitted = content as Contents['submitCase']
    const own = await ownOf(layout.accept, layout, submitted, attempt)
    const accept = insertInto(layout.accept, acceptRow(layout, submitted, attempt), own)
    return [...(await materialsOf(layout, submitted, attempt)), accept]
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

async function materialsOf(
  layout: Layout,
  content: Contents['submitCase'] | Contents['supplementCase'],
  attempt: Attempt,
): Promise<Statement[]> {
  const rows = materialRows(layout, content, attempt)
  const own = await ownOf(layout.material, layout, content, attempt)
  refuseTooLarge(layout, rows)
  return rows.map(({ values, file }) => {
    const bytes = file && carriesBytes(layout) ? { file_content: `<${file.size} bytes>` } : {}
    return insertInto(layout.material, { ...values, ...bytes }, own)
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
