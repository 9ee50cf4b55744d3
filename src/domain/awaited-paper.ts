// A case that waits for paper, until its department has it: by the parcel that was ordered, by hand, or on
// any other way. Where that parcel was lost, sent back, cancelled or never taken, nothing would ever come, so
// the applicant is asked to hand the paper in once more or to upload it, whichever is first; so is whoever
// was to bring it and still has it when his time is up. No second parcel is ordered: only the applicant knows
// what there is to send, and from where.

import { askApplicant, type Question, stopAsking } from './ask.ts'
import type { Rules } from './decide.ts'
import { stopWaiting } from './dispatch.ts'
import { changeCase, type Draft, findCase, findMaterial, findParcel } from './draft.ts'
import { lastLink } from './paper.ts'
import { findPaper, putPaper } from './papers.ts'
import { recallNeedless } from './recall.ts'
import type { Case, Parcel, Wait } from './submission.ts'

const questions: Partial<Record<Parcel['state'], Omit<Question, 'materials'>>> = {
  lost: {
    code: 'paper-lost',
    zh: '纸质材料在寄递途中遗失，请重新提交纸质材料或上传扫描件',
    en: 'The paper was lost in the post: please hand it in once more, or upload it',
  },
  returned: {
    code: 'paper-returned',
    zh: '纸质材料未能寄达，已退回寄件人，请重新提交纸质材料或上传扫描件',
    en: 'The paper could not be delivered and was sent back: please hand it in once more, or upload it',
  },
  cancelled: {
    code: 'paper-not-collected',
    zh: '纸质材料的揽收订单已取消，请自行提交纸质材料或上传扫描件',
    en: 'The paper was not collected, its order was cancelled: please hand it in, or upload it',
  },
}
const notBrought: Omit<Question, 'materials'> = {
  code: 'paper-not-brought',
  zh: '尚未收到应提交的纸质材料，请尽快提交纸质材料或上传扫描件',
  en: 'The paper has not been handed in: please hand it in, or upload it',
}
const notTaken: Omit<Question, 'materials'> = {
  code: 'paper-order-refused',
  zh: '寄递企业未接受上门取件订单，请自行提交纸质材料或上传扫描件',
  en: 'The carrier does not fetch the paper: please hand it in, or upload it',
}
const all: readonly Omit<Question, 'materials'>[] = [...Object.values(questions), notBrought, notTaken]
const codes: ReadonlySet<string> = new Set(all.map(({ code }) => code))

/** After a report of a parcel that brings paper: those that wait for it go out, or their applicant is asked. */
export function followAwaited(draft: Draft, { id, direction, materials }: Parcel, rules: Rules): Draft {
  if (direction !== 'collect') return draft
  const { state } = findParcel(draft, id)!
  if (state === 'delivered') return paperArrived(draft, materials, rules)
  const question = questions[state]
  return question ? askForPaper(draft, isForParcel(id), materials, question, rules) : draft
}

const isForParcel =
  (id: string) =>
  (wait: Wait): boolean =>
    'parcel' in wait && wait.parcel === id

/** Its carrier refused the order for certain; should it take it after all, what arrives ends the question. */
export const askForUncollected = (draft: Draft, { id, direction, materials }: Parcel, rules: Rules): Draft =>
  direction === 'collect' ? askForPaper(draft, isForParcel(id), materials, notTaken, rules) : draft

/** After the alarm: of the papers of this case, those that the applicant was to bring and still has. */
export function askForLate(draft: Draft, caseId: string, rules: Rules): Draft {
  const papers = findCase(draft, caseId)?.papers ?? []
  return papers.reduce((next, { material, byHand, awaits }) => {
    if (!byHand) return next
    // A scan was handed in for another case meanwhile.
    if (isThere(next, material!)) return paperArrived(next, [material!], rules)
    if (!awaits?.alarm || awaits.from !== 'applicant') return next
    return askForPaper(next, isForMaterial(material!), [material!], notBrought, rules)
  }, draft)
}

const isForMaterial =
  (code: string) =>
  (wait: Wait): boolean =>
    wait.for === 'paper' && 'material' in wait && wait.material === code

function askForPaper(
  draft: Draft,
  waiting: (wait: Wait) => boolean,
  wanted: readonly string[],
  question: Omit<Question, 'materials'>,
  rules: Rules,
): Draft {
  const missing = wanted.filter((code) => !isThere(draft, code))
  const asked = draft.aggregate.cases.reduce((next, one) => {
    const materials = missing.filter((code) => findMaterial(draft, code)?.cases.includes(one.id))
    return materials.length > 0 && one.waits.some(waiting)
      ? askApplicant(next, one, waiting, { ...question, materials }, rules)
      : next
  }, draft)
  return stopWaiting(asked, waiting)
}

/**
 * The applicant has handed these papers in, or posted them: he is asked for them no more, and their cases
 * wait for them again.
 */
export function paperHandedIn(draft: Draft, materials: readonly string[], rules: Rules): Draft {
  return stopAskingForPaper(draft, materials, rules, (asked, one, had) => {
    const awaited = had.map((material): Wait => ({ for: 'paper', material }))
    return had.reduce(byHand, changeCase(asked, one.id, { waits: [...one.waits, ...awaited] }))
  })
}

/** No parcel of ours brings it. */
function byHand(draft: Draft, material: string): Draft {
  const held = findPaper(draft, { material })
  return held ? putPaper(draft, held.one.id, { ...held.paper, byHand: true }) : draft
}

/**
 * Takes back what cases were asked for because such a paper did not come; `before`: what is done with each
 * case first.
 */
function stopAskingForPaper(
  draft: Draft,
  materials: readonly string[],
  rules: Rules,
  before: (draft: Draft, one: Case, had: readonly string[]) => Draft = (asked) => asked,
): Draft {
  return draft.aggregate.cases.reduce((next, { id }) => {
    const one = findCase(next, id)!
    const asked = one.asked.filter(({ code, reason }) => codes.has(reason) && materials.includes(code))
    const had = asked.map(({ code }) => code)
    const over = (wait: Wait): boolean => wait.for === 'supplement' && had.includes(wait.material)
    if (!one.waits.some(over)) return next
    const ready = before(next, one, had)
    return stopAsking(ready, findCase(ready, id)!, had, over, rules)
  }, draft)
}

/** These papers are with their department: nobody waits for them any more, nor is asked for them. */
export function paperArrived(draft: Draft, materials: readonly string[], rules: Rules): Draft {
  const freed = stopAskingForPaper(draft, materials, rules)
  const there = (code: string): boolean => isThere(freed, code)
  return stopWaiting(
    recallNeedless(freed, there),
    (wait) =>
      wait.for === 'paper' && ('parcel' in wait ? isParcelThere(freed, wait.parcel) : there(wait.material)),
  )
}

function isParcelThere(draft: Draft, id: string): boolean {
  const parcel = findParcel(draft, id)
  return parcel?.state === 'delivered' || parcel?.materials.every((code) => isThere(draft, code)) === true
}

/** Its department has it, or a scan was taken in its place. */
function isThere(draft: Draft, code: string): boolean {
  if (findMaterial(draft, code)?.source !== 'paper') return true
  const held = findPaper(draft, { material: code })
  return held !== undefined && lastLink(held.paper)?.to.kind === 'department'
}
