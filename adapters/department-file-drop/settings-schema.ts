// JSON Schema (2020-12) of the settings: closed, in both languages, secrets marked writeOnly.

import { reportFields } from '../../src/adapter-kit/case-report.ts'
import { caseEventTypes } from '../../src/adapter-kit/contract.ts'
import { secretSchema } from '../../src/adapter-kit/define.ts'
import { closed, type Schema, text, whole } from '../../src/adapter-kit/schema-words.ts'
import { checksums } from './checksum.ts'
import { ackMeanings, directoryNames, droppedOperations, formats } from './settings.ts'

const each = (names: readonly string[], schema: Schema): Schema =>
  Object.fromEntries(names.map((name) => [name, schema]))
const charset = (description: string): Schema => ({ enum: ['utf-8', 'gbk', 'gb18030'], description })

const fingerprint = {
  type: 'string',
  pattern: '^SHA256:[A-Za-z0-9+/]{43}$',
  examples: ['SHA256:2Yh0bTn3V9yS1GdUg5m0cB1h2Qk8x4ZVxRrJ0yqkz0E'],
}
const sftp = closed(
  'SFTP 服务器 · an SFTP server',
  {
    host: text('主机 · host', { not: { pattern: '^169\\.254\\.|^\\[?fe80:' } }),
    port: whole('端口，默认 22 · port, default 22', 1, 65535),
    user: text('用户 · user'),
    password: secretSchema('密码', 'password'),
    privateKey: secretSchema('私钥 (OpenSSH 或 PEM)', 'private key (OpenSSH or PEM)'),
    passphrase: secretSchema('私钥口令', 'its passphrase'),
    hostKey: {
      description:
        '主机密钥指纹 SHA256:…（ssh-keyscan 主机 | ssh-keygen -lf -），换密钥期间可列多个 · fingerprint of the host key; several while it is changed',
      oneOf: [fingerprint, { type: 'array', minItems: 1, maxItems: 5, items: fingerprint }],
    },
    path: text('各目录的上级，默认登录目录 · root of the directories, default the login’s home'),
    connectMs: whole('连接时限，毫秒，默认 15000 · time to connect, ms', 100, 120_000),
    requestMs: whole('每次请求时限，毫秒，默认 30000 · time for one request, ms', 100, 600_000),
  },
  ['host', 'user', 'hostKey'],
)
const folder = closed(
  '本机目录或网络盘 · a folder of this machine or a mounted drive',
  { path: text('绝对路径 · absolute path', { pattern: '^/', examples: ['/data/exchange'] }) },
  ['path'],
)
const transport = {
  ...closed('传输方式，二选一 · the transport, one of the two', { sftp, folder }),
  minProperties: 1,
  maxProperties: 1,
}

