// Generated from schemas/**/*.schema.json by `npm run generate`. Do not edit: change the schema instead.

// ---- case.schema.json

/**
 * 办件：一次申办中的一个事项，由一个部门办理。A case: one matter of one submission, decided by one department; answered by GET /v1/cases/{id}.
 */
export interface CaseDocument {
  /**
   * 办件编号。Id of the case.
   */
  caseId: string
  /**
   * 申办编号。Id of the submission.
   */
  submissionId: string
  /**
   * 平台自己的申办编号。The platform's own number.
   */
  externalId: string
  /**
   * 主题编码。Code of the theme.
   */
  theme: string
  /**
   * 事项编码。Code of the matter.
   */
  matter: string
  /**
   * 事项名称。Name of the matter.
   */
  matterName?: string
  /**
   * 办理该事项的对接系统。The system that decides it.
   */
  system: string
  /**
   * 办理方式。Mode.
   */
  mode: 'online' | 'agent' | 'appointment'
  /**
   * 收件地行政区划代码。Where it was submitted.
   */
  division: string
  /**
   * 属地行政区划代码。Where it is decided.
   */
  homeDivision: string
  /**
   * 办件状态。State of the case.
   */
  state:
    | 'pending'
    | 'dispatched'
    | 'pre-review-returned'
    | 'accepted'
    | 'correction-requested'
    | 'special-procedure'
    | 'reviewing'
    | 'approved'
    | 'denied'
    | 'issued'
    | 'rejected'
    | 'withdrawn'
    | 'terminated'
    | 'closed'
  /**
   * 为 true 时，该事项不影响申办的整体结果；否则不出现。The submission succeeds without it; absent otherwise.
   */
  optional?: boolean
  /**
   * 部门的办件编号。The department's number for the case.
   */
  reference?: string
  /**
   * 不予受理、不通过或终止的原因，写给申请人。Why it was refused or ended, for the applicant.
   */
  reason?: string
  /**
   * 尚未派发时，正在等待什么。While pending: what it waits for.
   */
  waits?: CaseWait[]
  appointment?: CaseAppointment
  /**
   * 逾期未补正而终止时：补正的最后一日。The last day of the correction that nobody answered, where that ended the case.
   */
  supplementDueOn?: string
  /**
   * 补正轮次。Rounds of correction so far.
   */
  round?: number
  /**
   * 当前要求补正的材料。Materials that the open correction asks for.
   */
  asked?: AskedMaterial[]
  result?: CaseResult
  /**
   * 好差评：已推送的服务记录及申请人的评价。Services that were recorded for the applicant's evaluation, and what was said.
   */
  services?: RatedService[]
  registration?: CaseRegistration
  deadline?: CaseDeadline
  stopped?: CaseStopped
  agent?: CaseAgent
  [k: string]: unknown
}

export interface CaseWait {
  /**
   * 等待的对象。What kind of thing.
   */
  for: 'case' | 'certificate' | 'recheck' | 'result' | 'supplement' | 'paper' | 'attendance'
  /**
   * 前序办件。The case it comes after.
   */
  id?: string
  /**
   * 材料编码；paper 未邮寄时，为须自行送交的纸质材料。Code of the material; of a paper, where it is brought by hand and no parcel fetches it.
   */
  material?: string
  /**
   * 邮件编号。Id of the parcel.
   */
  parcel?: string
  /**
   * 证照库恢复后先取得证照亦可。The certificate itself will do, if the registry answers first.
   */
  orCertificate?: boolean
  [k: string]: unknown
}

/**
 * 预约情况。The appointment, in appointment mode.
 */
export interface CaseAppointment {
  /**
   * 时段编号。Id of the slot.
   */
  slot?: string
  /**
   * booked 已约，attended 已到场，missed 未到场，cancelled 已取消。How it stands.
   */
  state: 'booked' | 'attended' | 'missed' | 'cancelled'
  /**
   * 时段开始时间，时段编号或预约人未说明时间的没有。When the slot begins, where its id or whoever booked it said so.
   */
  startsAt?: string
  /**
   * 预约日已过，无人登记是否到场。Its day has passed, and nobody said whether the applicant came.
   */
  unreported?: boolean
  [k: string]: unknown
}

export interface AskedMaterial {
  /**
   * 材料编码。Code of the material.
   */
  code: string
  /**
   * 补正原因。Why.
   */
  reason: string
  /**
   * 英文说明。In English, where the gateway asks.
   */
  message?: string
  /**
   * 中文说明。In Chinese, where the gateway asks.
   */
  messageZh?: string
  [k: string]: unknown
}

/**
 * 办理结果。The result.
 */
export interface CaseResult {
  /**
   * electronic 电子，paper 纸质。Electronic or paper.
   */
  type: 'electronic' | 'paper'
  /**
   * 证照名称。Name of the certificate.
   */
  name: string
  /**
   * 证照编号。Its number.
   */
  number?: string
  /**
   * 证照目录代码。Certificate type.
   */
  certificateType?: string
  /**
   * 电子证照标识。Electronic certificate identifier.
   */
  identifier?: string
  [k: string]: unknown
}

export interface RatedService {
  /**
   * 第几次服务。1 for the first of the case.
   */
  number: number
  /**
   * 服务环节。The event with which it ended.
   */
  event: string
  /**
   * 服务时间。When.
   */
  at: string
  /**
   * 评价系统。The rating system.
   */
  system: string
  /**
   * 推送时已知的受理时间。When its case was accepted, as was known by then.
   */
  acceptedAt?: string
  evaluation?: ServiceEvaluation
  /**
   * 追评。What was said later.
   */
  additions?: ServiceEvaluation[]
  [k: string]: unknown
}

/**
 * 申请人的评价，原样保存。What an applicant said of a service, as it was told.
 */
export interface ServiceEvaluation {
  /**
   * 1 非常不满意 … 5 非常满意。From 1, very dissatisfied, to 5, very satisfied.
   */
  satisfaction: number
  /**
   * 所选评价项的代码。Codes of the points that were ticked.
   */
  details?: string[]
  /**
   * 文字评价。In the applicant's words.
   */
  text?: string
  /**
   * 评价渠道，评价系统的代码。Through which channel, by the rating system's own code.
   */
  channel?: string
  /**
   * 评价时间。When.
   */
  at: string
  [k: string]: unknown
}

/**
 * 办理结果在证照库的登记。Its result in the registry of its certificate type.
 */
export interface CaseRegistration {
  /**
   * 证照库。The registry.
   */
  registry: string
  /**
   * 证照类型代码。Certificate type.
   */
  certificateType: string
  /**
   * 签发日期。Day of issue.
   */
  issuedOn: string
  /**
   * asked 已请求登记，registered 已登记，given-up 已放弃登记。
   */
  state: 'asked' | 'registered' | 'given-up'
  /**
   * 电子证照标识。Electronic certificate identifier.
   */
  identifier?: string
  /**
   * 登记时间。When.
   */
  registeredAt?: string
  [k: string]: unknown
}

/**
 * 正在计时的期限。The limit that runs now.
 */
export interface CaseDeadline {
  /**
   * 何种期限。Which limit.
   */
  of: 'acceptance' | 'decision' | 'issuance' | 'supplement' | 'special-procedure' | 'appointment'
  /**
   * G 工作日，Z 自然日。Working or natural days.
   */
  unit: 'G' | 'Z'
  /**
   * 期限天数。The limit, in days.
   */
  days: number
  /**
   * 起算日。The day it runs from.
   */
  from: string
  /**
   * 黄牌日。Yellow card on.
   */
  warnOn: string
  /**
   * 到期日。Its last day.
   */
  dueOn: string
  /**
   * 已亮的牌：yellow 黄牌，red 红牌；未亮则没有。The card shown so far; absent until one is.
   */
  card?: 'yellow' | 'red'
  /**
   * 红牌后已上报的级别。How far it has been escalated since its red card.
   */
  level?: number
  /**
   * 下次上报日。The day of the next escalation.
   */
  escalateOn?: string
  [k: string]: unknown
}

/**
 * 暂停的部门期限。The department's limit, while something holds it up.
 */
export interface CaseStopped {
  /**
   * 何种期限。Which limit.
   */
  of: 'acceptance' | 'decision' | 'issuance' | 'supplement' | 'special-procedure' | 'appointment'
  /**
   * G 工作日，Z 自然日。Working or natural days.
   */
  unit: 'G' | 'Z'
  /**
   * 剩余天数。Days left.
   */
  daysLeft: number
  /**
   * 已亮的牌：yellow 黄牌，red 红牌；未亮则没有。The card shown so far; absent until one is.
   */
  card?: 'yellow' | 'red'
  /**
   * 红牌后已上报的级别。How far it has been escalated since its red card.
   */
  level?: number
  [k: string]: unknown
}

/**
 * 代办窗口。The window that goes on with the case.
 */
export interface CaseAgent {
  /**
   * 大厅编码。Code of the hall.
   */
  hall: string
  /**
   * 窗口编号。Code of the window.
   */
  window: string
  /**
   * 窗口人员姓名或工号。Name or number of the clerk.
   */
  clerk: string
  [k: string]: unknown
}

// ---- certificate-answer.schema.json

/**
 * 证照库此刻的答复。What the registry says now.
 */
export interface CertificateAnswer {
  /**
   * 证照库系统标识。Id of the registry's system.
   */
  registry: string
  /**
   * 证照类型代码。Certificate type.
   */
  certificateType: string
  /**
   * 查询时间。When it was asked.
   */
  queriedAt: string
  /**
   * 总体结论；有一份有效即为 valid。The verdict; valid when one certificate is.
   */
  status:
    | 'valid'
    | 'expired'
    | 'revoked'
    | 'suspended'
    | 'restricted'
    | 'not-activated'
    | 'unknown'
    | 'not-found'
    | 'ambiguous'
    | 'not-permitted'
    | 'not-published'
    | 'not-authorised'
    | 'holder-type'
    | 'holder-mismatch'
  /**
   * 结论的含义。The verdict in words.
   */
  meaning: {
    /**
     * 中文。Chinese.
     */
    zh: string
    /**
     * 英文。English.
     */
    en: string
  }
  /**
   * 证照库给出的证照。Certificates that the registry tells of.
   */
  certificates: {
    /**
     * 证照标识。Identifier.
     */
    identifier: string
    /**
     * 证照类型代码。Type.
     */
    type: string
    /**
     * 证照名称。Name.
     */
    name: string
    /**
     * 证照编号。Number.
     */
    number: string
    /**
     * 持证主体。Holder.
     */
    holder: string
    /**
     * 状态。Where it stands.
     */
    status: 'valid' | 'expired' | 'revoked' | 'suspended' | 'restricted' | 'not-activated' | 'unknown'
    /**
     * 颁发机构。Issuer.
     */
    issuer?: string
    /**
     * 有效期起。First day.
     */
    validFrom?: string
    /**
     * 有效期止。Last day.
     */
    validUntil?: string
  }[]
}

// ---- certificate-query.schema.json

/**
 * 窗口在线核验电子证照：按持证者、按证照标识或按二维码，三者选一。Online verification of an electronic certificate at a window: by holder, by identifier or by QR code.
 */
export type CertificateQuery = {
  /**
   * 窗口所在区划。Division of the window that asks.
   */
  division: string
  /**
   * 用证事由，随查询送证照库并留痕。Why it is looked at; the registry keeps it.
   */
  purpose: string
  /**
   * 证照类型代码（GB/T 36904）。Certificate type.
   */
  certificateType?: string
  /**
   * 持证者。Who holds it.
   */
  holder?: {
    /**
     * 姓名或名称。Name.
     */
    name: string
    /**
     * 证件类型代码：111 公民身份号码，001 统一社会信用代码。Holder code type.
     */
    idType: string
    /**
     * 证件号码。Number.
     */
    idNumber: string
  }
  /**
   * 证照标识（GB/T 36904）。Identifier of the certificate.
   */
  identifier?: string
  /**
   * 证照二维码的内容。Content of its QR code.
   */
  qrcode?: string
  /**
   * 持证者授权码（依授权用证）。Code by which the holder allows the use; without it, use by function.
   */
  authCode?: string
} & {
  [k: string]: unknown
}

