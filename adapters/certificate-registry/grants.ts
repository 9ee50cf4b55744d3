// On what grounds a certificate is used: 依职能 (our function) or 依授权 (the holder allowed it, with a code).
// The wire names differ from province to province, so they are settings. A code must never reach a failure.

import type { CertificateGrant } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import type { GrantSettings } from './settings.ts'

/**
 * The members that tell the grant; none where neither the question nor the settings name one.
 * @throws AdapterFailure 'rejected', not sent, code `certificate-not-authorised`: the holder has yet to allow it
 */
export function grantFields(
  settings: GrantSettings,
  asked: CertificateGrant | undefined,
): Record<string, string> {
  const type = asked?.type ?? settings.type
  if (type === undefined) return {}
  const told = { [settings.typeField]: settings.typeCodes[type] }
  if (type === 'function') return told
  const code = asked?.authCode ?? settings.authCode
  if (code !== undefined && code !== '') return { ...told, [settings.codeField]: code }
  throw new AdapterFailure(
    'rejected',
    '依授权用证缺少持证者的授权码 (use by authorisation needs the holder’s code)',
    { sent: false, code: 'certificate-not-authorised' },
  )
}
