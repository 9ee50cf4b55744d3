// The printable label as 010004 answers it: an address of a PDF, or the PDF itself in Base64.
// An address is only told on, never fetched.

import type { Attempt, Questions } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { nested, text } from '../../src/adapter-kit/loose-json.ts'

/** Of the whole answer; a label is about 100 KiB. */
export const LABEL_MAX_BYTES = 8 * 1024 * 1024

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}$/

/** @throws AdapterFailure 'unrecognised' when it is neither */
export async function labelOf(
  body: unknown,
  waybill: string,
  attempt: Attempt,
): Promise<Questions['label']['answer']> {
  const said = text(nested(body) ?? body) ?? ''
  if (/^https?:\/\//i.test(said) && URL.canParse(said)) return { url: said }
  const pdf = BASE64.test(said.trimEnd()) ? Buffer.from(said, 'base64') : Buffer.alloc(0)
  if (pdf.subarray(0, 5).toString('latin1') !== '%PDF-') {
    throw new AdapterFailure('unrecognised', '面单既不是网址也不是 PDF (the label is neither URL nor PDF)')
  }
  const about = { fileName: `${waybill}.pdf`, mediaType: 'application/pdf', maxBytes: LABEL_MAX_BYTES }
  return attempt.files.store(pdf, about)
}