// ---- checklist.schema.json

/**
 * What exactly has to be submitted (按标提交、照单收件), as GET /v1/themes/{code}/checklist answers it. 申办材料清单
 */
export interface ChecklistAnswer {
  /**
   * Code. 主题代码
   */
  theme: string
  name: NameInBoth
  /**
   * Where it is decided. 属地
   */
  homeDivision: {
    code: string
    name: NameInBoth
  }
  /**
   * 办理方式
   */
  mode: 'online' | 'agent' | 'appointment'
  /**
   * Answers, with defaults. 情形答案
   */
  situations: {
    [k: string]: boolean | string
  }
  /**
   * 事项
   */
  matters: {
    /**
     * Code. 事项代码
     */
    matter: string
    name: NameInBoth
    department: NameInBoth
    mode: 'online' | 'agent' | 'appointment'
    /**
     * 前置事项
     */
    after: string[]
    optional: boolean
    legalLimit: TimeLimit
    promisedLimit: TimeLimit
    /**
     * 办理结果
     */
    results: Outcome[]
  }[]
  /**
   * 材料
   */
  materials: {
    /**
     * Code. 材料代码
     */
    code: string
    name: NameInBoth
    required: boolean
    /**
     * 来源
     */
    sources: ('upload' | 'certificate' | 'shared' | 'paper')[]
    form: 'original' | 'copy' | 'electronic'
    /**
     * 文件类型
     */
    mediaTypes: string[]
    /**
     * Bytes. 字节
     */
    maxBytes: number
    certificateType?: string
    uploadInstead: boolean
    windowMayVerify: boolean
    holdsCase: boolean
    /**
     * Matters that use it. 使用该材料的事项
     */
    matters: string[]
    /**
     * How long it may be used again once accepted. 采信后可再次使用的期限
     */
    reusableFor?: {
      /**
       * Days. 天数
       */
      days: number
    }
  }[]
  /**
   * Materials that nobody has to give: results of other matters of the theme. 由同一主题其他事项的办理结果提供、无需提交的材料
   */
  results: ChecklistResult[]
  /**
   * JSON Schema of the form. 表单
   */
  form?: {
    [k: string]: unknown
  }
  /**
   * Halls that may take what does not go online, for each such mode. 不走网办的事项可受理的大厅，按办理方式列出
   */
  places: {
    /**
     * Handled there in this mode. 办理方式
     */
    mode: 'agent' | 'appointment'
    /**
     * The matters of that mode. 以该方式办理的事项
     */
    matters: string[]
    /**
     * Hall. 大厅编号
     */
    code: string
    name: NameInBoth
    division: string
    address: string
    phone: string
    /**
     * Windows that may take all these matters today. 今日可受理上述全部事项的窗口
     */
    windows: string[]
  }[]
  /**
   * Of the catalogue. 清单版本
   */
  version: string
}

/**
 * In both languages. 中英文名称
 */
export interface NameInBoth {
  zh: string
  en: string
}

/**
 * G working days, Z natural days. G 工作日，Z 自然日
 */
export interface TimeLimit {
  days: number
  unit: 'G' | 'Z'
}

/**
 * What the applicant receives. 办理结果
 */
export interface Outcome {
  name: NameInBoth
  type: 'electronic' | 'paper'
  certificateType?: string
}

export interface ChecklistResult {
  /**
   * Code. 材料代码
   */
  code: string
  name: NameInBoth
  /**
   * Matter whose result it is. 产生该结果的事项
   */
  from: string
  certificateType?: string
  /**
   * Matters that use it. 使用该材料的事项
   */
  matters: string[]
}

// ---- config/calendar.schema.json

/**
 * config/calendar/<year>.yaml: days off and make-up days of one year. 一年的放假与调休安排
 */
export interface CalendarFile {
  /**
   * Year. 年份
   */
  year: number
  /**
   * Where it was published. 公布文件
   */
  source: string
  /**
   * Holidays, both ends included. 放假安排（含首尾）
   */
  daysOff: {
    /**
     * In both languages. 中英文名称
     */
    name: {
      /**
       * Chinese name. 中文名称
       */
      zh: string
      /**
       * English name. 英文名称
       */
      en: string
    }
    /**
     * A day. 日期
     */
    from: string
    /**
     * A day. 日期
     */
    to: string
  }[]
  /**
   * Saturdays and Sundays that are worked. 调休上班日
   *
   * Items: A day. 日期
   */
  workingDays: string[]
}

// ---- config/gateway.schema.json

/**
 * config/gateway.yaml: the gateway itself, and who may call it. The environment overrides http, engines and log. 网关自身的配置及允许调用的客户端；环境变量优先
 */
export interface GatewayFile {
  /**
   * Where the gateway listens. 监听设置
   */
  http?: {
    /**
     * Address to listen on. 监听地址
     */
    host?: string
    /**
     * Port; 0 takes any free one. 端口；0 表示任意空闲端口
     */
    port?: number
    /**
     * Base of the links handed out; default http://host:port. 对外链接的根地址
     */
    publicUrl?: string
    /**
     * Reverse proxies (addresses, or ranges such as 10.0.0.0/8) whose X-Forwarded-For, -Proto and -Host are believed. 可信反向代理的地址或网段，仅采信其 X-Forwarded-* 头
     *
     * @maxItems 100
     */
    trustedProxies?: string[]
  }
  /**
   * Engines; the environment is the usual place. 底层引擎，通常由环境变量给出
   */
  engines?: {
    /**
     * PostgreSQL URL; absent: the embedded one. PostgreSQL 连接地址；缺省使用内置数据库
     */
    database?: string
    /**
     * Redis URL; absent: queues on the database. Redis 连接地址；缺省使用数据库队列
     */
    redis?: string
    /**
     * file: URL of the folder for files; absent: under the data folder. 材料文件目录的 file: 地址
     */
    materials?: string
  }
  /**
   * Logging. 日志
   */
  log?: {
    /**
     * Least important line that is written. 日志级别
     */
    level?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
  }
  /**
   * What one request may ask of the gateway. 单个请求的限制
   */
  limits?: {
    /**
     * Largest file. 单个文件上限（字节）
     */
    maxFileBytes?: number
    /**
     * Largest JSON body. JSON 请求体上限（字节）
     */
    maxBodyBytes?: number
    /**
     * Most parts of a multipart submission. 多部分申办的最多部分数
     */
    maxParts?: number
    /**
     * A request whose body does not go on for this long is answered 408, and one that is no file or form when it then comes at less than 1 KiB/s. 请求体停止到达多少秒后以 408 结束；非文件、表单的请求体此后慢于每秒 1 KiB 时亦同
     */
    stalledBodySeconds?: number
    /**
     * SM3 beside SHA-256 for stored files. 文件同时计算 SM3
     */
    sm3?: boolean
  }
  /**
   * Limits that no matter names, and when a warning is due. 时限与红黄牌
   */
  deadlines?: {
    /**
     * Working days in which a department accepts or refuses. 受理时限（工作日）
     */
    acceptanceDays?: number
    /**
     * Working days for a correction without a limit of its own. 补正时限（工作日）
     */
    supplementDays?: number
    /**
     * Working days from an approval until its result is issued, where the matter has no issuanceLimit. 决定后颁发证件的时限（工作日），事项可用 issuanceLimit 另定
     */
    issuanceDays?: number
    /**
     * Working days for a special procedure, where neither the department nor the matter's specialProcedureLimit says otherwise. 特别程序时限（工作日），部门报送或事项 specialProcedureLimit 另定的除外
     */
    specialProcedureDays?: number
    /**
     * Working days to book again after an appointment that was missed or cancelled, or to report on one that nobody reported on, where the case waits for the applicant to come. 爽约或取消后重新预约、逾期未登记到场的补登时限（工作日）
     */
    appointmentDays?: number
    /**
     * Share of a limit after which the yellow card is shown. 黄牌阈值（占时限比例）
     */
    warnShare?: number
    /**
     * Working days after a limit has passed on which its red card is escalated: one level each. 红牌后逐级上报的工作日数
     *
     * @maxItems 9
     */
    escalation?: number[]
    /**
     * When a correction is not answered in time: terminate the case, or show the red card alone. 逾期未补正：terminate 终止办理，none 仅亮红牌
     */
    supplementTimeout?: 'terminate' | 'none'
    /**
     * When nobody books again in time: terminate the case (appointment-missed), or show the red card alone. 逾期未重新预约：terminate 终止办理（appointment-missed），none 仅亮红牌
     */
    appointmentTimeout?: 'terminate' | 'none'
  }
  /**
   * Electronic certificates: how long a verification is good, and how long a registry may be out of reach. 电子证照核验时效与证照库不可用时的处理
   */
  certificates?: {
    /**
     * Verified longer ago, it is verified again before its case goes out. 核验超过该小时数，派发前重新核验
     */
    maxAgeHours?: number
    /**
     * Out of reach for so long, an upload will do where the catalogue allows. 证照库不可用超过该小时数，可改为上传
     */
    uploadAfterHours?: number
  }
  /**
   * Working days for which anybody may hold a paper before an alarm; 0 is not watched. 纸质材料在各环节停留的时限（工作日），0 表示不监测
   */
  custody?: {
    /**
     * Until the carrier has fetched what an applicant sends, or a paper that a case waits for is brought by hand; after that the applicant is asked for it. 申请人交寄，或自行送交办件所等待的纸质材料；逾期即要求补交
     */
    applicantDays?: number
    /**
     * Until a window has sent on what it took in. 窗口寄出
     */
    windowDays?: number
    /**
     * Until the carrier has delivered. 寄递送达
     */
    carrierDays?: number
    /**
     * Until a department has sent a result on paper. 部门寄出结果
     */
    departmentDays?: number
    /**
     * Until a department has confirmed what the carrier says it delivered; 0 where departments do not. 部门确认签收
     */
    receiptDays?: number
  }
  /**
   * The city that this gateway serves, by its names in GB/T 2260: a postal address that names neither province nor city lies in it. Needed where postal/ has contracts. 所服务的城市（GB/T 2260 名称）：未写省市的邮寄地址视为本市；有邮寄合同时必填
   */
  city?: {
    /**
     * 河南省, 内蒙古自治区; of a municipality its own name (北京市). 省、自治区；直辖市填其本名
     */
    province: string
    /**
     * 开封市, 延边朝鲜族自治州. 市、自治州、盟
     */
    name: string
  }
  /**
   * The calendar of working days. 工作日历
   */
  calendar?: {
    /**
     * From this day of the year (MM-dd) a missing calendar of the next one is warned of. 每年自该日起提示缺少次年日历
     */
    warnFrom?: string
  }
  /**
   * Good-or-bad rating: where each service is recorded, so that the applicant is asked how it was. 好差评：服务记录推送到哪里
   */
  rating?: {
    /**
     * A system whose adapter is of kind rating. 评价系统
     */
    system: string
    /**
     * With which events of a case a service ends; a case's end is recorded once. 在哪些环节推送服务记录；办结只推送一次
     *
     * @minItems 1
     *
     * Items: An event. 环节
     */
    events?: (
      | 'case.accepted'
      | 'case.issued'
      | 'case.denied'
      | 'case.rejected'
      | 'case.withdrawn'
      | 'case.terminated'
      | 'case.closed'
    )[]
  }
  /**
   * What the gateway looks after by itself. 监察
   */
  supervision?: {
    /**
     * When yesterday is compared with every system that can answer, China's time; off for never. 每日对账时间（北京时间），off 为不对账
     */
    reconcileAt?: string
    /**
     * Counts below this are not shown in statistics, lest they tell of a person. 统计中小于该值的数不公开
     */
    smallestCount?: number
  }
  /**
   * Machines that may call. 允许调用的系统
   */
  clients?: {
    /**
     * Name of the client in logs and audit. 客户端标识
     */
    id: string
    /**
     * Live bearer tokens; two while rotating. 有效令牌；轮换期间可有两个
     *
     * @minItems 1
     * @maxItems 5
     *
     * Items: One live bearer token, given as {env: NAME}, {file: path}, or only its SHA-256. 一个有效令牌：{env: 环境变量名}、{file: 文件路径}，或仅其 SHA-256
     */
    tokens: {
      /**
       * Name of the environment variable that holds it. 存放令牌的环境变量名
       */
      env?: string
      /**
       * File that holds it, relative to the configuration folder. 存放令牌的文件，相对于配置目录
       */
      file?: string
      /**
       * SHA-256 of the token, so that the token itself is nowhere on this machine. 令牌的 SHA-256 摘要
       */
      sha256?: string
    }[]
    /**
     * What it may do. 权限范围
     *
     * @minItems 1
     */
    scopes: (
      | 'submissions:write'
      | 'submissions:read'
      | 'materials:write'
      | 'catalogue:read'
      | 'systems:events'
      | 'systems:inbox'
      | 'certificates:query'
      | 'carriers:tracking'
      | 'appointments:write'
      | 'metrics:read'
    )[]
    /**
     * Divisions it may act for: it submits there, and reads and moves what was handed in there; ['*'] for all. 可代表的行政区划：可在其中提交，并查询、办理在其中收件的申办；['*'] 为全部
     *
     * @minItems 1
     *
     * Items: A division. 行政区划
     */
    divisions: string[]
    /**
     * How many requests it may make in so many seconds, of each process; more are answered with 429. 每个进程在若干秒内允许的请求数，超出时返回 429
     */
    rate?: {
      /**
       * Requests. 请求数
       */
      requests: number
      /**
       * Seconds. 秒数
       */
      seconds: number
    }
    /**
     * The platform system (config/systems) whose submissions it makes. 所属平台系统
     */
    platform?: string
  }[]
  /**
   * People who may enter the console. 控制台操作员
   */
  operators?: {
    /**
     * Login name. 登录名
     */
    id: string
    /**
     * Shown name. 显示名称
     */
    name: string
    /**
     * viewer reads, operator acts, admin also manages. 角色
     */
    role: 'viewer' | 'operator' | 'admin'
    /**
     * From `tongban keys password`. While it is left out, or is optional: true and not there, the account does not exist. 口令摘要，由 tongban keys password 生成；未填写，或 optional: true 且未提供时，该账号不启用
     */
    passwordHash?: string
  }[]
}

