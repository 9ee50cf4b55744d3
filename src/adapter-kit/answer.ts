// An answer as adapters read it. Nothing is decoded or parsed before it is asked for.

import { decodeFrom } from './charset.ts'
import { type About, unrecognised } from './classify.ts'
import type { Charset, HttpResponse } from './http.ts'

/** Longer than what a double holds exactly: the numbers of other systems' 64-bit ids. */
const MANY_DIGITS = /\d{16}/

/** A whole number that would lose digits, as the text it was written as. */
function withAllDigits(_name: string, value: unknown, context?: { source?: string }): unknown {
  const isLossy = typeof value === 'number' && !Number.isSafeInteger(value)
  return isLossy && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value
}

/** A class for speed: one is made for every request, with its methods on the prototype. */
export class Answer implements HttpResponse {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Buffer
  readonly #about: About
  readonly #charset: Charset

  constructor(
    about: About,
    status: number,
    headers: HttpResponse['headers'],
    body: Buffer,
    charset: Charset,
  ) {
    this.status = status
    this.headers = headers
    this.body = body
    this.#about = about
    this.#charset = charset
  }

  text(): string {
    const type = this.headers['content-type']
    const coding = this.headers['content-encoding']
    if (coding !== undefined && coding !== 'identity') throw this.#unreadable('answered compressed, unasked')
    const text = decodeFrom(this.body, typeof type === 'string' ? type : undefined, this.#charset)
    if (text === undefined)
      throw this.#unreadable('answered in a charset that we do not read, or not in the one it names')
    return text
  }

  /** Whatever type it says it is: old servers call everything text/html. */
  json(): unknown {
    const text = this.text()
    try {
      return MANY_DIGITS.test(text) ? JSON.parse(text, withAllDigits) : JSON.parse(text)
    } catch {
      throw this.#unreadable(
        /^\s*</.test(text) ? 'answered HTML or other markup where JSON is read' : 'answered broken JSON',
      )
    }
  }

  #unreadable(what: string) {
    return unrecognised(this.#about, what, this.status)
  }
}
