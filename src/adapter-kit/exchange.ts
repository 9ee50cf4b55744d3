// One request and its answer on an undici connection: counts bytes, stops at the signal, names every fault.
// It works on undici's dispatch handler directly, because the stream and its promises of `request()` cost
// more than a small JSON answer does.

import type { Dispatcher } from 'undici'
import { Answer } from './answer.ts'
import { type About, connectionFailure, statusFailure, unrecognised } from './classify.ts'
import type { AdapterFailure } from './failures.ts'
import type { Charset, HttpResponse } from './http.ts'

export interface ExchangeOptions {
  about: About
  maxBytes: number
  accept: readonly number[] | undefined
  charset: Charset
  signal: AbortSignal
}

type Headers = HttpResponse['headers']
const EMPTY = Buffer.alloc(0)

/** A class for speed: one per request, of one shape, serving undici as handler and the signal as listener. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions
  readonly #resolve: (answer: HttpResponse) => void
  readonly #reject: (failure: AdapterFailure) => void
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #status = 0
  #headers: Headers = {}
  #first: Buffer | undefined
  #rest: Buffer[] | undefined
  #size = 0

  constructor(
    options: ExchangeOptions,
    resolve: (answer: HttpResponse) => void,
    reject: (failure: AdapterFailure) => void,
  ) {
    this.#options = options
    this.#resolve = resolve
    this.#reject = reject
    options.signal.addEventListener('abort', this)
  }

  /** The attempt's deadline, or the loss of its lease. */
  handleEvent(): void {
    this.#fail(connectionFailure(this.#options.about, stopped(), this.#controller !== undefined))
    this.#controller?.abort(stopped())
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) controller.abort(stopped())
    else this.#controller = controller
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return
    this.#status = status
    this.#headers = headers
    const length = headers['content-length']
    if (length !== undefined && Number(length) > this.#options.maxBytes) this.#tooLarge(controller)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size > this.#options.maxBytes) this.#tooLarge(controller)
    else if (this.#first === undefined) this.#first = chunk
    else if (this.#rest === undefined) this.#rest = [this.#first, chunk]
    else this.#rest.push(chunk)
  }

  onResponseEnd(): void {
    const { about, accept } = this.#options
    const failure = statusFailure(about, this.#status, this.#headers, accept)
    if (failure) this.#fail(failure)
    else if (this.#settle()) this.#resolve(this.#answer())
  }

  #answer(): Answer {
    const { about, charset } = this.#options
    const body = this.#rest ? Buffer.concat(this.#rest, this.#size) : (this.#first ?? EMPTY)
    return new Answer(about, this.#status, this.#headers, body, charset)
  }

  /** A status that already tells the outcome outweighs a body that broke off. */
  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const { about, accept } = this.#options
    const told = this.#status === 0 ? undefined : statusFailure(about, this.#status, this.#headers, accept)
    this.#fail(told ?? connectionFailure(about, error, this.#controller !== undefined))
  }

  #tooLarge(controller: Dispatcher.DispatchController): void {
    const { about, accept, maxBytes } = this.#options
    const told = statusFailure(about, this.#status, this.#headers, accept)
    const failure = told ?? unrecognised(about, `answered more than ${maxBytes} bytes`, this.#status)
    this.#fail(failure)
    controller.abort(failure)
  }

  #fail(failure: AdapterFailure): void {
    if (this.#settle()) this.#reject(failure)
  }

  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    this.#options.signal.removeEventListener('abort', this)
    return true
  }
}

function stopped(): Error {
  return Object.assign(new Error('the attempt was stopped'), { code: 'ABORTED' })
}
