// SF's half of the protocol: the proof of origin that it checks, and its answers in their two layers.
// Written apart from the adapter on purpose: a simulator must not borrow the code it tests.

import { createHash, randomUUID } from 'node:crypto'

export interface SfForm {
  partnerID?: string
  requestID?: string
  serviceCode?: string
  timestamp?: string
  msgData?: string
  msgDigest?: string
  accessToken?: string
}

/** Base64(MD5(URLEncode(msgData + timestamp + checkword))), byte by byte as Java's URLEncoder does. */
export function digest(form: SfForm, checkword: string): string {
  const bytes = Buffer.from(`${form.msgData}${form.timestamp}${checkword}`, 'utf8')
  const encoded = [...bytes].map(encodedByte).join('')
  return createHash('md5').update(encoded, 'latin1').digest('base64')
}

function encodedByte(byte: number): string {
  const character = String.fromCharCode(byte)
  if (/[A-Za-z0-9.*_-]/.test(character)) return character
  return byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** The gateway itself refuses. */
export function gatewayRefusal(apiResultCode: string, apiErrorMsg: string) {
  return { apiErrorMsg, apiResponseID: responseId(), apiResultCode, apiResultData: null }
}

export type ServiceAnswer = { msgData: unknown } | { obj: unknown } | { errorCode: string; errorMsg: string }

/** A1000 around whatever the service says. */
export function passedOn(answer: ServiceAnswer) {
  const inner =
    'errorCode' in answer
      ? { success: false, ...answer, msgData: null }
      : 'obj' in answer
        ? { success: true, requestId: responseId(), ...answer }
        : { success: true, errorCode: 'S0000', errorMsg: null, ...answer }
  return {
    apiErrorMsg: '',
    apiResponseID: responseId(),
    apiResultCode: 'A1000',
    apiResultData: JSON.stringify(inner),
  }
}

const responseId = () => randomUUID().replaceAll('-', '').toUpperCase()