// ---- config/halls.schema.json

/**
 * config/halls/*.yaml: service halls and what their windows are authorised to collect and accept (充分授权). 政务大厅及窗口授权
 */
export interface HallsFile {
  /**
   * 大厅
   *
   * @minItems 1
   */
  halls: {
    /**
     * Division and number. 大厅编号
     */
    code: string
    /**
     * In both languages. 中英文名称
     */
    name: {
      /**
       * Chinese name. 中文名称
       */
      zh: string
      /**
       * English name. 英文名称
       */
      en: string
    }
    /**
     * Where it is. 所在区划
     */
    division: string
    /**
     * Address. 地址
     */
    address: string
    /**
     * Telephone. 电话
     */
    phone: string
    /**
     * 窗口
     *
     * @minItems 1
     *
     * Items: collects with from and to is the short form of one authorisation to collect. 窗口；collects 与 from、to 为收件授权的简写
     */
    windows: {
      /**
       * Window number, in quotes. 窗口号（加引号）
       */
      code: string
      /**
       * Matters it may collect for other departments. 可代收的事项
       *
       * @minItems 1
       *
       * Items: Matter or *. 事项代码或 *
       */
      collects?: string[]
      /**
       * First day of the authorisation. 授权起始日
       */
      from?: string
      /**
       * Last day of the authorisation. 授权截止日
       */
      to?: string
      /**
       * The matrix: what it may do with which matters, from when to when. 授权矩阵：事项、权限与期限
       *
       * @minItems 1
       *
       * Items: One authorisation. 一项授权
       */
      authorisations?: {
        /**
         * Matters it may take in for the department. 可收件的事项
         *
         * @minItems 1
         *
         * Items: Matter or *. 事项代码或 *
         */
        collect?: string[]
        /**
         * Matters it may take in and accept in the department's name. 可代部门受理（含收件）的事项
         *
         * @minItems 1
         *
         * Items: Matter or *. 事项代码或 *
         */
        accept?: string[]
        /**
         * First day of the authorisation. 授权起始日
         */
        from: string
        /**
         * Last day of the authorisation. 授权截止日
         */
        to: string
      }[]
    }[]
    /**
     * The slots it publishes, on working days, for those who come by appointment. 网上预约号源（工作日）
     *
     * @minItems 1
     *
     * Items: So many visitors at a time for some matters. 一类号源
     */
    appointments?: {
      /**
       * Part of each slot's id. 号源代码，构成时段编号
       */
      code: string
      /**
       * Matters that it is for; ['*'] for all that are done by appointment. 适用事项，['*'] 为全部可预约事项
       *
       * @minItems 1
       *
       * Items: Matter or *. 事项代码或 *
       */
      matters: string[]
      /**
       * Spans of the day, in China's time. 每日时段（北京时间）
       *
       * @minItems 1
       * @maxItems 10
       *
       * Items: From and to. 起止时间
       */
      hours: string[]
      /**
       * Length of a slot. 每个时段的分钟数
       */
      minutes: number
      /**
       * Visitors in one slot. 每个时段可预约人数
       */
      capacity: number
      /**
       * Days ahead that it may be booked. 可提前预约的天数
       */
      aheadDays?: number
      /**
       * Minutes that a slot is held before a submission confirms it. 号源保留的分钟数
       */
      holdMinutes?: number
    }[]
  }[]
}

// ---- config/matters.schema.json

/**
 * Any file under config/matters: each may hold any of these lists, all files together are the catalogue. config/matters 下的任一文件；所有文件合起来即事项清单
 */
export interface MattersFile {
  /**
   * First day of this catalogue; in one file only. 清单生效日期，仅在一个文件中填写
   */
  effectiveFrom?: string
  /**
   * 行政区划
   */
  divisions?: {
    /**
     * Six-digit code. 六位代码
     */
    code: string
    name: Names
    /**
     * Old codes still accepted. 仍接受的旧代码
     *
     * Items: Old code. 旧代码
     */
    aliases?: string[]
  }[]
  /**
   * 部门
   */
  departments?: {
    /**
     * Code. 代码
     */
    code: string
    name: Names
    /**
     * 统一社会信用代码
     */
    uscc?: string
  }[]
  /**
   * 电子证照类型
   */
  certificateTypes?: {
    /**
     * 21 characters: USCC of the defining body and 3 digits (GB/T 36904). 证照类型代码：18 位统一社会信用代码加 3 位数字
     */
    code: string
    name: Names
    /**
     * System that issues and verifies it. 提供该证照的系统
     */
    registry: string
    /**
     * Issued results of this type are registered in the registry. 办理结果签发后登记入证照库
     */
    registers?: boolean
  }[]
  /**
   * Materials that matters ask for: described once. 材料目录，事项从中引用
   */
  materials?: Material[]
  /**
   * 事项
   */
  matters?: Matter[]
  /**
   * 一件事主题
   */
  themes?: Theme[]
}

/**
 * In both languages. 中英文名称
 */
export interface Names {
  /**
   * Chinese name. 中文名称
   */
  zh: string
  /**
   * English name. 英文名称
   */
  en: string
}

/**
 * One document. 一份材料
 */
export interface Material {
  /**
   * Code. 材料代码
   */
  code: string
  name: Names
  /**
   * Where it may come from. 来源
   *
   * @minItems 1
   */
  sources: ('upload' | 'certificate' | 'shared' | 'paper')[]
  /**
   * What a paper or window must show. 原件、复印件或电子件
   */
  form?: 'original' | 'copy' | 'electronic'
  /**
   * Accepted files. 接受的文件类型
   *
   * @minItems 1
   *
   * Items: Media type. 媒体类型
   */
  mediaTypes?: string[]
  /**
   * Largest file. 文件大小上限（字节）
   */
  maxBytes?: number
  /**
   * 21 characters: USCC of the defining body and 3 digits (GB/T 36904). 证照类型代码：18 位统一社会信用代码加 3 位数字
   */
  certificateType?: string
  /**
   * Ask for an upload when no certificate is found. 查不到证照时可改为上传
   */
  uploadInstead?: boolean
  /**
   * A window may verify the original for the department. 窗口可代部门核验原件
   */
  windowMayVerify?: boolean
  /**
   * How long it may be used again by its holder once a department accepted it; absent: never. 部门采信后可再次使用的期限；不填则不可再次使用
   */
  reusableFor?: {
    /**
     * Days. 天数
     */
    days: number
  }
}

/**
 * One approval. 一个事项
 */
export interface Matter {
  /**
   * Code. 事项代码
   */
  code: string
  name: Names
  /**
   * 基本编码 (12)
   */
  catalogCode?: string
  /**
   * 实施编码 (31): USCC, level, 基本编码
   */
  taskCode?: string
  /**
   * 业务办理项编码 (33)
   */
  handleItem?: string
  /**
   * Department that decides. 主管部门
   */
  department: string
  /**
   * System that decides it: one for all divisions, or by division with '*' for all others. 办理系统：统一一个，或按区划分别指定
   */
  systems:
    | string
    | {
        [k: string]: string
      }
  /**
   * Divisions in which it cannot be applied for: every other one needs a system. 不办理该事项的行政区划，其余均须有办理系统
   *
   * @minItems 1
   *
   * Items: Six-digit code. 六位代码
   */
  notOffered?: string[]
  /**
   * online 全流程网办, agent 代收代办, appointment 网上预约. 办理方式
   *
   * @minItems 1
   */
  modes: ('online' | 'agent' | 'appointment')[]
  legalLimit: Limit
  promisedLimit: Limit
  issuanceLimit?: Limit
  specialProcedureLimit?: Limit
  /**
   * What the applicant receives. 办理结果
   */
  results?: {
    name: Names
    /**
     * electronic 电子, paper 纸质
     */
    type: 'electronic' | 'paper'
    /**
     * 21 characters: USCC of the defining body and 3 digits (GB/T 36904). 证照类型代码：18 位统一社会信用代码加 3 位数字
     */
    certificateType?: string
  }[]
  /**
   * What it asks for. 所需材料
   */
  materials?: Use[]
  /**
   * Notices of correction (一次性告知). 补正告知
   */
  corrections?: {
    /**
     * Most in one stage, before or after the acceptance; one more is told as repeated. Absent: as many as it likes. 受理前、后各阶段的补正告知次数上限，超出标记为重复告知；不填不限
     */
    max: number
  }
  /**
   * Appointment: the case starts when booked or when attended. 预约办理时何时启动
   */
  startsWhen?: 'booked' | 'attended'
}

/**
 * Time limit. 时限
 */
export interface Limit {
  /**
   * Number of days. 天数
   */
  days: number
  /**
   * G working days, Z natural days. G 工作日，Z 自然日
   */
  unit: 'G' | 'Z'
}

/**
 * A material as one matter asks for it. 事项所需材料
 */
export interface Use {
  /**
   * Code of the material. 材料代码
   */
  material: string
  when?: Condition
  /**
   * Must be given. 是否必交
   */
  required?: boolean
  /**
   * Where it may come from. 来源
   *
   * @minItems 1
   */
  sources?: ('upload' | 'certificate' | 'shared' | 'paper')[]
  /**
   * For this matter. 本事项是否允许窗口核验
   */
  windowMayVerify?: boolean
  /**
   * Paper: the case waits until it has arrived. 纸质材料寄达后才转办
   */
  holdsCase?: boolean
  /**
   * Where that matter is done in the same theme, its result is this material and the applicant is not asked for it. 同一主题含前置事项时，以其办理结果作为本材料，不再要求申请人提交
   */
  from?: {
    /**
     * Matter that comes before this one. 前置事项
     */
    matter: string
    /**
     * Which of its results: the number in its list, from 1, or a certificate type. 取其第几项结果（从 1 起），或证照类型代码
     */
    result?: number | string
  }
}

