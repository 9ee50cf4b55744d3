// An answer as adapters read it. Nothing is decoded or parsed before it is asked for.

import { charsetOf, decode } from './charset.ts'
import { type About, unrecognised } from './classify.ts'
import type { Charset, HttpResponse } from './http.ts'

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
    const charset = charsetOf(typeof type === 'string' ? type : undefined)
    if (charset === null) throw this.#unreadable('answered in a charset that we do not read')
    const coding = this.headers['content-encoding']
    if (coding !== undefined && coding !== 'identity') throw this.#unreadable('answered compressed, unasked')
    const text = decode(this.body, charset ?? this.#charset)
    if (text === undefined) throw this.#unreadable('answered bytes that are not of the charset it names')
    return text
  }

  json(): unknown {
    const type = this.headers['content-type']
    if (typeof type === 'string' && /html/i.test(type))
      throw this.#unreadable('answered HTML where JSON is read')
    const text = this.text()
    try {
      return JSON.parse(text)
    } catch {
      throw this.#unreadable(
        /^\s*</.test(text) ? 'answered markup where JSON is read' : 'answered broken JSON',
      )
    }
  }

  #unreadable(what: string) {
    return unrecognised(this.#about, what, this.status)
  }
}
