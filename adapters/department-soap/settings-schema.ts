// The JSON Schema of a SOAP department's settings: validation, masking, the console's form and the docs derive from it.
// Must hold declarations only, and no secret.

import { reportFields } from '../../src/adapter-kit/case-report.ts'
import { caseEventTypes } from '../../src/adapter-kit/contract.ts'
import { fileSchema, secretSchema } from '../../src/adapter-kit/define.ts'
import { closed, expression, one, type Schema, table, text } from '../../src/adapter-kit/schema-words.ts'
import { tlsSchema } from '../../src/adapter-kit/tls-schema.ts'
import { answerMeanings, plainOperations } from './settings.ts'

const list = (items: Schema, description: string): Schema => ({ type: 'array', items, description })
const names = (
  description: string,
  members: Readonly<Record<string, string>>,
  optional: readonly string[] = [],
) =>
  closed(
    description,
    Object.fromEntries(Object.entries(members).map(([name, meaning]) => [name, text(meaning)])),
    Object.keys(members).filter((name) => !optional.includes(name)),
  )
const xmlName = { pattern: '^[\\p{L}_][\\p{L}\\p{N}_.-]*$', examples: ['applyCase'] }
const flag = (description: string): Schema => ({ type: 'boolean', description })

const answers = list(
  closed(
    '一条规则 · one rule',
    {
      code: text('编码 · the code', { pattern: '^\\d{1,6}$', examples: ['01'] }),
      reason: text('须与原因全文相符的正则，可含 (?<reference>…) · regular expression for the whole reason'),
      means: one(answerMeanings, '含义 · what it means'),
    },
    ['code', 'means'],
  ),
  '先于内置表的应答含义 · meanings of “编码：…,原因：…”, before the published ones',
)

const exGdbs = closed(
  'EX_GDBS 步骤交换 · the step exchange',
  {
    deptCode: text('部门编码 · code of the department'),
    identifyKey: secretSchema('标识密钥', 'the key that both sides send'),
    organisationCode: text('申办部门组织机构代码，默认部门编码 · SBBMZZJGDM'),
    innerXml: one(['cdata', 'escaped'], '内层 XML 以 CDATA 或转义文本传送 · how the inner XML is carried'),
    set: closed('写入操作 · the operation that takes steps', {
      operation: text('操作名，默认 setDataXmlToFocus · its name', xmlName),
      parameters: names('参数名，按 WSDL 的次序 · argument names in the order of the WSDL', {
        deptCode: '部门编码 · department',
        xml: '步骤报文 · the step',
        tableName: '表名 · table',
        identifyKey: '密钥 · key',
      }),
    }),
    query: closed('查询操作，缺省则无 · the operation that tells what it has, if any', {
      operation: text('操作名，默认 getDataXml · its name', xmlName),
      parameters: names(
        '参数名，按 WSDL 的次序 · argument names in order',
        {
          deptCode: '部门编码 · department',
          tableName: '表名 · table',
          key: '申办流水号 · our case',
          identifyKey: '密钥 · key',
        },
        ['identifyKey'],
      ),
      answers,
      emptyIsAbsent: flag('空应答即查无 · an empty answer says that it has nothing'),
      referenceField: text('部门编号所在字段，默认 SLHZH · field of the department’s own number'),
    }),
    steps: closed('我方步骤名 · names of our steps', {
      submit: text('申办，默认 EX_GDBS_SB · submission'),
      supplement: text('补正受理，默认 EX_GDBS_BJSL · supplement'),
      withdraw: text('撤回，缺省则不提供 · withdrawal; not offered when absent'),
    }),
    honoursKey: flag('按申办流水号覆盖写入，可安全重发 · one effect per SBLSH, so sending again is safe'),
    answers,
    applicantTypes: names('SQRLX', { person: '个人 · person', organisation: '法人 · organisation' }),
    idTypes: table('SQRZJLX：我方证件类型 -> 其代码 · our id types to theirs', text('其代码 · their code')),
    submittedBy: names('TJFS', {
      online: '网办 · online',
      agent: '代办 · agent',
      appointment: '预约 · appointment',
    }),
    resultBy: text('QDFS，默认 8 快递 · how results are handed over'),
    divisionDigits: one([6, 12], 'XZQHDM 的位数 · digits of a division'),
    fields: table(
      '申办步骤的其他字段 · further fields of the submission, JSONata over the case',
      text('JSONata'),
    ),
    withdrawal: closed('撤回步骤的字段名 · field names of a withdrawal', {
      reason: text('原因，默认 CXYY · reason'),
      time: text('时间，默认 CXSJ · time'),
    }),
    materialLists: closed('材料清单的写法 · how lists of materials are written', {
      between: text('材料之间，默认 ; · between materials'),
      within: text('各项之间，默认 | · between parts'),
      sent: list(
        one(['code', 'name', 'source', 'certificate', 'copies'], '各项 · a part'),
        '我方所写 · what we write',
      ),
      asked: list(one(['code', 'name', 'reason'], '各项 · a part'), '部门所写 · what BJCLQD holds'),
    }),
    itemInfo: names('ItemInfo 的属性名 · attributes of ItemInfo', {
      code: '材料编码 · material code',
      name: '材料名称 · material name',
      fileName: '文件名 · file name',
      mediaType: '类型 · media type',
      size: '字节数 · bytes',
      sha256: '摘要 · SHA-256',
      link: '链接 · link',
    }),
    approvals: table(
      'SPHJZTDM -> 事件（SPHJDM 3 时）· outcome of the decision',
      one(caseEventTypes, '事件 · event'),
    ),
    resultType: one(['paper', 'electronic'], '出证办结的结果形式，默认纸质 · kind of result, default paper'),
  },
  ['deptCode', 'identifyKey'],
)

