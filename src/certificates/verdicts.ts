// What a window is told of a certificate, in words. A registry's refusal that concerns the certificate is a verdict;
// anything else is a fault of the question or of the registry, and never looks like one.

import type { CertificateFacts, Title } from '../adapter-kit/contract.ts'
import type { AdapterFailure } from '../adapter-kit/failures.ts'

/** Every status of an answer. Adapters of registries refuse with `certificate-<verdict>`. */
export const verdicts = {
  valid: { zh: '有效', en: 'Valid' },
  expired: { zh: '已过期', en: 'Expired' },
  revoked: { zh: '已注销、撤销或失效', en: 'Revoked, cancelled or void' },
  suspended: { zh: '暂扣', en: 'Suspended' },
  restricted: { zh: '使用受限', en: 'Its use is restricted' },
  'not-activated': { zh: '尚未激活', en: 'Not activated yet' },
  unknown: { zh: '证照库未给出结论', en: 'The registry gave no verdict' },
  'not-found': { zh: '未查到证照', en: 'No such certificate' },
  ambiguous: { zh: '查到多份，无法确定', en: 'Several fit; which one is meant is not known' },
  'not-permitted': {
    zh: '本市未获准使用此类证照，请核验原件',
    en: 'The city may not use this type; verify the original',
  },
  'not-published': {
    zh: '证照库未提供此类证照，请核验原件',
    en: 'The registry does not offer this type; verify the original',
  },
  'not-authorised': { zh: '需持证者授权后查询', en: 'The holder has to allow it first' },
  'holder-type': {
    zh: '证照库不支持此类证件，请核验原件',
    en: 'The registry knows no holders with this kind of document; verify the original',
  },
  'holder-mismatch': {
    zh: '证照的持证者与所问不一致，请核验原件',
    en: 'It belongs to another holder; verify the original',
  },
} as const satisfies Record<string, Title>

export type Verdict = keyof typeof verdicts

/** The verdict in a refusal; undefined where it says nothing of the certificate. */
export function verdictIn(failure: AdapterFailure): Verdict | undefined {
  if (failure.kind !== 'rejected' || !failure.code?.startsWith('certificate-')) return undefined
  const word = failure.code.slice('certificate-'.length)
  return Object.hasOwn(verdicts, word) ? (word as Verdict) : undefined
}

/** One valid certificate is enough; otherwise the first one's standing is told. */
export function overall(found: readonly Pick<CertificateFacts, 'status'>[]): Verdict {
  const [first] = found
  if (first === undefined) return 'not-found'
  return found.some(({ status }) => status === 'valid') ? 'valid' : first.status
}