/**
 * All named situations have this value, or one of these. 各情形均为所给值（或其中之一）时适用
 */
export interface Condition {
  [k: string]: boolean | string | string[]
}

/**
 * 一件事主题
 */
export interface Theme {
  /**
   * Code. 主题代码
   */
  code: string
  name: Names
  /**
   * Who may apply. 申请人类型
   */
  applicant: 'person' | 'organisation' | 'any'
  /**
   * online 全流程网办, agent 代收代办, appointment 网上预约. 办理方式
   *
   * @minItems 1
   */
  modes: ('online' | 'agent' | 'appointment')[]
  /**
   * Questions. 情形
   */
  situations?: {
    /**
     * Code. 情形代码
     */
    code: string
    question: Names
    /**
     * boolean 是否, choice 单选
     */
    type: 'boolean' | 'choice'
    /**
     * 选项
     *
     * @minItems 2
     */
    choices?: {
      /**
       * Value. 取值
       */
      value: string
      name: Names
    }[]
    /**
     * Must be answered. 是否必答
     */
    required?: boolean
    /**
     * Answer when none is given. 默认答案
     */
    default?: boolean | string
  }[]
  /**
   * JSON Schema (2020-12) of the form. 表单的 JSON Schema
   */
  form?: {
    [k: string]: unknown
  }
  /**
   * 事项
   *
   * @minItems 1
   */
  matters: {
    /**
     * Code of the matter. 事项代码
     */
    matter: string
    /**
     * Matters that must be approved first. 前置事项
     *
     * Items: Matter. 事项
     */
    after?: string[]
    when?: Condition
    /**
     * The submission succeeds without it. 该事项不影响整体结果
     */
    optional?: boolean
  }[]
}

// ---- config/postal.schema.json

/**
 * config/postal/*.yaml: one division's contract with a carrier. 一个区划的邮寄合同
 */
export interface PostalFile {
  /**
   * Division. 行政区划
   */
  division: string
  /**
   * Carrier system of config/systems. 承运系统
   */
  system: string
  /**
   * System that follows its parcels, when the carrier does not report itself. 轨迹跟踪系统
   */
  tracker?: string
  /**
   * Policy document. 政策文件文号
   */
  documentNumber: string
  /**
   * Contract. 合同编号
   */
  contractNumber: string
  /**
   * 邮寄客户编号, in quotes. 邮寄客户编号（加引号）
   */
  customerNumber: string
  /**
   * First day. 合同起始日
   */
  from: string
  /**
   * Last day. 合同截止日
   */
  to: string
  /**
   * Where paper is received and sent from. 收寄地址
   */
  counter: {
    /**
     * Receiver. 收件人
     */
    name: string
    /**
     * Telephone, in quotes. 电话（加引号）
     */
    mobile: string
    /**
     * Province. 省
     */
    province: string
    /**
     * City. 市
     */
    city: string
    /**
     * County. 区县
     */
    county: string
    /**
     * Address. 详细地址
     */
    address: string
  }
}

// ---- config/system.schema.json

/**
 * An event type, or a filter; an event that fits any is told. 事件类型或筛选条件，符合任一即推送
 */
export type Subscription =
  | string
  | {
      /**
       * Event types; all when left out. 事件类型，缺省为全部
       *
       * @minItems 1
       *
       * Items: An event type. 事件类型
       */
      types?: string[]
      /**
       * Of these themes only. 仅限主题
       *
       * @minItems 1
       *
       * Items: A theme. 主题
       */
      themes?: string[]
      /**
       * Of cases of these matters only. 仅限事项
       *
       * @minItems 1
       *
       * Items: A matter. 事项
       */
      matters?: string[]
      /**
       * Of submissions that these divisions take or decide only. 仅限收件地或属地为这些区划的申办
       *
       * @minItems 1
       *
       * Items: A division. 行政区划
       */
      divisions?: string[]
    }

/**
 * config/systems/<id>.yaml: one outside system; the file's name is its id. 一个对接系统；文件名即系统标识
 */
export interface SystemFile {
  /**
   * Folder of adapters/, a path from this folder, or an npm package that speaks its language. 适配器名称、路径或 npm 包
   */
  adapter: string
  /**
   * In both languages. 中英文名称
   */
  title: {
    /**
     * Chinese name. 中文名称
     */
    zh: string
    /**
     * English name. 英文名称
     */
    en: string
  }
  /**
   * Divisions served; ['*'] for all. 服务的行政区划，['*'] 为全部
   *
   * @minItems 1
   *
   * Items: A division. 行政区划
   */
  divisions?: string[]
  /**
   * How often it is asked what happened, when it cannot push. 轮询设置（对方不能推送时）
   */
  polling?: {
    /**
     * Pause after an answer that held nothing more, ms. 无新内容后的等待（毫秒）
     */
    everyMs?: number
  }
  /**
   * How transfers to it are made. 投递设置
   */
  delivery?: {
    /**
     * Attempts at once, per process. 每个进程的并发数
     */
    concurrency?: number
    /**
     * Longest one attempt may take, ms. 单次投递超时（毫秒）
     */
    timeoutMs?: number
    /**
     * When it does not answer. 重试
     */
    retry?: {
      /**
       * First back-off, ms. 首次退避（毫秒）
       */
      baseMs?: number
      /**
       * Longest back-off, ms. 最长退避（毫秒）
       */
      maxMs?: number
      /**
       * Give up and ask a person after it has been tried in vain this long, ms; 76 h by default. 自首次失败起持续重试多久后放弃并转人工（毫秒），默认 76 小时
       */
      forMs?: number
    }
    /**
     * Circuit breaker. 熔断
     */
    breaker?: {
      /**
       * Failures in a row that open it. 连续失败次数
       */
      failures?: number
      /**
       * Time before one probe, ms. 熔断时长（毫秒）
       */
      openMs?: number
    }
  }
  /**
   * Clients of gateway.yaml that may push its events; empty: the adapter's own signature check decides. 可推送事件的客户端；为空则由适配器验签
   *
   * Items: A client. 客户端
   */
  pushClients?: string[]
  /**
   * Events it is called back with: types, or types of some themes, matters and divisions only. 回调订阅：事件类型，或仅限部分主题、事项、区划的事件类型
   */
  subscribes?: Subscription[]
  /**
   * Booking systems of departments: what may be booked there, and where. 部门预约系统：可预约的事项与区划
   *
   * @minItems 1
   *
   * Items: Some matters in some divisions. 一组事项
   */
  appointments?: {
    /**
     * Matters that are booked there. 在此预约的事项
     *
     * @minItems 1
     *
     * Items: A matter that is done by appointment. 可预约的事项
     */
    matters: string[]
    /**
     * Of the divisions served, those where these are booked; all of them when left out. 适用区划，缺省为系统服务的全部区划
     *
     * @minItems 1
     *
     * Items: A division. 行政区划
     */
    divisions?: string[]
    /**
     * Minutes that a seat is held before a submission confirms it. 号源保留的分钟数
     */
    holdMinutes?: number
  }[]
  /**
   * The adapter's own settings, checked by its manifest's schema. 适配器自身的设置，由其 manifest 校验
   */
  settings?: {
    [k: string]: unknown
  }
}

// ---- dead-letter.schema.json

/**
 * 死信：须由人处理的流转。A transfer that waits for a person.
 */
export interface DeadLetterDocument {
  /**
   * 流转编号。Id of the transfer.
   */
  id: string
  /**
   * 申办编号。Id of the submission.
   */
  submissionId: string
  /**
   * 所属办件；null 表示属于整个申办。Its case; null when it concerns the whole submission.
   */
  caseId: string | null
  /**
   * 对接系统。The system.
   */
  system: string
  /**
   * 操作。What is asked of it.
   */
  operation:
    | 'submitCase'
    | 'supplementCase'
    | 'withdrawCase'
    | 'notify'
    | 'obtainCertificate'
    | 'verifyCertificate'
    | 'registerCertificate'
    | 'createOrder'
    | 'cancelOrder'
    | 'followParcel'
    | 'recordService'
  /**
   * 已尝试次数。Attempts so far.
   */
  attempts: number
  /**
   * 原因，不含个人信息。Why, without personal data.
   */
  reason: string
  /**
   * 产生时间。When it was made.
   */
  createdAt: string
  [k: string]: unknown
}

// ---- entry.schema.json

/**
 * 台账条目：申办中发生的一件事，只增不改。An entry of the ledger: one thing that happened to a submission, never changed; answered by GET /v1/submissions/{id}/events.
 */
export interface EntryDocument {
  /**
   * 条目编号。Id of the entry.
   */
  id: string
  /**
   * 所属办件；null 表示属于整个申办。Its case; null when it concerns the whole submission.
   */
  caseId: string | null
  /**
   * 申办内的序号，从 1 起。Counts the entries of the submission, from 1.
   */
  number: number
  /**
   * 发生的事，含推送的事件类型和网关自身的条目。What happened: the types of events that are pushed, and entries of the gateway itself.
   */
  type: string
  /**
   * 发生时间，以报告者为准。When it happened, as it was told.
   */
  occurredAt: string
  /**
   * 记入台账的时间。When it was recorded.
   */
  recordedAt: string
  /**
   * 事实，随 type 而不同；推送的事件见 event。The facts, by type; those of pushed events are described with event.
   */
  data: {
    [k: string]: unknown
  }
  [k: string]: unknown
}

// ---- event.schema.json

/**
 * 事件：CloudEvents 1.0 结构化 JSON（application/cloudevents+json），推送给平台和部门。An event as pushed to the platform and departments, and as listed by GET /v1/events: CloudEvents 1.0, structured JSON.
 */
export interface GatewayEvent {
  /**
   * CloudEvents 版本。Version of CloudEvents.
   */
  specversion: '1.0'
  /**
   * 事件编号，每次推送相同，供去重。The same on every attempt; deduplicate by source and id.
   */
  id: string
  /**
   * 产生事件的网关。The gateway that tells it.
   */
  source: string
  /**
   * 事件类型。What happened.
   */
  type: string
  /**
   * 办件、申办或邮件编号。Id of the case, submission or parcel it is about.
   */
  subject: string
  /**
   * 发生时间。When it happened.
   */
  time: string
  /**
   * data 的媒体类型。Media type of data.
   */
  datacontenttype: 'application/json'
  /**
   * 同一 subject 内递增的八位数字，可按文本比较（CloudEvents sequence 扩展）。Grows within a subject; eight digits, so that it compares as text.
   */
  sequence?: string
  data: GatewayEventData
  [k: string]: unknown
}

/**
 * 事实；未知的成员应当忽略。The facts; ignore members you do not know.
 */