const plainAnswer = closed('如何读取应答 · how an answer is read', {
  code: expression('应答代码 · its code'),
  message: expression('说明 · its message'),
  reference: expression('部门办件编号 · the department’s number'),
  found: expression('为真表示已办成 · true when the thing asked for did happen'),
})
const codes = table(
  '代码的含义 · what each code means; others are unrecognised',
  one(answerMeanings, '含义 · meaning'),
)
const callMembers = {
  operation: text('操作名 · operation', xmlName),
  parameters: {
    type: 'object',
    description: '参数名 -> 文本，= 开头为 JSONata，按 WSDL 的次序 · parameters in the order of the WSDL',
  },
  answer: plainAnswer,
  codes,
}
const report = Object.fromEntries(reportFields.map((field) => [field, expression(field)]))
const polling = closed(
  '轮询：不能推送的部门 · asked again and again, because it cannot push',
  {
    ...callMembers,
    items: expression('列表；空列表时没有元素的写作 […] · the list; […] where an empty one has no element'),
    cursor: expression('下一页游标，可用 $items · where to go on'),
    more: expression(
      '是否还有，默认按是否满页 · whether there is more at once; default: when the page was full',
    ),
    pageSize: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description: '每页条数，默认 200 · items a page',
    },
    first: { type: 'string', description: '首次请求的游标 · cursor of the very first request' },
    event: closed('每条如何读取，默认同 incoming · how an item is read; default: as in incoming', report),
  },
  ['operation', 'parameters', 'items'],
)
const plain = closed('简单 SOAP · simple SOAP, all by configuration', {
  answer: plainAnswer,
  fault: {
    ...plainAnswer,
    description:
      '带业务代码的 Fault 如何读取；代码按 codes，取不到则按 Fault 自身 · how a fault with a code of the department’s own is read; without one it means what faults mean',
  },
  codes,
  operations: closed(
    '各操作 · operations',
    Object.fromEntries(
      plainOperations.map((name) => [
        name,
        closed(
          name,
          {
            ...callMembers,
            find: closed('如何查明是否到达 · how to find out whether it arrived', callMembers, [
              'operation',
              'parameters',
            ]),
            honoursKey: flag('可安全重发 · sending again is safe'),
          },
          ['operation', 'parameters'],
        ),
      ]),
    ),
  ),
  statuses: table(
    '状态 -> 事件；null 不记录 · status to event',
    one([...caseEventTypes, null], '事件 · event'),
  ),
  incoming: closed('部门来电如何读取 · how its own calls are read', {
    each: expression('一次报告多件时的列表 · the list, when a call tells of several things'),
    ...report,
    acknowledge: closed('应答元素 · elements of our answer; {code} and {detail} are filled in', {
      ok: table('成功 · when taken', { type: 'string' }),
      failed: table('失败；缺省则以 SOAP Fault · when refused; a fault when absent', { type: 'string' }),
    }),
  }),
  polling,
})

