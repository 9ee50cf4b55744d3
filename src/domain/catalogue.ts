// The catalogue as the domain sees it: themes that bundle matters, and what each matter asks for.
// Loaded from config/matters and validated in src/catalogue; frozen; a submission keeps its version.

export interface Names {
  zh: string
  en: string
}
export type Mode = 'online' | 'agent' | 'appointment'
export type MaterialSource = 'upload' | 'certificate' | 'shared' | 'paper'

export interface Catalogue {
  /** Content hash of the files it was read from, short; kept on every submission. */
  version: string
  effectiveFrom: string
  themes: ReadonlyMap<string, Theme>
  matters: ReadonlyMap<string, Matter>
  divisions: ReadonlyMap<string, Division>
  departments: ReadonlyMap<string, Department>
  certificateTypes: ReadonlyMap<string, CertificateType>
}

export interface Division {
  code: string
  name: Names
  /** Old codes still accepted. */
  aliases: string[]
}

export interface Department {
  code: string
  name: Names
  /** 统一社会信用代码, where known. */
  uscc?: string
}

export interface CertificateType {
  code: string
  name: Names
  registry: string
  /** Results of this type are registered there, where it can be done. */
  registers?: boolean
}

export interface Theme {
  code: string
  name: Names
  applicant: 'person' | 'organisation' | 'any'
  modes: Mode[]
  situations: Situation[]
  /** JSON Schema of `form`; undefined accepts any object. */
  form?: Record<string, unknown>
  matters: ThemeMatter[]
}

/** A question whose answer chooses matters and materials. */
export interface Situation {
  code: string
  question: Names
  type: 'boolean' | 'choice'
  choices?: { value: string; name: Names }[]
  required: boolean
  default?: boolean | string
}

export interface ThemeMatter {
  matter: string
  /** Codes of matters of the same theme that must be approved first; a DAG. */
  after: string[]
  when?: Condition
  /** Case is optional for the submission's success when true. */
  optional?: boolean
}

/** All given situations must equal the given value (or be one of the list). */
export type Condition = Readonly<Record<string, boolean | string | readonly string[]>>

export interface Matter {
  code: string
  name: Names
  /** 基本编码 (12), 实施编码 (31), 业务办理项编码 (33), where published. */
  catalogCode?: string
  taskCode?: string
  handleItem?: string
  department: string
  /** Which system decides it, per home division; '*' for all others. */
  systems: ReadonlyMap<string, string>
  modes: Mode[]
  /** Working (G) or natural (Z) days. */
  legalLimit: Limit
  promisedLimit: Limit
  /** From the approval until the result is issued; absent: as the settings say. */
  issuanceLimit?: Limit
  /** Of a special procedure (听证, 检验, 鉴定 …) for which the department names no limit; absent: as the settings say. */
  specialProcedureLimit?: Limit
  results: MatterResult[]
  materials: MatterMaterial[]
  /** Notices of correction in one stage (一次性告知); one more is told as repeated. */
  corrections?: { max: number }
  /** Appointment mode: whether the case starts when the slot is booked or when the applicant attended. */
  startsWhen: 'booked' | 'attended'
}
export interface Limit {
  days: number
  unit: 'G' | 'Z'
}
export interface MatterResult {
  name: Names
  type: 'electronic' | 'paper'
  certificateType?: string
}

/** One result of another matter: by its place in the matter's list (from 1), or by its certificate type. */
export interface ResultSource {
  matter: string
  result: number | string
}

export interface MatterMaterial {
  code: string
  name: Names
  when?: Condition
  required: boolean
  sources: MaterialSource[]
  form: 'original' | 'copy' | 'electronic'
  mediaTypes: string[]
  maxBytes: number
  certificateType?: string
  /** When the source is a certificate and none is found or the registry is down for long, ask for an upload. */
  uploadInstead: boolean
  /** A window may verify the original on the department's behalf. */
  windowMayVerify: boolean
  /** Paper: whether the case waits for the paper to arrive before it is dispatched. */
  holdsCase: boolean
  /** Where that matter is done in the same theme, its result is this material and nobody is asked for it. */
  from?: ResultSource
  /** How long it may be used again once a department accepted it; absent: not at all. */
  reusableFor?: { days: number }
}