export interface GatewayEventData {
  /**
   * 申办编号。Id of the submission.
   */
  submissionId: string
  /**
   * 平台自己的申办编号。The platform's own number.
   */
  externalId: string
  /**
   * 主题编码。Code of the theme.
   */
  theme: string
  /**
   * 办件编号。Id of the case.
   */
  caseId?: string
  /**
   * 事项编码。Code of the matter.
   */
  matter?: string
  /**
   * 此后的状态。State after it.
   */
  state: string
  /**
   * 部门的办件编号。The department's number.
   */
  reference?: string
  /**
   * 原因。The reason, for the applicant.
   */
  reason?: string
  /**
   * 英文原因。The reason in English, where the gateway asks.
   */
  reasonEn?: string
  /**
   * 材料：要求补正的为对象，已补交或移交的为编码。Materials: objects where they are asked for, codes where they were handed in or over.
   */
  materials?: (string | EventMaterial)[]
  /**
   * 预约：时段编号。Appointments: id of the slot.
   */
  slot?: string
  /**
   * 预约：时段开始时间。Appointments: when the slot begins.
   */
  startsAt?: string
  /**
   * 允许的天数，limitUnit 未给出时为工作日。Days allowed: working days unless limitUnit says otherwise.
   */
  limitDays?: number
  /**
   * G 工作日，Z 自然日；未给出时为 G。G working days, Z natural days; G where it is absent.
   */
  limitUnit?: 'G' | 'Z'
  /**
   * 办理结果；移交纸质结果时为事项编码。The result; where one on paper changes hands, the code of its matter.
   */
  result?: string | EventResult
  /**
   * 同一阶段超出次数的补正告知（应一次性告知）。A notice of correction beyond the number allowed in one stage.
   */
  repeated?: boolean
  /**
   * 好差评：被评价的是该办件的第几次服务。Ratings: which service of the case.
   */
  service?: number
  /**
   * 好差评：1 非常不满意 … 5 非常满意，由申请人填写。Ratings: as the applicant said.
   */
  satisfaction?: number
  /**
   * 好差评：所选评价项的代码。Ratings: codes of the points that were ticked.
   */
  details?: string[]
  /**
   * 好差评：文字评价。Ratings: in the applicant's words.
   */
  text?: string
  /**
   * 好差评：追评。Ratings: said after the first evaluation of the service.
   */
  addition?: boolean
  /**
   * 迟到的事件，不改变状态；已办结办件补报的不予许可表示该办件未获通过。Told late; the state did not change. A no to a closed case means that it had failed.
   */
  late?: boolean
  /**
   * 网关要求补正的原因码。Why the gateway asks, as a code.
   */
  code?: string
  /**
   * 谁提出或报告：gateway 网关，client:… 调用方，system:… 对接系统。Who asks or tells: the gateway itself, a client or a system.
   */
  by?: string
  /**
   * 补正轮次。Which round of correction.
   */
  round?: number
  /**
   * 办理方式。Mode, from now on.
   */
  mode?: 'online' | 'agent' | 'appointment'
  /**
   * 办理方式变更：原方式；交接：移交方。A change of mode: the one before; a hand-over: who gave it.
   */
  from?: ('online' | 'agent' | 'appointment') | EventPlace
  to?: EventPlace
  /**
   * 变更办理方式时放弃的时段。The slot that a change of mode gives up.
   */
  released?: string
  /**
   * 改期前的时段。The slot before it was changed.
   */
  before?: string
  /**
   * 因其未办成而终止：前序办件编号。The case whose failure ended this one.
   */
  upstream?: string
  /**
   * 该前序办件的事项编码。Its matter.
   */
  upstreamMatter?: string
  /**
   * 红黄牌：何种期限。Cards: which limit.
   */
  clock?: 'acceptance' | 'decision' | 'issuance' | 'supplement' | 'special-procedure' | 'appointment'
  /**
   * 红黄牌。Cards: yellow or red.
   */
  card?: 'yellow' | 'red'
  /**
   * 红牌后的上报级别。How far a red card has been escalated.
   */
  level?: number
  /**
   * 期限天数。The limit, in days.
   */
  days?: number
  /**
   * days 的单位：G 工作日，Z 自然日。Unit of days: working or natural days.
   */
  unit?: 'G' | 'Z'
  /**
   * 到期日。The last day.
   */
  dueOn?: string
  /**
   * 纸质材料逾期：自何日起由其保管。Overdue papers: held since.
   */
  since?: string
  /**
   * 纸质材料逾期：由谁保管。Overdue papers: who holds it.
   */
  heldBy?: 'applicant' | 'window' | 'carrier' | 'department'
  /**
   * 交接的材料编码。Code of the material that changes hands.
   */
  material?: string
  /**
   * 交接的材料或结果名称。Name of the paper that changes hands.
   */
  name?: string
  /**
   * 交接种类：收件、交寄、签收、送还、转交。Kind of hand-over.
   */
  kind?: 'taken-in' | 'sent' | 'received' | 'given-back' | 'passed-on'
  /**
   * 与上一环节不衔接。The hand-over does not begin where the last one ended.
   */
  gap?: boolean
  expected?: EventPlace
  /**
   * 交接所解除的逾期告警的事件编号。Id of the event that told of it as overdue.
   */
  alarm?: string
  /**
   * 地点。Where.
   */
  place?: string
  /**
   * 邮件编号。Id of the parcel.
   */
  parcelId?: string
  /**
   * collect 寄往部门，deliver 寄给申请人。To the department, or to the applicant.
   */
  direction?: 'collect' | 'deliver'
  /**
   * 邮件号。Number of the waybill.
   */
  waybill?: string
  /**
   * 此后的邮件状态。State of the parcel after it.
   */
  parcelState?:
    | 'wanted'
    | 'ordered'
    | 'collected'
    | 'in-transit'
    | 'out-for-delivery'
    | 'delivered'
    | 'delivery-failed'
    | 'returning'
    | 'returned'
    | 'cancelled'
    | 'lost'
  /**
   * 寄递企业撤销的此前报告：事件编号或类型。What the carrier takes back: the id or the type of its report.
   */
  reverses?: string
  /**
   * 申办收到：办件数。A submission received: how many cases it has.
   */
  cases?: number
  /**
   * 申办收到：所重办的申办编号。A submission received: the earlier one whose failed branch it does again.
   */
  redoes?: string
  /**
   * 重新办理其未办成事项的申办编号。The submission that does the failed branch again.
   */
  redoneBy?: string
  /**
   * 重新办理的事项编码。Codes of the matters that are done again.
   */
  matters?: string[]
  /**
   * 好差评：评价渠道。Ratings: through which channel.
   */
  channel?: string
  [k: string]: unknown
}

export interface EventMaterial {
  /**
   * 材料编码。Code.
   */
  code: string
  /**
   * 原因。Why.
   */
  reason: string
  /**
   * 英文说明。In English, where the gateway asks.
   */
  message?: string
  /**
   * 中文说明。In Chinese, where the gateway asks.
   */
  messageZh?: string
  [k: string]: unknown
}

/**
 * 办理结果。The result.
 */
export interface EventResult {
  /**
   * 电子或纸质。Electronic or paper.
   */
  type: 'electronic' | 'paper'
  /**
   * 证照名称。Name.
   */
  name: string
  /**
   * 证照编号。Number.
   */
  number?: string
  /**
   * 证照目录代码。Certificate type.
   */
  certificateType?: string
  /**
   * 电子证照标识。Identifier.
   */
  identifier?: string
  [k: string]: unknown
}

/**
 * 交接一方，不含个人。One side of a hand-over, without persons.
 */
export interface EventPlace {
  /**
   * 申请人、窗口、寄递企业或部门。Who.
   */
  kind: 'applicant' | 'window' | 'carrier' | 'department'
  /**
   * 大厅编码。Code of the hall.
   */
  hall?: string
  /**
   * 窗口编号。Code of the window.
   */
  window?: string
  /**
   * 对接系统。The system.
   */
  system?: string
  [k: string]: unknown
}

// ---- hall-authorisations.schema.json

/**
 * What the windows of one hall may collect and accept (充分授权), as GET /v1/halls/{code}/authorisations answers it. 大厅各窗口的授权矩阵
 */
export interface HallAuthorisationsAnswer {
  /**
   * Code. 大厅编号
   */
  hall: string
  name: NameInBoth
  /**
   * Where it is. 所在区划
   */
  division: string
  /**
   * Only what is in force on this day is listed. 仅列该日有效的授权
   */
  on?: string
  /**
   * 窗口
   */
  windows: {
    /**
     * Number. 窗口号
     */
    window: string
    /**
     * One line a matter and right. 逐事项、逐权限
     */
    authorisations: {
      /**
       * Code. 事项代码
       */
      matter: string
      name: NameInBoth
      department: NameInBoth
      /**
       * collect 收件; accept 受理, which includes collecting. 受理含收件
       */
      right: 'collect' | 'accept'
      /**
       * First day. 授权起始日
       */
      from: string
      /**
       * Last day. 授权截止日
       */
      to: string
    }[]
  }[]
  /**
   * Of the catalogue. 清单版本
   */
  version: string
}

// ---- material.schema.json

/**
 * 材料：申办的一份材料、其文件与凭据。A material of a submission with its files and proofs; answered by GET /v1/submissions/{id}/materials.
 */
export interface MaterialDocument {
  /**
   * 材料编码。Code.
   */
  code: string
  /**
   * 材料名称。Name.
   */
  name: string
  /**
   * 来源：upload 上传，certificate 电子证照，shared 再次使用，paper 纸质，result 其他事项的办理结果。Where it comes from.
   */
  source: 'upload' | 'certificate' | 'shared' | 'paper' | 'result'
  /**
   * result：产生该结果的办件。The case whose result it is.
   */
  from?: string
  /**
   * 需要该材料的办件。Cases that need it.
   */
  cases: string[]
  /**
   * 文件。Its files.
   */
  files: MaterialFile[]
  /**
   * 证照目录代码。Certificate type.
   */
  certificateType?: string
  /**
   * 证照库。The registry.
   */
  registry?: string
  certificate?: MaterialCertificate
  /**
   * 证照库长时间无法访问，可改为上传。The registry is out of reach for long: an upload will do.
   */
  uploadInstead?: boolean
  checked?: MaterialWindowCheck
  sharedFrom?: MaterialSharedFrom
  /**
   * 部门认可后可再次使用的天数。For how many days it may be used again once a department accepted it.
   */
  reusableDays?: number
  reusable?: MaterialReusable
  [k: string]: unknown
}

/**
 * 文件。A file.
 */
export interface MaterialFile {
  /**
   * SHA-256。
   */
  sha256: string
  /**
   * 字节数。Bytes.
   */
  size: number
  /**
   * 媒体类型。Media type.
   */
  mediaType: string
  /**
   * 文件名。Name of the file.
   */
  fileName: string
  [k: string]: unknown
}

/**
 * 取得的电子证照。The certificate that was obtained.
 */
export interface MaterialCertificate {
  /**
   * 证照目录代码。Certificate type.
   */
  type: string
  /**
   * 电子证照标识。Identifier.
   */
  identifier: string
  /**
   * 最近一次核验时间。When the registry last said that it is good.
   */
  verifiedAt: string
  /**
   * verified 已核验，fetched 仅取得副本，shown 仅有记录。Verified by the registry, a copy of it, or known to it alone.
   */
  trust?: 'verified' | 'fetched' | 'shown'
  /**
   * 此后派发前须再次核验。After this it is verified again before a case goes out.
   */
  recheckAfter?: string
  /**
   * 取得的凭据：查询时间、用途、结果等，随登记系统而不同。What proves it: when it was asked, why, and what was said, by registry.
   */
  evidence: {
    [k: string]: unknown
  }
  /**
   * 最近一次再核验的凭据。The same of the last time it was verified again.
   */
  recheck?: {
    [k: string]: unknown
  }
  /**
   * 不再有效的原因。Why it is no longer good.
   */
  standing?: string
  [k: string]: unknown
}

/**
 * 窗口已核验原件。A window saw the original.
 */
export interface MaterialWindowCheck {
  /**
   * 大厅编码。Code of the hall.
   */
  hall: string
  /**
   * 窗口编号。Code of the window.
   */
  window: string
  /**
   * 核验时间。When.
   */
  at: string
  [k: string]: unknown
}

/**
 * shared：来自此前的办件。The earlier case that it was taken from.
 */
