// What we ask of an EX_GDBS department: 申办, 补正 and 撤回 through setDataXmlToFocus, and what it has through a query.

import type {
  Adapter,
  Attempt,
  Contents,
  MaterialContent,
  Outgoing,
  Receipt,
} from '../../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../../src/adapter-kit/failures.ts'
import { personsIn } from '../../../src/adapter-kit/masking.ts'
import { refusedXml, type XmlElement } from '../../../src/adapter-kit/xml.ts'
import { compileExpression } from '../expressions.ts'
import { carry } from '../files.ts'
import type { SoapSettings } from '../settings.ts'
import { call } from '../soap/call.ts'
import type { Line } from '../soap/line.ts'
import { compileRules, judge, sentenceOf } from './answer.ts'
import type { ExGdbs } from './complete.ts'
import { itemsOf, submissionFields, supplementFields, withdrawalFields } from './fields.ts'
import { readInfo, writeInfo } from './info.ts'

interface Desk {
  line: Line
  files: SoapSettings
  settings: ExGdbs
  rules: ReturnType<typeof compileRules>
  queryRules: ReturnType<typeof compileRules>
}

/** One operation of ours as a step of theirs. */
interface Step<C> {
  process: string
  fields(content: C, now: Date): Record<string, string> | Promise<Record<string, string>>
  /** Which of the records found under the case is this one. */
  isThis?(content: C, fields: Readonly<Record<string, string>>): boolean
}

export function exGdbsOutgoing(line: Line, files: SoapSettings, settings: ExGdbs): Adapter['outgoing'] {
  const { steps } = settings
  const desk: Desk = {
    line,
    files,
    settings,
    rules: compileRules(settings.answers, 'exGdbs.answers'),
    queryRules: compileRules(settings.query?.answers ?? [], 'exGdbs.query.answers'),
  }
  const further = Object.entries(settings.fields).map(
    ([name, source]) => [name, compileExpression(source, `exGdbs.fields.${name}`)] as const,
  )
  const { withdraw } = steps
  return {
    submitCase: outgoingOf(desk, {
      process: steps.submit,
      async fields(content) {
        const own: Record<string, string> = {}
        for (const [name, evaluate] of further) own[name] = textOf(await evaluate(content))
        return { ...submissionFields(content, settings), ...own }
      },
    }),
    supplementCase: outgoingOf(desk, {
      process: steps.supplement,
      fields: (content, now) => supplementFields(content, settings, now),
      isThis: (content, { XH }) => XH === String(content.round),
    }),
    ...(withdraw
      ? {
          withdrawCase: outgoingOf(desk, {
            process: withdraw,
            fields: (content, now) => withdrawalFields(content, settings, now),
          }),
        }
      : {}),
  }
}

function outgoingOf<C extends Contents['submitCase'] | Contents['supplementCase'] | Contents['withdrawCase']>(
  desk: Desk,
  step: Step<C>,
): Outgoing<C> {
  return {
    send: (content, attempt) => send(desk, step, content, attempt),
    honoursKey: desk.settings.honoursKey,
    ...(desk.settings.query ? { find: (content, attempt) => find(desk, step, content, attempt) } : {}),
  }
}

async function send<C extends { caseId: string; materials?: MaterialContent[] }>(
  desk: Desk,
  step: Step<C>,
  content: C,
  attempt: Attempt,
): Promise<Receipt> {
  const { line, settings } = desk
  const materials = await carry(content.materials ?? [], desk.files, attempt)
  const fields = await step.fields(content, attempt.now())
  const xml = writeInfo(line.writer, { process: step.process, fields }, itemsOf(materials, settings))
  const { text, cdata } = line.writer
  const values = {
    deptCode: text(settings.deptCode),
    xml: settings.innerXml === 'cdata' ? cdata(xml) : text(xml),
    tableName: text(step.process),
    identifyKey: text(settings.identifyKey),
  }
  const { operation, parameters } = settings.set
  const answer = await call(line, { operation, parameters: named(parameters, values), content }, attempt)
  const receipt = judge(answerText(answer), desk.rules, hiddenIn(desk, content))
  if (receipt) return receipt
  throw new AdapterFailure('rejected', '部门称无此办件 (the department says that it has no such case)')
}

async function find<C extends { caseId: string }>(
  desk: Desk,
  step: Step<C>,
  content: C,
  attempt: Attempt,
): Promise<Receipt | null> {
  const answer = answerText(await ask(desk, step.process, content, attempt))
  if (answer === '' && desk.settings.query?.emptyIsAbsent) return null
  if (sentenceOf(answer)) {
    const told = judge(answer, desk.queryRules, hiddenIn(desk, content))
    if (told === null) return null
    throw refusedXml('查询应答没有数据 (the query was answered without data)')
  }
  const found = readInfo(answer).filter(
    ({ process, fields }) =>
      process === step.process && fields.SBLSH === content.caseId && (step.isThis?.(content, fields) ?? true),
  )
  if (found.length === 0) return null
  const reference = found[0]?.fields[desk.settings.query?.referenceField ?? 'SLHZH']
  return reference ? { reference } : {}
}

function ask(
  desk: Desk,
  tableName: string,
  content: { caseId: string },
  attempt: Attempt,
): Promise<XmlElement> {
  const { line, settings } = desk
  const { text } = line.writer
  const values = {
    deptCode: text(settings.deptCode),
    tableName: text(tableName),
    key: text(content.caseId),
    identifyKey: text(settings.identifyKey),
  }
  const { operation, parameters } = settings.query ?? { operation: '', parameters: {} }
  return call(line, { operation, parameters: named(parameters, values), content }, attempt)
}

/** Their names with our values, in the order in which the settings write them. */
function named(
  names: Readonly<Record<string, string>> | object,
  values: Readonly<Record<string, string>>,
): [string, string][] {
  return Object.entries(names).map(([role, name]) => [String(name), values[role] ?? ''])
}

function answerText({ children, text }: XmlElement): string {
  const [only] = children
  if (!only) return text.trim()
  if (children.length > 1 || only.children.length > 0)
    throw refusedXml('应答结构无法识别 (the answer has another structure)')
  return only.text.trim()
}

function hiddenIn({ line }: Desk, content: unknown): string[] {
  return [...personsIn(content), ...line.secrets]
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
