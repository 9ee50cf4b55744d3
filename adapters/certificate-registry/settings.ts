// The settings of one certificate registry as code sees them, and what is taken where they say nothing.
// The schema that validates them is in settings-schema.ts. Must hold no secret.

import type { CertificateGrant } from '../../src/adapter-kit/contract.ts'
import type { TlsOptions } from '../../src/adapter-kit/http.ts'

/** `settings:` of a system whose adapter is certificate-registry. */
export interface RegistrySettings {
  /** Given to the connection by the kit. */
  tls?: TlsOptions
  /** Scheme, host and mount point, without the context path. */
  baseUrl: string
  contextPath?: string
  accessId: string
  accessToken: string
  /** Format of the copy: `ofd` (GB/T 33190) or `png`. */
  fileType?: FileType
  /** Largest copy accepted, bytes. */
  maxFileBytes?: number
  copy?: Partial<CopySettings>
  /** Where temporary links may lead, beside `baseUrl`. */
  linkOrigins?: readonly string[]
  grant?: Partial<GrantSettings>
  /** How issued results are registered; absent: they are not. `{}` takes the usual names. */
  register?: Partial<RegisterSettings>
  /** Our holder code type to the registry's; laid over the usual ones. null: the registry does not know this type. */
  holderTypes?: Readonly<Record<string, string | null>>
  /** Certificate type asked about by `tongban system check`. */
  checkType?: { code: string; name: string }
}

type FileType = 'ofd' | 'png'

/** How a copy is fetched and for how long it is good. */
interface CopySettings {
  /**
   * `file`: the annotated copy (加注件) inside the answer; `link`: a temporary link to the plain copy;
   * `holder-links`: links asked for by holder, for registries that give none by identifier.
   */
  by: 'file' | 'link' | 'holder-links'
  /** Days from today until the annotation says that the copy lapses; absent: no end is asked for. */
  validForDays?: number
  /** How the registry writes that end. */
  expiryForm: 'date-time' | 'date' | 'compact'
  /** How long a temporary link lives, s. */
  linkLivesSeconds: number
  /** `expiryTime` of downloadUrl, as the registry wants it; absent: its own default. */
  linkExpiry?: string
}

/** 依职能 or 依授权: sent only where it is configured, or where a question brings a grant of its own. */
export interface GrantSettings {
  type?: CertificateGrant['type']
  /** A standing authorisation; those of one holder come with the question. */
  authCode?: string
  typeField: string
  codeField: string
  typeCodes: Readonly<Record<CertificateGrant['type'], string>>
  in: 'head' | 'data'
}

/** The call that registers an issued certificate. Inferred: ask the registry for its own names. */
export interface RegisterSettings {
  /** Name of the call. */
  call: string
  identifierField: string
  recordField: string
  /** head.status of a certificate that it has already. */
  duplicateCode: string
}

export interface CompleteSettings {
  /** Address with context path, without a slash at the end. */
  url: string
  accessId: string
  accessToken: string
  fileType: FileType
  maxFileBytes: number
  copy: CopySettings
  grant: GrantSettings
  register?: RegisterSettings
  holderTypes: Readonly<Record<string, string | null>>
  checkType: { code: string; name: string }
}

export const CONTEXT = '/CertShare'
export const DEFAULT_FILE_BYTES = 20 * 1024 * 1024
export const CHECK_TYPE = { code: '11100000000013338W011', name: '建筑施工企业安全生产许可证' }
export const copyDefaults: CopySettings = { by: 'file', expiryForm: 'date-time', linkLivesSeconds: 600 }
export const grantDefaults: GrantSettings = {
  typeField: 'grantType',
  codeField: 'authCode',
  typeCodes: { function: 'function', authorization: 'authorization' },
  in: 'data',
}

export const registerDefaults: RegisterSettings = {
  call: 'registerCertInfo',
  identifierField: 'certIdentifier',
  recordField: 'certData',
  duplicateCode: '31',
}

export function complete(given: RegistrySettings): CompleteSettings {
  return {
    url: given.baseUrl.replace(/\/+$/, '') + (given.contextPath ?? CONTEXT),
    accessId: given.accessId,
    accessToken: given.accessToken,
    fileType: given.fileType ?? 'ofd',
    maxFileBytes: given.maxFileBytes ?? DEFAULT_FILE_BYTES,
    copy: { ...copyDefaults, ...given.copy },
    grant: { ...grantDefaults, ...given.grant },
    ...(given.register ? { register: { ...registerDefaults, ...given.register } } : {}),
    holderTypes: given.holderTypes ?? {},
    checkType: given.checkType ?? CHECK_TYPE,
  }
}