export interface MaterialSharedFrom {
  /**
   * 可再次使用的编号。Id under which it was offered.
   */
  id: string
  /**
   * 申办编号。Id of the submission.
   */
  submissionId: string
  /**
   * 办件编号。Id of the case.
   */
  caseId: string
  /**
   * 事项编码。Code of the matter.
   */
  matter: string
  /**
   * 部门认可的时间。When the department said yes.
   */
  decidedAt: string
  /**
   * 最后可用日。The last day on which it may be used.
   */
  expiresOn: string
  /**
   * 凭据。Why it can be believed.
   */
  trust: 'verified' | 'fetched' | 'shown' | 'window-checked' | 'accepted'
  [k: string]: unknown
}

/**
 * 已可再次使用。Offered again since a department accepted it.
 */
export interface MaterialReusable {
  /**
   * 可再次使用的编号。Id under which it was offered.
   */
  id: string
  /**
   * 办件编号。Id of the case.
   */
  caseId: string
  /**
   * 事项编码。Code of the matter.
   */
  matter: string
  /**
   * 部门认可的时间。When the department said yes.
   */
  decidedAt: string
  /**
   * 最后可用日。The last day on which it may be used.
   */
  expiresOn: string
  /**
   * 凭据。Why it can be believed.
   */
  trust: 'verified' | 'fetched' | 'shown' | 'window-checked' | 'accepted'
  [k: string]: unknown
}

// ---- overdue-paper.schema.json

/**
 * 逾期未交接的纸质材料。A paper that somebody has held for too long.
 */
export interface OverduePaperDocument {
  /**
   * 逾期告警的事件编号。Id of the event that told of it.
   */
  id: string
  /**
   * 申办编号。Id of the submission.
   */
  submissionId: string
  /**
   * 办件编号。Id of the case.
   */
  caseId: string
  /**
   * 办理部门的对接系统。The system of its department.
   */
  system: string
  /**
   * 收件地行政区划代码。Where it was submitted.
   */
  division: string
  /**
   * 属地行政区划代码。Where it is decided.
   */
  homeDivision: string
  /**
   * 何时告警。When it was told.
   */
  at: string
  /**
   * 材料编码。Code of the material.
   */
  material?: string
  /**
   * 纸质结果：事项编码。A result on paper: code of its matter.
   */
  result?: string
  /**
   * 名称。Name.
   */
  name: string
  /**
   * 由谁保管。Who holds it.
   */
  heldBy: 'applicant' | 'window' | 'carrier' | 'department'
  /**
   * 自何日起。Since.
   */
  since: string
  /**
   * 允许的工作日数。Working days allowed.
   */
  days: number
  /**
   * 最后一日。The last day.
   */
  dueOn: string
  [k: string]: unknown
}

// ---- paper.schema.json

/**
 * 纸质材料或纸质结果的交接。A paper, who holds it and how it came there; answered by GET /v1/cases/{id}/custody.
 */
export interface PaperDocument {
  /**
   * 办件编号。Id of the case.
   */
  caseId: string
  /**
   * 材料编码。Code of the material.
   */
  material?: string
  /**
   * 纸质结果：事项编码。A result on paper: code of its matter.
   */
  result?: string
  /**
   * 名称。Name.
   */
  name: string
  keeper: PaperKeeper
  /**
   * 历次交接。Every hand-over.
   */
  links: PaperLink[]
  awaits?: PaperAwaited
  [k: string]: unknown
}

/**
 * 保管者。Who holds it.
 */
export interface PaperKeeper {
  /**
   * 申请人、窗口、寄递企业或部门。Who.
   */
  kind: 'applicant' | 'window' | 'carrier' | 'department'
  /**
   * 大厅编码。Code of the hall.
   */
  hall?: string
  /**
   * 窗口编号。Code of the window.
   */
  window?: string
  /**
   * 对接系统。The system.
   */
  system?: string
  /**
   * 经手人。Who of them.
   */
  person?: string
  [k: string]: unknown
}

/**
 * 一次交接。One hand-over.
 */
export interface PaperLink {
  /**
   * 收件、交寄、签收、送还、转交。Kind of hand-over.
   */
  kind: 'taken-in' | 'sent' | 'received' | 'given-back' | 'passed-on'
  from: PaperKeeper
  to: PaperKeeper
  /**
   * 交接时间。When.
   */
  at: string
  /**
   * 地点。Where.
   */
  place?: string
  /**
   * 邮件号。Number of the waybill.
   */
  waybill?: string
  /**
   * 邮件编号。Id of the parcel.
   */
  parcel?: string
  /**
   * 备注。Note.
   */
  note?: string
  /**
   * 报告者。Who told.
   */
  by: string
  /**
   * 与上一环节不衔接。It does not begin where the last one ended.
   */
  gap?: boolean
  confirmed?: PaperConfirmation
  /**
   * 寄递企业已撤销。The carrier took it back.
   */
  takenBack?: boolean
  [k: string]: unknown
}

/**
 * 对方已确认。The other side told the same.
 */
export interface PaperConfirmation {
  /**
   * 确认者。Who.
   */
  by: string
  /**
   * 确认时间。When.
   */
  at: string
  [k: string]: unknown
}

/**
 * 下一次交接的期限。The hand-over that must come next, and until when.
 */
export interface PaperAwaited {
  /**
   * 应由谁移交。Who has to act.
   */
  from: 'applicant' | 'window' | 'carrier' | 'department'
  /**
   * 起算日。Since.
   */
  since: string
  /**
   * 工作日数。Working days.
   */
  days: number
  /**
   * 最后一日。The last day.
   */
  dueOn: string
  /**
   * 逾期告警的事件编号。Id of the event that told that it is overdue.
   */
  alarm?: string
  /**
   * 已逾期。Overdue.
   */
  overdue: boolean
  [k: string]: unknown
}

// ---- parcel.schema.json

/**
 * 邮件：一个方向的一次寄递。A parcel: one postal order and its waybill, in one direction; answered by GET /v1/cases/{id}/parcels.
 */
export interface ParcelDocument {
  /**
   * 邮件编号。Id of the parcel.
   */
  id: string
  /**
   * 办件编号。Id of the case.
   */
  caseId: string
  /**
   * collect 寄往部门，deliver 寄给申请人。To the department, or to the applicant.
   */
  direction: 'collect' | 'deliver'
  /**
   * 寄递企业的对接系统。The carrier.
   */
  system: string
  /**
   * 邮寄客户编号。Customer number of the contract.
   */
  customerNumber?: string
  /**
   * 另行跟踪该邮件的对接系统。Another system that follows it.
   */
  tracker?: string
  /**
   * 所寄材料的编码。Codes of the materials in it.
   */
  materials: string[]
  /**
   * 邮件状态。State.
   */
  state:
    | 'wanted'
    | 'ordered'
    | 'collected'
    | 'in-transit'
    | 'out-for-delivery'
    | 'delivered'
    | 'delivery-failed'
    | 'returning'
    | 'returned'
    | 'cancelled'
    | 'lost'
  /**
   * 邮件号。Number of the waybill.
   */
  reference?: string
  /**
   * 寄递企业拒绝了订单。Its carrier refused the order.
   */
  turnedAway?: boolean
  /**
   * 寄递企业的报告，撤销的也保留。Every report of the carrier; what it took back is kept.
   */
  trail: ParcelReport[]
  [k: string]: unknown
}

/**
 * 一次报告。One report.
 */
export interface ParcelReport {
  /**
   * 报告编号。Id of the report.
   */
  id: string
  /**
   * 报告的事件。What it says.
   */
  event:
    | 'parcel.ordered'
    | 'parcel.collected'
    | 'parcel.in-transit'
    | 'parcel.out-for-delivery'
    | 'parcel.delivered'
    | 'parcel.delivery-failed'
    | 'parcel.returning'
    | 'parcel.returned'
    | 'parcel.cancelled'
    | 'parcel.lost'
  /**
   * 发生时间。When it happened.
   */
  at: string
  /**
   * 已被撤销。Taken back since.
   */
  takenBack?: boolean
  /**
   * 退件签收亦用此词。The carrier has no other word for the way back.
   */
  eitherWay?: boolean
  [k: string]: unknown
}

// ---- pause-act.schema.json

/**
 * 一次暂停或恢复。Once that a system was stopped or started again.
 */
export interface PauseAct {
  /**
   * 何时。When.
   */
  at: string
  /**
   * paused 暂停，resumed 恢复。Stopped or started again.
   */
  act: 'paused' | 'resumed'
  /**
   * 由谁。By whom.
   */
  by: string
  /**
   * 原因。Why.
   */
  reason: string | null
  [k: string]: unknown
}

// ---- pause-change.schema.json

/**
 * 暂停：何时、由谁、因何。Since when it is stopped, by whom and why; null while it is not.
 */
export type Pause = {
  /**
   * 对接系统。The system.
   */
  system: string
  /**
   * 原因。Why.
   */
  reason: string
  /**
   * 运维人员，或 gateway。An operator, or the gateway itself.
   */
  by: string
  /**
   * 何时起。Since.
   */
  since: string
  [k: string]: unknown
} | null

/**
 * 暂停或恢复的答复。What pausing and resuming answer.
 */
export interface PauseChange {
  pause: Pause
  /**
   * 是否有变化。Whether it was otherwise before.
   */
  changed: boolean
  [k: string]: unknown
}

// ---- problem.schema.json

/**
 * 错误：RFC 9457 application/problem+json，一次列出全部错误。A refusal by RFC 9457; all errors of the request at once.
 */
export interface ProblemDocument {
  /**
   * 错误类型的地址。URI reference of the problem type.
   */
  type: string
  /**
   * 标题（英文）。Title.
   */
  title: string
  /**
   * 标题（中文）。Title in Chinese.
   */
  titleZh: string
  /**
   * HTTP 状态码。HTTP status.
   */
  status: number
  /**
   * 稳定的错误码。Stable code; switch on this.
   */
  code: string
  /**
   * 本次的说明（英文）。About this occurrence.
   */
  detail?: string
  /**
   * 本次的说明（中文）。About this occurrence, in Chinese.
   */
  detailZh?: string
  /**
   * 请求路径。Path asked for.
   */
  instance: string
  /**
   * 逐个字段的错误；最多 500 条，其余由最后一条 more-errors 计数。The fault of each field: the first 500, and a last one, `more-errors`, that counts the rest.
   */
  errors?: ProblemFieldError[]
}

export interface ProblemFieldError {
  /**
   * 出错之处：请求体内的 JSON Pointer（RFC 6901），空为整个请求体；查询参数为 /query/<名称>，路径参数为 /path/<名称>；配置文件为 <文件>#<pointer>。Where: a JSON Pointer into the request body (RFC 6901), empty for the whole of it; /query/<name> for a parameter of the query, /path/<name> for one of the path; <file>#<pointer> for a file of the configuration.
   */
  pointer: string
  /**
   * 稳定的错误码，全部列于 /problems。Stable code; all are listed at /problems.
   */
  code: string
  /**
   * 英文说明。In English.
   */
  message: string
  /**
   * 中文说明。In Chinese.
   */
  messageZh: string
}

// ---- readiness.schema.json

/**
 * 服务是否就绪。Whether the gateway would do useful work.
 */
export interface ReadinessDocument {
  /**
   * ready 就绪，not-ready 未就绪。
   */
  status: 'ready' | 'not-ready'
  checks: ReadinessChecks
  [k: string]: unknown
}

/**
 * 各项检查。The checks.
 */
export interface ReadinessChecks {
  database: ReadinessCheck
  migrations: ReadinessCheck
  queues: ReadinessCheck
  backlog: ReadinessCheck
  [k: string]: unknown
}

/**
 * 一项检查。One check.
 */
export interface ReadinessCheck {
  ok: boolean
  /**
   * 固定用语。A few fixed words and figures.
   */
  detail: string
  ms: number
  [k: string]: unknown
}

// ---- reconciliation.schema.json

/**
 * 各类数量；未对账为 null。How many of each class; null unless compared.
 */
export type ReconciliationCounts = {
  ours: number
  theirs: number
  agreed: number
  onlyOurs: number
  onlyTheirs: number
  different: number
  doubled: number
  otherDay: number
  unanswered: number
  [k: string]: unknown
} | null

