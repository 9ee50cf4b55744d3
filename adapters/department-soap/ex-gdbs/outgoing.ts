// What we ask of an EX_GDBS department: 申办, 补正, 撤回 and the steps of our events through setDataXmlToFocus, and what it
// has through a query.

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
import { compileWithXml } from '../expressions.ts'
import { carry } from '../files.ts'
import type { SoapSettings } from '../settings.ts'
import { call } from '../soap/call.ts'
import type { Line } from '../soap/line.ts'
import { compileRules, judge, sentenceOf } from './answer.ts'
import type { ExGdbs } from './complete.ts'
import { itemsOf, submissionFields, supplementFields, withdrawalFields } from './fields.ts'
import { type Fit, isOfRound, isTold } from './found.ts'
import { readInfo, type StepRecord, writeInfo } from './info.ts'
import { stepFields, stepOf } from './steps.ts'
import { toldStep } from './told.ts'

interface Desk {
  line: Line
  files: SoapSettings
  settings: ExGdbs
  rules: ReturnType<typeof compileRules>
  queryRules: ReturnType<typeof compileRules>
}

/** One operation of ours as a step of theirs. */
interface Step<C> {
  /** Undefined when there is nothing to tell. */
  record(content: C, now: Date): StepRecord | undefined | Promise<StepRecord | undefined>
  /**
   * Whether a record of this step, found under the case, is this one; `ours` is what we send. Left out: the
   * only one is.
   */
  isThis?(found: StepRecord['fields'], ours: StepRecord): Fit
  /** No other step of a case is there before it. */
  first?: boolean
}

export function exGdbsOutgoing(line: Line, files: SoapSettings, settings: ExGdbs): Adapter['outgoing'] {
  const { steps } = settings
  const desk: Desk = {
    line,
    files,
    settings,
    rules: compileRules(settings.answers, 'exGdbs.answers'),
    queryRules: compileRules(settings.query?.answers ?? settings.answers, 'exGdbs.query.answers'),
  }
  const further = Object.entries(settings.fields).map(
    ([name, source]) => [name, compileWithXml(source, `exGdbs.fields.${name}`)] as const,
  )
  const { withdraw } = steps
  return {
    submitCase: outgoingOf(desk, {
      first: true,
      async record(content) {
        const own: Record<string, string> = {}
        for (const [name, evaluate] of further) own[name] = textOf(await evaluate(content))
        return { process: steps.submit, fields: { ...submissionFields(content, settings), ...own } }
      },
    }),
    supplementCase: outgoingOf(desk, {
      record: (content, now) => ({
        process: steps.supplement,
        fields: supplementFields(content, settings, now),
      }),
      isThis: isOfRound,
    }),
    notify: outgoingOf(desk, {
      record: (content) => toldStep(content, settings),
      isThis: isTold,
    }),
    ...(withdraw
      ? {
          withdrawCase: outgoingOf(desk, {
            record: (content, now) => ({
              process: withdraw,
              fields: withdrawalFields(content, settings, now),
            }),
          }),
        }
      : {}),
  }
}

type Told = Contents['submitCase' | 'supplementCase' | 'withdrawCase' | 'notify']

function outgoingOf<C extends Told>(desk: Desk, step: Step<C>): Outgoing<C> {
  return {
    send: (content, attempt) => send(desk, step, content, attempt),
    honoursKey: desk.settings.honoursKey,
    ...(desk.settings.query ? { find: (content, attempt) => find(desk, step, content, attempt) } : {}),
  }
}

async function send<C extends Told>(
  desk: Desk,
  step: Step<C>,
  content: C,
  attempt: Attempt,
): Promise<Receipt> {
  const { line, settings } = desk
  const record = await step.record(content, attempt.now())
  if (!record) return {}
  const materials = await carry(materialsOf(content), desk.files, attempt)
  const xml = writeInfo(line.writer, record, itemsOf(materials, settings))
  const { text, cdata } = line.writer
  const values = {
    deptCode: text(settings.deptCode),
    xml: settings.innerXml === 'cdata' ? cdata(xml) : text(xml),
    tableName: text(record.process),
    identifyKey: text(settings.identifyKey),
  }
  const { operation, parameters } = settings.set
  const answer = await call(line, { operation, parameters: named(parameters, values), content }, attempt)
  const receipt = judge(answerText(answer), desk.rules, hiddenIn(desk, content))
  if (receipt) return receipt
  throw new AdapterFailure('rejected', '部门称无此办件 (the department says that it has no such case)')
}

const materialsOf = (content: Told): MaterialContent[] => ('materials' in content ? content.materials : [])

async function find<C extends Told>(
  desk: Desk,
  step: Step<C>,
  content: C,
  attempt: Attempt,
): Promise<Receipt | null> {
  const { settings } = desk
  const ours = await step.record(content, attempt.now())
  if (!ours) return {}
  const answer = answerText(await ask(desk, ours, content, attempt))
  if (answer === '' && settings.query?.emptyIsAbsent) return null
  if (sentenceOf(answer)) {
    const told = judge(answer, desk.queryRules, hiddenIn(desk, content))
    if (told === null) return null
    throw refusedXml('查询应答没有数据 (the query was answered without data)')
  }
  const found = readInfo(answer).filter(({ fields }) => !isOfAnother(fields, ours))
  const fits = found.map((one) => fitOf(settings, step, one, ours))
  if (fits.every((fit) => fit === false)) return null
  const fitting = found[fits.indexOf(true)]
  if (!fitting) throw unclear(found[fits.indexOf(undefined)])
  const reference = fitting.fields[settings.query?.referenceField ?? 'SLHZH']
  return reference ? { reference } : {}
}

const isOfAnother = ({ SBLSH }: StepRecord['fields'], { fields }: StepRecord): boolean =>
  !!SBLSH && SBLSH !== fields.SBLSH

function fitOf<C>({ steps }: ExGdbs, step: Step<C>, found: StepRecord, ours: StepRecord): Fit {
  const theirs = stepOf(found.process)
  if (!found.fields.SBLSH) return undefined
  if (theirs === stepOf(ours.process)) return step.isThis ? step.isThis(found.fields, ours) : true
  const known = Object.hasOwn(stepFields, theirs) || Object.values(steps).map(stepOf).includes(theirs)
  return step.first || !known ? undefined : false
}

function unclear(found: StepRecord | undefined): AdapterFailure {
  const what =
    '查到本办件的记录，但无法判断是否为本次所报 (the query found a record of the case, and nobody can tell whether it is this one)'
  return new AdapterFailure('unrecognised', what, { code: (found?.process ?? '').slice(0, 40) })
}

function ask(
  desk: Desk,
  { process, fields }: StepRecord,
  content: unknown,
  attempt: Attempt,
): Promise<XmlElement> {
  const { line, settings } = desk
  const { text } = line.writer
  const values = {
    deptCode: text(settings.deptCode),
    tableName: text(process),
    key: text(fields.SBLSH ?? ''),
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
