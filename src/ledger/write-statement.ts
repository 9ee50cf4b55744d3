// sql/write.sql, as far as one batch needs it. A part that has nothing to write costs PostgreSQL some 25
// microseconds all the same, and most batches need a third of the eleven: each is given a statement of its
// parts alone, prepared under a name of theirs.

import { readFileSync } from 'node:fs'
import { arrayOf, columnOf, columnsOf, type Form, type ListName, lists, type Row } from './columns.ts'
import type { Rows } from './rows.ts'

type Parameter = 'owner' | 'moved' | readonly [ListName, string, ReturnType<typeof columnsOf>[number][1]]

interface Statement {
  name: string
  text: string
  form: Form
  parameters: readonly Parameter[]
}

const whole = readFileSync(new URL('./sql/write.sql', import.meta.url), 'utf8')
/** Each writes one list, and has its name. */
const parts = [...whole.matchAll(/^(\w+) as \(\n[\s\S]*?\n\)/gm)].map(([text, name]) => ({
  name: name!,
  text,
  list: /\{\{(\w+)\}\} as r\b/.exec(text)![1] as ListName,
}))
/** What is asked of them: a line each. */
const answers = [...whole.matchAll(/^(?:union all )?(select .* from (\w+))$/gm)].map(([, text, from]) => ({
  text: text!,
  from: from!,
}))
const NOTHING_ASKED = 'select null::text as id, 0 as epoch where false'

const names = Object.keys(lists) as ListName[]
const made = new Map<string, Statement>()

/** The statement that writes `rows` and its values; `owner`: this process, for leases. */
export function writeStatement(rows: Rows, owner: number): { name: string; text: string; values: unknown[] } {
  const used = names.filter((name) => rows[name].length > 0)
  return filled(statementOf(used, 'joined'), rows, owner) ?? filled(statementOf(used, 'quoted'), rows, owner)!
}

/** Null where a text cannot be joined. */
function filled({ name, text, form, parameters }: Statement, rows: Rows, owner: number) {
  const values: unknown[] = []
  for (const parameter of parameters) {
    if (parameter === 'owner') values.push(owner)
    else if (parameter === 'moved') values.push(rows.submissions.length)
    else {
      const [list, column, type] = parameter
      const value = columnOf(rows[list] as readonly Row[], column, type, form)
      if (value === null) return null
      values.push(value)
    }
  }
  return { name, text, values }
}

/** For the lists `used`, which stay as few as there are kinds of batches. */
export function statementOf(used: readonly ListName[], form: Form): Statement {
  const name = `write ${form} ${used.map((one) => names.indexOf(one).toString(36)).join('')}`
  const known = made.get(name)
  if (known) return known
  const statement = { name, form, ...spellOut(compose(used), form) }
  made.set(name, statement)
  return statement
}

function compose(used: readonly ListName[]): string {
  const kept = parts.filter(({ list }) => used.includes(list))
  const asked = answers.filter(({ from }) => kept.some(({ name }) => name === from))
  const question = asked.length > 0 ? asked.map(({ text }) => text).join('\nunion all ') : NOTHING_ASKED
  return `with\n${kept.map(({ text }) => text).join(',\n')}\n${question}`
}

/** Parameters are numbered as they are met; a list becomes a subquery of its columns. */
function spellOut(statement: string, form: Form): Pick<Statement, 'text' | 'parameters'> {
  const parameters: Parameter[] = []
  const numbers = new Map<string, number>()
  const numberOf = (parameter: 'owner' | 'moved'): number => {
    const known = numbers.get(parameter) ?? parameters.push(parameter)
    numbers.set(parameter, known)
    return known
  }
  const columnsAs = (list: ListName): string =>
    columnsOf(list)
      .map(([column, type]) => {
        const number = parameters.push([list, column, type])
        return `unnest(${arrayOf(`$${number}`, type, form)}) as ${column}`
      })
      .join(', ')
  const text = statement
    .replace(/\{\{(\w+)\}\} as r\b/g, (_, list: ListName) => `(select ${columnsAs(list)}) as r`)
    .replace(/\{\{(owner|moved)\}\}/g, (_, name: 'owner' | 'moved') => `$${numberOf(name)}`)
  return { text, parameters }
}