const directory = text('目录 · directory', {
  pattern: '^(?!.*(^|/)\\.\\.(/|$))[^\\\\\\u0000]+$',
  examples: ['outbox/cases'],
})
const name = text(
  '文件名（不含扩展名），可含 {region} {caseId} {round} {date} {matter} {homeDivision} · file name without extension; each must hold {caseId}',
  { maxLength: 150, pattern: '^[^/\\\\\\u0000-\\u001f]+$', examples: ['{caseId}.json'] },
)
const template = {
  type: ['string', 'object', 'array'],
  description:
    '文件内容：JSONata，或其中以 = 开头的文本为 JSONata 的模板 · the document: JSONata, or a template with texts beginning with =',
}
const incoming = closed('如何读取部门的文件 · how the department’s files are read', {
  format: { enum: formats, description: '格式，默认同上 · format, default as above' },
  charset: charset('编码，默认同上 · charset, default as above'),
  checksum: {
    enum: checksums,
    description: '部门清单的校验算法，默认同上 · sums of its manifests, default as above',
  },
  complete: {
    enum: ['manifest', 'marker', 'rename', 'still'],
    description:
      '何时算完整：清单文件、空标志文件、改名、若干秒未变 · whole when: a manifest, an empty marker, renamed, unchanged for some seconds',
  },
  stillSeconds: whole('still：多少秒未变，默认 60 · unchanged for so many seconds', 1, 86_400),
  patienceSeconds: whole(
    '清单不符或缺文件时等待，默认 300 · wait while file and manifest do not agree',
    0,
    86_400,
  ),
  delimiter: text('CSV 分隔符，默认逗号 · delimiter of CSV, default comma', { maxLength: 1 }),
  each: text('一个文件含多个事件时的列表 (JSONata) · the list of records in a file'),
  ...Object.fromEntries(reportFields.map((field) => [field, text(`${field} (JSONata)`)])),
})
const limits = closed('上限 · limits', {
  fileBytes: whole('单个文件字节数，默认 20 MiB · bytes of one file', 1024, 268_435_456),
  unpackedBytes: whole(
    '压缩包展开后字节数，默认 100 MiB · bytes of an archive unpacked',
    1024,
    1_073_741_824,
  ),
  ratio: whole('展开比，默认 100 · unpacked to packed', 1, 1000),
  entries: whole('压缩包文件数，默认 200 · entries of an archive', 1, 10_000),
  depth: whole('层数，默认 32 · levels', 1, 100),
  events: whole('每个文件的事件数，默认 2000 · events of one file', 1, 10_000),
  page: whole('每页条数，默认 200 · items of one page', 1, 1000),
  listed: whole(
    '每个目录查看的（相关）文件数，in/ 为其 10 倍，默认 10000 · files that matter of one directory that are looked at, ten times as many of in/',
    10,
    200_000,
  ),
})

export const settingsSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed(
    '以文件交换的部门系统 · a department that exchanges files',
    {
      transport,
      region: text('部门的行政区划代码，用于文件名 · the department’s division, for file names', {
        pattern: '^\\d{6}$',
        examples: ['410204'],
      }),
      directories: closed(
        '目录，默认同名 · directories, default their own names',
        each(directoryNames, directory),
      ),
      names: closed('文件命名 · names of our files', each(droppedOperations, name)),
      format: { enum: formats, description: '格式，默认 json · format' },
      charset: charset('内容编码，默认 utf-8 · charset of contents'),
      fileNames: charset('文件名编码，默认 utf-8，目录与 SFTP 均可 · charset of file names, default utf-8'),
      packaging: { enum: ['files', 'zip'], description: '分开的文件或一个 zip · separate files, or one zip' },
      materials: {
        enum: ['carried', 'none'],
        description: '材料随文件送出或不送 · whether materials go along',
      },
      manifestSuffix: text('清单文件后缀，默认 .mf · suffix of manifests', {
        pattern: '^\\.[A-Za-z0-9]{1,10}$',
        examples: ['.done'],
      }),
      checksum: {
        enum: checksums,
        description: '清单校验算法，默认 sha256 · sums of manifests, default sha256',
      },
      acknowledgement: {
        enum: ['json', 'xml'],
        description: '回执文件格式 · format of acknowledgement files',
      },
      ackKeptDays: whole(
        '我方回执在 ack/ 保留天数，默认 30 · days for which our acknowledgements stay in ack/',
        1,
        3650,
      ),
      until: {
        enum: ['written', 'acknowledged'],
        description: '何时算已交付：写完，或部门回执 · delivered when written, or when acknowledged',
      },
      documents: closed('自定义文件内容 · documents of one’s own', each(droppedOperations, template)),
      utcOffset: text('部门时间的时区偏移，默认 +08:00 · offset of its local times', {
        pattern: '^[+-]\\d{2}:\\d{2}$',
        examples: ['+08:00'],
      }),
      incoming,
      statuses: {
        type: 'object',
        description:
          '状态代码 -> 事件；null 表示无需记录 · status code -> event; null when it tells nothing we track',
        additionalProperties: { enum: [...caseEventTypes, null] },
      },
      codes: {
        type: 'object',
        description: '部门回执代码（或“2*”前缀）的含义 · what the codes of its acknowledgements mean',
        additionalProperties: { enum: ackMeanings },
      },
      limits,
    },
    ['transport', 'region'],
  ),
}
