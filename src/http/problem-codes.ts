// Every refusal the gateway can answer with. The problem documents, the docs list and the type of
// `problem()` derive from this table; add a row here and nowhere else.

interface ProblemRow {
  status: number
  title: string
  titleZh: string
  /** Sent unless the place that refuses says otherwise. */
  headers?: Record<string, string>
}

export const problemCodes = {
  'malformed-json': { status: 400, title: 'The body is not JSON', titleZh: '请求体不是合法的 JSON' },
  'invalid-request': { status: 400, title: 'The request cannot be read', titleZh: '请求无法识别' },
  'idempotency-key-missing': {
    status: 400,
    title: 'An Idempotency-Key header is required',
    titleZh: '缺少 Idempotency-Key 请求头',
  },
  unauthenticated: {
    status: 401,
    title: 'Who calls is not known',
    titleZh: '身份未认证',
    headers: { 'www-authenticate': 'Bearer realm="tongban"' },
  },
  forbidden: { status: 403, title: 'The caller may not do this', titleZh: '无权进行此操作' },
  'division-not-allowed': {
    status: 403,
    title: 'The caller may not act for this division',
    titleZh: '无权办理该行政区划的业务',
  },
  'not-found': { status: 404, title: 'There is no such thing', titleZh: '所请求的内容不存在' },
  'unknown-platform': { status: 404, title: 'There is no such platform', titleZh: '未接入该平台' },
  'unknown-system': { status: 404, title: 'There is no such system', titleZh: '未接入该系统' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here', titleZh: '不支持该请求方法' },
  'request-timeout': { status: 408, title: 'The request came in too slowly', titleZh: '请求接收超时' },
  'idempotency-conflict': {
    status: 409,
    title: 'The same key or number was used with another body',
    titleZh: '同一幂等键或外部编号对应了不同的内容',
  },
  'conflict-state': {
    status: 409,
    title: 'Its present state does not allow this',
    titleZh: '当前状态不允许此操作',
  },
  'link-expired': { status: 410, title: 'The link has expired', titleZh: '链接已失效' },
  'too-large': { status: 413, title: 'The body or a file is too large', titleZh: '请求体或文件过大' },
  'too-many-parts': { status: 413, title: 'The request has too many parts', titleZh: '请求的部分过多' },
  'unsupported-media-type': {
    status: 415,
    title: 'The media type or charset is not supported',
    titleZh: '不支持的媒体类型或字符集',
  },
  'range-not-satisfiable': {
    status: 416,
    title: 'The range is outside the file',
    titleZh: '请求的范围超出文件',
  },
  'invalid-encoding': {
    status: 422,
    title: 'The text holds bytes or characters that cannot be kept',
    titleZh: '文本编码有误或含有无法保存的字符',
  },
  'unsafe-json': {
    status: 422,
    title: 'The JSON is too deep, ambiguous or unsafe',
    titleZh: 'JSON 嵌套过深、有歧义或不安全',
  },
  'invalid-submission': { status: 422, title: 'The submission has errors', titleZh: '申办内容有误' },
  'invalid-configuration': {
    status: 422,
    title: 'The configuration has errors; the one in force stays',
    titleZh: '配置有误，仍沿用现行配置',
  },
  'hash-mismatch': {
    status: 422,
    title: 'The bytes do not have the hash announced',
    titleZh: '文件内容与摘要不符',
  },
  'truncated-upload': { status: 400, title: 'The upload ended too early', titleZh: '上传内容不完整' },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    titleZh: '请求头过大',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    titleZh: '请求过于频繁',
    headers: { 'retry-after': '1' },
  },
  'storage-full': {
    status: 507,
    title: 'There is no room for files at present',
    titleZh: '文件存储空间不足',
    headers: { 'retry-after': '60' },
  },
  unavailable: {
    status: 503,
    title: 'The gateway cannot take this now; try again',
    titleZh: '网关暂时无法受理，请稍后重试',
    headers: { 'retry-after': '2' },
  },
  internal: { status: 500, title: 'The gateway made a mistake', titleZh: '网关内部错误' },
} as const satisfies Record<string, ProblemRow>

export type ProblemCode = keyof typeof problemCodes
