// A government service platform of the city: makes submissions for its invented applicants, hears what becomes
// of them, and writes both down. Its books are what the gateway is judged by.

import type { Actor, CityContext } from '../actor.ts'
import { type Caller, createCaller } from '../caller.ts'
import { gatherApplicants } from './applicants.ts'
import { booksOf, count, isFinal, noteRefusal, openPlatformBook, type PlatformBooks } from './books.ts'
import { callbackRoutes, type News } from './callbacks.ts'
import { type OfferedTheme, readCatalogue } from './catalogue.ts'
import { createGatewayClient } from './gateway-client.ts'
import { type SubmitOrder, submit } from './submit.ts'
import { openWindows } from './windows.ts'

export type { PlatformBooks } from './books.ts'
export type { SubmitOrder } from './submit.ts'

interface PlatformOptions {
  /** The platform system's id: mounted under it. */
  id: string
  format: 'canonical' | 'county'
  /** Bearer token of its client. */
  token: string
  /** `whsec_` + Base64: checks the callbacks. */
  webhookSecret: string
  /** Bytes of the largest scan. Default 40 000. */
  largestFile?: number
  windowOf(division: string): { hall: string; window: string }
}

export interface Platform extends Actor {
  books(): PlatformBooks
  /** True once accepted, false when refused; rejects only when the city stops. */
  submit(order: SubmitOrder): Promise<boolean>
  /** What the gateway's catalogue offers; nothing when it cannot be read any more. */
  themes(): Promise<OfferedTheme[]>
  progress(): { accepted: number; refused: number; cases: number; finalCases: number }
}

const LARGEST_FILE = 40_000

export function createPlatform(context: CityContext, options: PlatformOptions): Platform {
  const book = openPlatformBook()
  const caller: Caller = createCaller()
  const gateway = createGatewayClient({
    gatewayUrl: context.gatewayUrl,
    token: options.token,
    caller,
    onRepeat: () => count(book, 'requestsTriedAgain'),
  })
  const applicants = gatherApplicants(context, gateway, book)
  const windows = openWindows(context, { gateway, book, windowOf: options.windowOf })
  const hear = (news: News): void => {
    applicants.hear(news)
    windows.hear(news)
  }
  const parts = {
    id: options.id,
    format: options.format,
    gateway,
    catalogue: readCatalogue(gateway),
    book,
    largestFile: options.largestFile ?? LARGEST_FILE,
    windowOf: options.windowOf,
    expectAppointment: (caseIds: readonly string[]) => applicants.expect(caseIds),
  }
  return {
    name: options.id,
    routes: (app) => callbackRoutes(app, { book, secret: options.webhookSecret, onNews: hear }),
    books: () => booksOf(book),
    async submit(order) {
      try {
        return await submit(parts, order)
      } catch (error) {
        noteRefusal(
          book,
          'refused',
          `${order.theme} ${order.mode}: ${error instanceof Error ? error.message : error}`,
        )
        return false
      }
    },
    themes: () => parts.catalogue.themes().catch(() => []),
    progress() {
      const known = [...book.cases.values()]
      const { accepted = 0, refused = 0 } = book.counts
      return { accepted, refused, cases: known.length, finalCases: known.filter(isFinal).length }
    },
    async stop() {
      caller.close()
    },
  }
}
