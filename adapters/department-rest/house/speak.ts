// The house format, outgoing: canonical contents to requests. Pure, and by hand: it runs for every transfer.

import type { CaseContent, SupplementContent, WithdrawalContent } from '../../../src/adapter-kit/contract.ts'
import {
  type Carrying,
  houseCase,
  houseSupplement,
  houseWithdrawal,
} from '../../../src/adapter-kit/house-documents.ts'
import { CHINA_OFFSET } from '../../../src/adapter-kit/local-time.ts'
import type { DayAsked, PageAsked, Say, SpeechContext } from '../dialect.ts'

const BASE = '/api/v1/project'

const carrying =
  ({ carry }: SpeechContext): Carrying =>
  (file) => {
    const { url, base64 } = carry(file)
    return { url, content: base64 }
  }

export const submit: Say<CaseContent> = (content, context) => ({
  method: 'POST',
  path: `${BASE}/receive`,
  body: houseCase(content, CHINA_OFFSET, carrying(context)),
})

export const findSubmitted: Say<CaseContent | WithdrawalContent> = ({ caseId }) => ({
  method: 'GET',
  path: `${BASE}/query?outerNo=${encodeURIComponent(caseId)}`,
})

export const supplement: Say<SupplementContent> = (content, context) => ({
  method: 'POST',
  path: `${BASE}/supplement`,
  body: houseSupplement(content, carrying(context)),
})

export const findSupplement: Say<SupplementContent> = ({ caseId, round }) => ({
  method: 'GET',
  path: `${BASE}/supplement?outerNo=${encodeURIComponent(caseId)}&round=${round}`,
})

export const withdraw: Say<WithdrawalContent> = (content) => ({
  method: 'POST',
  path: `${BASE}/withdraw`,
  body: houseWithdrawal(content),
})

/** Events after a cursor; asking beyond them acknowledges them. */
export const askEvents: Say<PageAsked> = ({ cursor, pageSize }) => ({
  method: 'GET',
  path: `${BASE}/events?after=${encodeURIComponent(cursor)}&limit=${pageSize}`,
})

export const askListed: Say<DayAsked> = ({ day, cursor, pageSize }) => ({
  method: 'GET',
  path: `${BASE}/list?day=${day}&after=${encodeURIComponent(cursor)}&limit=${pageSize}`,
})

export const checkConnection: Say<unknown> = () => ({
  method: 'GET',
  path: `${BASE}/query?outerNo=connection-check`,
})