/**
 * 与一个对接系统一日的对账结果。What came of comparing one day with one system.
 */
export interface ReconciliationDocument {
  /**
   * 对接系统。The system.
   */
  system: string
  /**
   * 所对之日。The day.
   */
  day: string
  /**
   * compared 已对账，unable 无法对账，failed 失败待重试。Compared, the system cannot, or it failed and is tried again.
   */
  state: 'compared' | 'unable' | 'failed'
  counts: ReconciliationCounts
  /**
   * 差异的前 1,000 条，仅在指定系统和日期时给出。The first 1,000 differences, only where a system and a day are asked for.
   */
  differences?: ReconciliationDifference[]
  /**
   * 失败原因。Why it failed.
   */
  reason: string | null
  /**
   * 尝试次数。How often it was tried.
   */
  tries: number
  /**
   * 何时。When.
   */
  at: string
  /**
   * 耗时毫秒。How long it took.
   */
  ms: number
  [k: string]: unknown
}

/**
 * 一条差异。One difference.
 */
export interface ReconciliationDifference {
  /**
   * 类别。Class.
   */
  class: 'only-ours' | 'only-theirs' | 'state' | 'reference' | 'doubled' | 'unanswered'
  /**
   * 我方编号。Our id.
   */
  id: string | null
  /**
   * 流转编号。Id of the transfer.
   */
  transfer: string | null
  /**
   * 我方记录。By our books.
   */
  ours: {
    /**
     * 办件编号或邮件号。Number.
     */
    reference?: string | null
    /**
     * 状态。State.
     */
    state?: string | null
    [k: string]: unknown
  } | null
  /**
   * 对方记录。By theirs.
   */
  theirs: {
    /**
     * 办件编号或邮件号。Number.
     */
    reference?: string | null
    /**
     * 状态。State.
     */
    state?: string | null
    /**
     * 出现次数。How often.
     */
    times?: number
    [k: string]: unknown
  } | null
  [k: string]: unknown
}

// ---- reusable-answer.schema.json

/**
 * 可再次使用的材料，新的在前。What may be used again, the latest first.
 */
export interface ReusableAnswer {
  items: ReusableMaterial[]
  [k: string]: unknown
}

export interface ReusableMaterial {
  /**
   * 写入申办的 materials[].from。For materials[].from of a submission.
   */
  id: string
  /**
   * 材料编码。Code of the material.
   */
  material: string
  /**
   * 材料名称。Its name.
   */
  name: {
    zh: string
    en: string
  }
  /**
   * 来自哪一办件。The case that accepted it.
   */
  from: {
    /**
     * 申办编号。Submission.
     */
    submissionId: string
    /**
     * 办件编号。Case.
     */
    caseId: string
    /**
     * 事项编码。Matter.
     */
    matter: string
    /**
     * 审批通过的时间。When it was granted.
     */
    decidedAt: string
    [k: string]: unknown
  }
  /**
   * 可使用的最后一天。Last day on which it may be used.
   */
  expiresOn: string
  /**
   * 可信程度：verified 证照库核验，fetched 取自证照库，shown 证照库示出，window-checked 窗口核验原件，accepted 部门采信。How far it can be trusted.
   */
  trust: 'verified' | 'fetched' | 'shown' | 'window-checked' | 'accepted'
  /**
   * 凭据：证照标识与核验、窗口核验，或采信的办件。The certificate's evidence, the window's check, or the case that accepted it.
   */
  proof: {
    /**
     * 证照标识与核验。Which certificate, and how it was verified.
     */
    certificate?: {
      type?: string
      identifier?: string
      verifiedAt?: string
      verifyingCode?: string
    }
    /**
     * 窗口核验原件。The window that saw the original.
     */
    window?: {
      hall?: string
      window?: string
      at?: string
    }
    /**
     * 文件摘要。Hashes of the files.
     */
    sha256?: string[]
  }
  [k: string]: unknown
}

// ---- reusable-query.schema.json

/**
 * 查询申请人可再次使用的材料（一次提交反复使用）。证件号码只在请求体中。What a holder may use again; the holder is told in the body only.
 */
export interface ReusableQuery {
  /**
   * 申请人。Whose materials.
   */
  holder: {
    /**
     * 证件类型代码：111 公民身份号码，001 统一社会信用代码。Holder code type.
     */
    idType: string
    /**
     * 证件号码。Number.
     */
    idNumber: string
  }
  /**
   * 一件事主题代码。Theme.
   */
  theme: string
  /**
   * 属地区划。Home division.
   */
  homeDivision: string
  /**
   * 办理方式。Mode.
   */
  mode: 'online' | 'agent' | 'appointment'
  /**
   * 情形答案。Answers, as in the submission.
   */
  situations?: {
    [k: string]: unknown
  }
}

// ---- statistics.schema.json

/**
 * 未公开的指标。Figures that are not shown.
 */
export type Suppressed = string[]

/**
 * 统计公开数据：不含个人信息，过小的数不公开。Figures for publication: no personal data, small counts are not shown.
 */
export interface StatisticsDocument {
  /**
   * 起始日。First day.
   */
  from: string
  /**
   * 截止日（含）。Last day.
   */
  to: string
  /**
   * 分组。What the rows are.
   */
  by: 'theme' | 'matter' | 'department' | 'division' | 'submitted' | 'month'
  /**
   * 小于此数的计数不公开。Counts below this are not shown.
   */
  smallestCount: number
  /**
   * 各行。The rows.
   */
  items: StatisticsRow[]
  total: StatisticsTotal
  /**
   * 各指标的名称与口径。What each figure is called and counts.
   */
  definitions: {
    [k: string]: FigureDefinition
  }
  [k: string]: unknown
}

/**
 * 一行。One row.
 */
export interface StatisticsRow {
  /**
   * 编码。Code.
   */
  key: string
  name: NameInBoth
  figures: Figures
  suppressed: Suppressed
  [k: string]: unknown
}

/**
 * 按指标；null 为不公开或无可计算。By figure; null where it is not shown, or there is nothing to divide by.
 */
export interface Figures {
  [k: string]: number | null
}

/**
 * 合计。The total.
 */
export interface StatisticsTotal {
  figures: Figures
  suppressed: Suppressed
  [k: string]: unknown
}

/**
 * 一个指标。One figure.
 */
export interface FigureDefinition {
  name: NameInBoth
  meaning: NameInBoth
  [k: string]: unknown
}

// ---- submission-check.schema.json

/**
 * 仅校验的答复：可以受理。It would be accepted; nothing was stored.
 */
export interface SubmissionCheckAnswer {
  valid: true
  /**
   * 将产生的办件。The cases it would have.
   */
  cases: CheckedCase[]
  /**
   * 所需材料。The materials it needs.
   */
  materials: CheckedMaterial[]
  [k: string]: unknown
}

/**
 * 一个办件。One case.
 */
export interface CheckedCase {
  /**
   * 事项编码。Code of the matter.
   */
  matter: string
  /**
   * 办理该事项的对接系统。The system that would decide it.
   */
  system: string
  /**
   * 前置事项。Matters that come first.
   */
  after: string[]
  /**
   * 办理方式。Mode.
   */
  mode: 'online' | 'agent' | 'appointment'
  [k: string]: unknown
}

/**
 * 一份材料。One material.
 */
export interface CheckedMaterial {
  /**
   * 材料编码。Code.
   */
  code: string
  /**
   * 使用该材料的事项。Matters that use it.
   */
  matters: string[]
  [k: string]: unknown
}

// ---- submission-receipt.schema.json

/**
 * 申办的答复：已接收。What a submission is answered with: it is taken.
 */
export interface SubmissionReceipt {
  /**
   * 申办编号。Id of the submission.
   */
  submissionId: string
  /**
   * 平台自己的申办编号。The platform's own number.
   */
  externalId: string
  /**
   * 每个事项一个办件。One case a matter.
   */
  cases: ReceivedCase[]
  [k: string]: unknown
}

/**
 * 新建的办件。A new case.
 */
export interface ReceivedCase {
  /**
   * 办件编号。Id of the case.
   */
  caseId: string
  /**
   * 事项编码。Code of the matter.
   */
  matter: string
  /**
   * 办理该事项的对接系统。The system that decides it.
   */
  system: string
  /**
   * 接收时的办件状态。State of the case when it was taken.
   */
  state: string
  [k: string]: unknown
}

// ---- submission-status.schema.json

/**
 * 申办：一位申请人办一件事的整体情况。A submission and how each of its cases stands; answered by GET /v1/submissions/{id}.
 */
export interface SubmissionDocument {
  /**
   * 申办编号。Id of the submission.
   */
  submissionId: string
  /**
   * 平台自己的申办编号。The platform's own number.
   */
  externalId: string
  /**
   * 主题编码。Code of the theme.
   */
  theme: string
  /**
   * 提交时的办理方式。Mode in which it was submitted.
   */
  mode: 'online' | 'agent' | 'appointment'
  /**
   * 收件地行政区划代码。Where it was submitted.
   */
  division: string
  /**
   * 属地行政区划代码。Where it is decided.
   */
  homeDivision: string
  /**
   * open 办理中，completed 全部办成，partly-completed 部分办成，refused 均未办成。While a case is open; then what came of all of them.
   */
  state: 'open' | 'completed' | 'partly-completed' | 'refused'
  /**
   * 所依据的事项清单版本。Version of the catalogue that it was made under.
   */
  catalogueVersion: string
  redoes?: RedoneSubmission
  /**
   * 重新办理其未办成事项的申办。Submissions that do its failed branches again.
   */
  redoneBy?: RedoingSubmission[]
  /**
   * 各事项的办件。Its cases.
   */
  cases: CaseDocument[]
  [k: string]: unknown
}

/**
 * 所重新办理的此前申办。The earlier submission whose failed branch it does again.
 */
export interface RedoneSubmission {
  /**
   * 申办编号。Id of the submission.
   */
  submissionId: string
  /**
   * 已办成、不再重办的事项。Matters that were settled well: not done again.
   */
  satisfied: SatisfiedMatter[]
  [k: string]: unknown
}

/**
 * 已办成的事项。A matter that was settled well.
 */
export interface SatisfiedMatter {
  /**
   * 事项编码。Code of the matter.
   */
  matter: string
  /**
   * 办件编号。Id of the case.
   */
  caseId: string
  result?: CaseResult
  [k: string]: unknown
}

/**
 * 重新办理的申办。A submission that does matters again.
 */
export interface RedoingSubmission {
  /**
   * 申办编号。Id of the submission.
   */
  submissionId: string
  /**
   * 平台自己的申办编号。The platform's own number.
   */
  externalId: string
  /**
   * 重新办理的事项编码。Codes of the matters.
   */
  matters: string[]
  /**
   * 何时。When it was submitted.
   */
  at: string
  [k: string]: unknown
}

// ---- submission.schema.json

/**
 * 办理方式：online 全流程网办，agent 代收代办，appointment 网上预约。How it is handled.
 */
export type SubmissionMode = 'online' | 'agent' | 'appointment'

/**
 * 申办：一个申请人就一个“一件事”主题提出的一次申请。A submission: one applicant's request for one theme, in canonical form.
 */