const username = text('用户名 · user name')

/** JSON Schema (2020-12) of `settings:`. */
export const settingsSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...closed(
    'SOAP 部门系统 · a department that speaks SOAP',
    {
      baseUrl: text('服务地址，含路径 · address of the service', {
        format: 'uri',
        pattern: '^https?://',
        examples: ['https://system.example/api'],
      }),
      profile: one(['ex-gdbs', 'plain'], '格式 · the profile'),
      version: one(['1.1', '1.2'], 'SOAP 版本，默认 1.1 · default 1.1'),
      namespace: text('目标命名空间，wsdl 为文件时可省 · targetNamespace; may be left to a WSDL file'),
      soapAction: text(
        'SOAPAction，可为空，默认 WSDL 文件所载或 urn:{operation} · may be empty; {operation} is filled in',
        { minLength: 0 },
      ),
      answerElement: text(
        '应答元素名，* 为任意，默认 WSDL 文件所载或 {operation}Response · element of the answer; * is any',
      ),
      parameters: one(
        ['qualified', 'unqualified', 'encoded'],
        '参数是否带命名空间，默认带；RPC/literal 用 unqualified，RPC/encoded 用 encoded · elementFormDefault; unqualified for RPC/literal, encoded for RPC/encoded',
      ),
      charset: one(['utf-8', 'gbk', 'gb18030'], '编码，默认 utf-8 · charset'),
      security: closed(
        '我方身份 · how we prove who we are',
        {
          scheme: one(['none', 'username-text', 'username-digest', 'basic', 'bearer'], '方式 · scheme'),
          username,
          password: secretSchema('口令或令牌', 'password or token'),
        },
        ['scheme'],
      ),
      authFaults: list(
        text('代码 · code'),
        '表示身份被拒的 Fault 代码 · further fault codes that refuse our credentials',
      ),
      tls: tlsSchema,
      wsdl: {
        anyOf: [
          text('地址 · address', {
            format: 'uri',
            pattern: '^https?://',
            examples: ['https://system.example/api?wsdl'],
          }),
          { ...fileSchema('文件 · file'), pattern: '^\\s*<', examples: ['<definitions/>'] },
        ],
        'x-form': {
          en: 'an http or https address, or { file: path }',
          zh: ' http(s) 地址或 { file: 路径 }',
        },
        description:
          'WSDL 地址或文件，默认服务地址加 ?wsdl；文件另给出命名空间、SOAPAction 等默认值 · address or file of the WSDL',
      },
      files: one(['link', 'inline', 'none'], '文件以链接、Base64 或不传送 · how files travel, default link'),
      linkSeconds: { type: 'integer', minimum: 60, description: '链接有效秒数 · how long links live' },
      maxInlineBytes: {
        type: 'integer',
        minimum: 1024,
        maximum: 67108864,
        description: 'Base64 文件总字节上限 · limit of inline files',
      },
      exGdbs,
      plain,
      incoming: closed('部门来电的身份 · how the department proves who it is', {
        verify: one(
          ['key', 'username-token', 'basic', 'bearer', 'none'],
          '默认：ex-gdbs 用密钥参数，plain 用 UsernameToken · default by profile',
        ),
        username,
        password: secretSchema(
          '口令、令牌或密钥；缺省用 identifyKey',
          'password, token or key; default identifyKey',
        ),
        previousPassword: secretSchema('轮换期间的旧口令', 'the old one, valid while rotating'),
        operation: text('来电的操作名 · the operation it calls', xmlName),
      }),
    },
    ['baseUrl', 'profile'],
  ),
}
