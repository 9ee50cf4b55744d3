// The house format, read: answers and messages of a department. Pure; what is missing stays missing for the
// adapter to judge.

import { houseReport } from '../../../src/adapter-kit/house-reports.ts'
import type { AnswerReader, Codes, ListingDialect, MessageReader, PageReader } from '../dialect.ts'

interface HouseAnswer {
  code?: unknown
  message?: unknown
  data?: { projectNo?: unknown; status?: unknown; items?: unknown; cursor?: unknown; more?: unknown } | null
}

export const houseCodes: Codes = {
  '0': 'ok',
  '1006': 'duplicate',
  '1404': 'absent',
  '2*': 'refused',
  '4001': 'unauthorised',
}

export const readAnswer: AnswerReader = (answer) => said(answer as HouseAnswer | null)

const WITHDRAWN = '98'

/** A query after a withdrawal: it happened only if the case stands withdrawn. */
export const readWithdrawal: AnswerReader = (answer) => {
  const { data } = (answer ?? {}) as HouseAnswer
  return { ...said(answer as HouseAnswer | null), found: data?.status === WITHDRAWN }
}

function said(answer: HouseAnswer | null) {
  const { code, message, data } = answer ?? {}
  return {
    code: typeof code === 'string' ? code : '',
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof data?.projectNo === 'string' ? { reference: data.projectNo } : {}),
  }
}

/** A page of events or of cases: `data: { items, cursor, more }`. */
export const readPage: PageReader = (answer) => {
  const { items, cursor, more } = (answer as HouseAnswer | null)?.data ?? {}
  return {
    items: Array.isArray(items) ? items : undefined,
    ...(typeof cursor === 'string' && cursor !== '' ? { cursor } : {}),
    ...(typeof more === 'boolean' ? { more } : {}),
  }
}

export const readListed: ListingDialect['read'] = (item) => {
  const { outerNo, projectNo, status } = (item ?? {}) as Record<string, unknown>
  return { id: outerNo, reference: projectNo, ...(status === WITHDRAWN ? {} : { status }) }
}

export const readMessage: MessageReader = (message) => [message].flat().map(houseReport)
