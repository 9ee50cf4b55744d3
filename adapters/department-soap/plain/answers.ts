// What a plain department's answer says, by the expressions of the settings, and what that means for the transfer.

import { shownCode, textOf } from '../../../src/adapter-kit/case-report.ts'
import type { Receipt } from '../../../src/adapter-kit/contract.ts'
import type { Expression } from '../../../src/adapter-kit/expressions.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { maskText } from '../../../src/adapter-kit/masking.ts'
import { compileWithXml } from '../expressions.ts'
import type { AnswerMeaning, PlainAnswer } from '../settings.ts'
import { needed } from '../soap/line.ts'

export type Codes = Readonly<Record<string, AnswerMeaning>>

export interface Said {
  code: string
  message: string
  reference?: string
  found?: boolean
}

/** @throws AdapterFailure 'unrecognised' for settings without `code`, or expressions that are none */
export function answerReader(given: PlainAnswer, where: string): (answer: unknown) => Promise<Said> {
  const compiled = (source: string | undefined, name: string): Expression | undefined =>
    source === undefined ? undefined : compileWithXml(source, `${where}.${name}`)
  const code = compileWithXml(needed(given.code, `${where}.code`), `${where}.code`)
  const message = compiled(given.message, 'message')
  const reference = compiled(given.reference, 'reference')
  const found = compiled(given.found, 'found')
  return async (object) => {
    const own = textOf(await reference?.(object))
    return {
      code: textOf(await code(object)) ?? '',
      message: textOf(await message?.(object)) ?? '',
      ...(own === undefined ? {} : { reference: own }),
      ...(found ? { found: (await found(object)) === true } : {}),
    }
  }
}

/** Null for 'absent'. @throws AdapterFailure named by what the code means */
export function receiptOf(codes: Codes, said: Said, hidden: readonly string[]): Receipt | null {
  const { code, message, reference } = said
  const written = code.slice(0, 32)
  const means = Object.hasOwn(codes, code) ? codes[code] : undefined
  const option = written ? { code: written } : {}
  if (!means) throw new AdapterFailure('unrecognised', noMeaning(code), option)
  const told = `部门应答 (the department answered) ${maskText(`${written}: ${message}`, hidden)}`
  if (means === 'refused') throw new AdapterFailure('rejected', told, option)
  if (means === 'unavailable' || means === 'throttled' || means === 'unauthorised')
    throw new AdapterFailure(means, told, option)
  if (means === 'absent') return null
  return { ...(reference ? { reference } : {}), ...(means === 'duplicate' ? { duplicate: true } : {}) }
}

const noMeaning = (code: string): string =>
  code === ''
    ? '应答中没有代码，请核对 plain.answer.code (the answer holds no code: see that plain.answer.code is right)'
    : `应答代码不在对照表中，请补入 plain.codes (the code is not in the table: add it to plain.codes)${shownCode(code)}`
