// An answer as adapters read it. Nothing is decoded or parsed before it is asked for.

import { decodeFrom } from './charset.ts'
import { type About, unrecognised } from './classify.ts'
import type { Charset, HttpResponse } from './http.ts'
import { parseKeepingDigits } from './loose-json.ts'

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
      return parseKeepingDigits(text)
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
