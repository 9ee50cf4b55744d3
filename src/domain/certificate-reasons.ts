// Why an electronic certificate cannot be used and the document is asked for: the codes a platform is told, with their
// words for the applicant. Adapters of registries refuse with the same codes.

interface CertificateReason {
  zh: string
  en: string
}

export const certificateReasons = {
  'certificate-not-found': { zh: '证照库中未查到该电子证照', en: 'The registry has no such certificate' },
  'certificate-expired': { zh: '电子证照已过有效期', en: 'The certificate has expired' },
  'certificate-revoked': { zh: '电子证照已注销、撤销或失效', en: 'The certificate was revoked or cancelled' },
  'certificate-suspended': { zh: '电子证照处于暂扣状态', en: 'The certificate is suspended' },
  'certificate-restricted': { zh: '电子证照使用受限', en: 'The use of the certificate is restricted' },
  'certificate-not-activated': { zh: '电子证照尚未激活', en: 'The certificate is not activated yet' },
  'certificate-ambiguous': {
    zh: '查到多份同类有效证照，无法确定使用哪一份',
    en: 'There are several valid certificates of this type; which one is meant is not known',
  },
  'certificate-not-permitted': {
    zh: '本市未获准使用此类电子证照',
    en: 'The city may not use certificates of this type',
  },
  'certificate-not-published': {
    zh: '证照库未提供此类电子证照',
    en: 'The registry does not offer certificates of this type',
  },
  'certificate-not-authorised': {
    zh: '持证者尚未授权使用该电子证照',
    en: 'The holder has not allowed its use',
  },
  'certificate-holder-type': {
    zh: '证照库不支持申请人所用的证件类型',
    en: "The registry knows no holders with the applicant's type of document",
  },
  'certificate-holder-mismatch': {
    zh: '电子证照的持证者与申请人不一致',
    en: 'The certificate belongs to another holder than the applicant',
  },
  'certificate-not-obtained': {
    zh: '未能从证照库取得该电子证照，请上传证照扫描件',
    en: 'The certificate could not be had from its registry; please upload a scan',
  },
  'registry-unavailable': {
    zh: '证照库长时间无法访问，可先上传证照扫描件',
    en: 'The registry cannot be reached for a long time; a scan may be uploaded instead',
  },
} as const satisfies Record<string, CertificateReason>

/** A refusal with such a code speaks of the certificate; any other speaks of our question and is for an operator. */
export const concernsCertificate = (code: string): boolean => code.startsWith('certificate-')

/** The words of a code; of one that is not listed, the registry's own. */
export function reasonOf(code: string, told: string): CertificateReason {
  return Object.hasOwn(certificateReasons, code)
    ? certificateReasons[code as keyof typeof certificateReasons]
    : { zh: told, en: told }
}