export interface CanonicalSubmission {
  /**
   * 平台自己的申办编号，在该平台内唯一。The platform's own number, unique within the platform.
   */
  externalId: string
  /**
   * 一件事主题编码，见 GET /v1/themes。Code of the theme, see GET /v1/themes.
   */
  theme: string
  mode: SubmissionMode
  /**
   * 个别事项采用与整体不同的办理方式：事项编码 → 方式。Matters handled in another mode than the rest: matter code → mode.
   */
  modes?: {
    [k: string]: SubmissionMode
  }
  /**
   * 收件地行政区划代码（六位）。Six-digit code of the division where it is submitted.
   */
  division: string
  /**
   * 属地行政区划代码（六位），即由哪里审批。Six-digit code of the division where it is decided.
   */
  homeDivision: string
  /**
   * 申请人提出申请的时间（平台时钟）。When the applicant applied, by the platform's clock.
   */
  appliedAt?: string
  applicant: Applicant
  agent?: SubmissionAgent
  /**
   * 情形问题的回答：情形编码 → true/false 或选项值。Answers to the theme's questions: situation code → true/false or the value chosen.
   */
  situations?: {
    [k: string]: boolean | string
  }
  /**
   * 表单内容，按主题的表单模式填写。The form, by the form schema of the theme.
   */
  form?: {
    [k: string]: unknown
  }
  /**
   * 材料及其来源。The materials and where each comes from.
   *
   * @maxItems 200
   */
  materials?: SubmittedMaterial[]
  delivery?: SubmissionDelivery
  appointment?: SubmissionAppointment
  redoes?: SubmissionRedoes
}

/**
 * 申请人。The applicant.
 */
export interface Applicant {
  /**
   * person 自然人，organisation 法人或其他组织。Natural person or organisation.
   */
  type: 'person' | 'organisation'
  /**
   * 姓名或单位名称。Name.
   */
  name: string
  /**
   * 证件类型代码：111 公民身份号码,001 统一社会信用代码，其他按国家代码表。Holder code type: 111 resident identity number, 001 unified social credit code, others by the national table.
   */
  idType: string
  /**
   * 证件号码。Document number.
   */
  idNumber: string
  /**
   * 手机号码，或带区号的固定电话。Mobile, or a landline with its area code.
   */
  mobile?: string
  /**
   * 联系人姓名（单位申请时）。Contact person of an organisation.
   */
  contact?: string
  address?: PostalAddress
}

/**
 * 邮寄地址；省市县可由区划代码推出。A postal address.
 */
export interface PostalAddress {
  /**
   * 收寄件人。Name of the person.
   */
  name?: string
  /**
   * 电话。Telephone.
   */
  mobile?: string
  /**
   * 省。Province.
   */
  province?: string
  /**
   * 市。City.
   */
  city?: string
  /**
   * 县（区）。County or district.
   */
  county?: string
  /**
   * 县级行政区划代码，可为外地。Six-digit code of the county, anywhere in the country.
   */
  division?: string
  /**
   * 街道门牌。Street and number.
   */
  address?: string
  /**
   * 邮政编码，随订单交给寄递企业。Postcode, given to the carrier with its order.
   */
  postcode?: string
}

/**
 * 代收代办：受理窗口及工作人员；仅在有事项以 agent 方式办理时填写。The window and clerk that take it on the applicant's behalf: only where a matter goes by agent.
 */
export interface SubmissionAgent {
  /**
   * 大厅编码。Code of the hall.
   */
  hall: string
  /**
   * 窗口编号。Code of the window.
   */
  window: string
  /**
   * 窗口人员姓名或工号。Name or number of the clerk.
   */
  clerk: string
  /**
   * 窗口已核验原件的材料。Materials whose originals the window has verified.
   *
   * @maxItems 200
   */
  verified?: VerifiedMaterial[]
}

export interface VerifiedMaterial {
  /**
   * 材料编码。Code of the material.
   */
  material: string
  /**
   * 核验时间。When it was verified.
   */
  at: string
}

/**
 * 一份材料：upload 上传文件，certificate 电子证照，shared 数据共享，paper 纸质。One material and its source.
 */
export interface SubmittedMaterial {
  /**
   * 材料编码，见办事清单。Code of the material, from the checklist.
   */
  code: string
  /**
   * 来源。Where it comes from.
   */
  source: 'upload' | 'certificate' | 'shared' | 'paper'
  /**
   * 先行上传所得的编号（POST /v1/materials）。Id of a file uploaded before.
   */
  materialId?: string
  /**
   * 同一材料的多个文件。Several files of one material.
   *
   * @minItems 1
   * @maxItems 50
   */
  materialIds?: string[]
  /**
   * multipart 请求中文件部分的名称。Name of the file's part in a multipart request.
   */
  part?: string
  /**
   * multipart 请求中多个文件部分的名称。Names of several parts of one material.
   *
   * @minItems 1
   * @maxItems 50
   */
  parts?: string[]
  /**
   * 电子证照目录代码。Code of the certificate type.
   */
  certificateType?: string
  /**
   * source 为 shared 时：POST /v1/materials/reusable 给出的编号。With source shared: an id answered by POST /v1/materials/reusable.
   */
  from?: string
}

/**
 * 材料寄送与结果领取。How paper comes in and how results go out.
 */
export interface SubmissionDelivery {
  collect?: CollectDelivery
  return?: ReturnDelivery
}

/**
 * 上门取件。Pick-up of paper materials.
 */
export interface CollectDelivery {
  address: PostalAddress
  /**
   * 期望取件时间起。Earliest pick-up.
   */
  from?: string
  /**
   * 期望取件时间止。Latest pick-up.
   */
  to?: string
}

/**
 * 结果领取：post 邮寄，hall 大厅自取，electronic 仅电子。How results come back.
 */
export interface ReturnDelivery {
  by: 'post' | 'hall' | 'electronic'
  address?: PostalAddress
  /**
   * 领取大厅，仅 by 为 hall 时填写；告知部门。Hall to collect at, with by: hall only; the departments are told.
   */
  hall?: string
}

/**
 * 预约：选定的时段。The slot chosen.
 */
export interface SubmissionAppointment {
  /**
   * 时段编号，见 GET /v1/slots。Id of the slot.
   */
  slot: string
  /**
   * 预约时间。Time of the appointment.
   */
  at?: string
}

/**
 * 重新办理此前申办中未办成的部分：只办未通过、不予受理、撤回或终止的事项及其后续事项，已办成的结果继续有效。Does the failed branch of an earlier submission again: the matters that failed and those that ended with them; what was settled well counts.
 */
export interface SubmissionRedoes {
  /**
   * 此前的申办编号。Id of the earlier submission.
   */
  submissionId: string
  /**
   * 只重办这些事项（及其后续事项）；不填为全部未办成的事项。Only these matters and what comes after them; all that failed where left out.
   *
   * @minItems 1
   * @maxItems 50
   */
  matters?: string[]
}

// ---- system-state.schema.json

/**
 * 对接系统及其闸门的状态。A configured system and how its gate stands, in the process that answers.
 */
export interface SystemState {
  /**
   * 系统标识。Id.
   */
  id: string
  title: NameInBoth
  /**
   * 适配器。Adapter.
   */
  adapter: string
  gate: SystemGate
  pause: Pause
  [k: string]: unknown
}

/**
 * 闸门。What lets transfers through to it.
 */
export interface SystemGate {
  /**
   * closed 正常，open 熔断，half-open 试探。Closed lets all through, open none, half-open one to try.
   */
  breaker: 'closed' | 'open' | 'half-open'
  /**
   * 暂停原因；未暂停为 null。Why it is paused; null while it is not.
   */
  paused: string | null
  /**
   * 还须等待的毫秒数，0 为可投递。Milliseconds until anything may go; 0 when it may.
   */
  heldMs: number
  /**
   * 投递中。Under way.
   */
  inFlight: number
  /**
   * 排队中。Waiting.
   */
  waiting: number
  /**
   * 已预留。Places that are reserved.
   */
  reserved: number
  /**
   * 连续失败次数。Failures in a row.
   */
  failuresInRow: number
  [k: string]: unknown
}

// ---- theme.schema.json

/**
 * One theme as GET /v1/themes/{code} answers it. 一件事主题
 */
export interface ThemeAnswer {
  /**
   * Code. 主题代码
   */
  code: string
  name: NameInBoth
  /**
   * Who may apply. 申请人类型
   */
  applicant: 'person' | 'organisation' | 'any'
  /**
   * Modes offered. 办理方式
   */
  modes: ('online' | 'agent' | 'appointment')[]
  /**
   * Questions whose answers choose matters and materials. 情形
   */
  situations: {
    /**
     * Code. 情形代码
     */
    code: string
    question: NameInBoth
    type: 'boolean' | 'choice'
    /**
     * Answers. 选项
     */
    choices?: {
      value: string
      name: NameInBoth
    }[]
    required: boolean
    default?: boolean | string
  }[]
  /**
   * JSON Schema of the submission's form. 表单
   */
  form?: {
    [k: string]: unknown
  }
  /**
   * 事项
   */
  matters: {
    /**
     * Code. 事项代码
     */
    matter: string
    name: NameInBoth
    department: NameInBoth
    /**
     * Modes offered. 办理方式
     */
    modes: ('online' | 'agent' | 'appointment')[]
    /**
     * Matters that must be approved first. 前置事项
     */
    after: string[]
    /**
     * Applies when every named situation has this value, or one of these. 适用情形
     */
    when?: {
      [k: string]: unknown
    }
    /**
     * The submission succeeds without it. 不影响整体结果
     */
    optional: boolean
  }[]
  /**
   * Of the catalogue. 清单版本
   */
  version: string
  /**
   * First day of this catalogue. 生效日期
   */
  effectiveFrom: string
}

// ---- transfer.schema.json

/**
 * 最近一次失败。The last failure.
 */
export type TransferFailure = {
  /**
   * 失败类别。Kind of failure.
   */
  kind:
    | 'unavailable'
    | 'throttled'
    | 'uncertain'
    | 'undecided'
    | 'rejected'
    | 'unrecognised'
    | 'unauthorised'
    | 'bug'
  /**
   * 系统自己的错误码。The system's own code.
   */
  code?: string
  /**
   * 给运维人员看的一句话，不含个人信息。A sentence for an operator, without personal data.
   */
  summary: string
  [k: string]: unknown
} | null

/**
 * 系统回执。The system's receipt.
 */
export type TransferReceipt = {
  /**
   * 系统回执编号。The number in the system's receipt.
   */
  reference?: string
  /**
   * 系统表示早已收到。The system had it already.
   */
  duplicate?: boolean
  /**
   * 系统答复的其他事实。What else the system answered.
   */
  data?: {
    [k: string]: unknown
  }
  /**
   * 系统随回执报告的事件。Events that it told with it.
   */
  events?: {
    [k: string]: unknown
  }[]
  [k: string]: unknown
} | null

/**
 * 流转：把一件事交给一个对接系统的责任。A transfer: the duty to hand one thing to one system; answered by GET /v1/cases/{id}/transfers.
 */
export interface TransferDocument {
  /**
   * 流转编号，也是发给系统的幂等键。Id of the transfer, and the idempotency key the system is given.
   */
  id: string
  /**
   * 所属办件；null 表示属于整个申办。Its case; null when it concerns the whole submission.
   */
  caseId: string | null
  /**
   * 对接系统。The system.
   */
  system: string
  /**
   * 操作。What is asked of it.
   */
  operation:
    | 'submitCase'
    | 'supplementCase'
    | 'withdrawCase'
    | 'notify'
    | 'obtainCertificate'
    | 'verifyCertificate'
    | 'registerCertificate'
    | 'createOrder'
    | 'cancelOrder'
    | 'followParcel'
    | 'recordService'
  /**
   * 申办内的流转序号，从 1 起；同一通道内先小后大。Counts the transfers of the submission, from 1; of one lane, the lower goes first.
   */
  sequence: number
  /**
   * held 等待前一项，due 待投递，delivered 已送达，refused 被拒绝，cancelled 已取消，dead 死信。
   */
  state: 'held' | 'due' | 'delivered' | 'refused' | 'cancelled' | 'dead'
  /**
   * 已尝试次数。Attempts so far.
   */
  attempts: number
  /**
   * 下次尝试时间。When it is tried next.
   */
  nextAttemptAt: string | null
  failure: TransferFailure
  receipt: TransferReceipt
  /**
   * 产生时间。When it was made.
   */
  createdAt: string
  /**
   * 结束时间。When it ended.
   */
  settledAt: string | null
  [k: string]: unknown
}
