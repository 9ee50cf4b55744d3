// What can be wrong with a plan, each as one sentence in English and in Chinese.
// Only sentences: what counts as wrong is decided in plan.ts.

import type { Catalogue, Division, Matter, Mode, Situation, Theme } from './catalogue.ts'
import { nearest } from './nearest.ts'
import { pointerOf } from './pointer.ts'

type PlanFault =
  | 'unknown-theme'
  | 'unknown-division'
  | 'mode-not-offered'
  | 'matter-not-offered'
  | 'matter-not-planned'
  | 'nothing-to-do'
  | 'redo-nothing-planned'
  | 'situation-missing'
  | 'situation-wrong'
  | 'unknown-situation'

/** The same shape as the errors of an RFC 9457 problem; `pointer` is into the canonical submission. */
export interface PlanProblem {
  pointer: string
  code: PlanFault
  message: string
  messageZh: string
}

export function unknownTheme(catalogue: Catalogue, code: string): PlanProblem {
  const near = nearest(code, catalogue.themes.keys())
  return trouble(
    '/theme',
    'unknown-theme',
    `There is no theme ${code}${near ? `; did you mean ${near}?` : ''}`,
    `没有主题 ${code}${near ? `，您是否要办理 ${near}？` : ''}`,
  )
}

export function unknownDivision(code: string): PlanProblem {
  return trouble(
    '/homeDivision',
    'unknown-division',
    `There is no division ${code} in this city`,
    `本市没有行政区划 ${code}`,
  )
}

export function themeWithoutMode(theme: Theme, mode: Mode): PlanProblem {
  return trouble(
    '/mode',
    'mode-not-offered',
    `Theme ${theme.code} is not offered in mode ${mode}; offered: ${theme.modes.join(', ')}`,
    `主题“${theme.name.zh}”不支持${modesZh[mode]}，可选：${theme.modes.map((each) => modesZh[each]).join('、')}`,
  )
}

export function matterWithoutMode(matter: Matter, mode: Mode): PlanProblem {
  return trouble(
    at('modes', matter.code),
    'mode-not-offered',
    `Matter ${matter.code} is not offered in mode ${mode}; offered: ${matter.modes.join(', ')}`,
    `事项“${matter.name.zh}”不支持${modesZh[mode]}，可选：${matter.modes.map((each) => modesZh[each]).join('、')}`,
  )
}

export function matterNotOffered(matter: Matter, division: Division): PlanProblem {
  return trouble(
    '/homeDivision',
    'matter-not-offered',
    `Matter ${matter.code} is not offered in division ${division.code}`,
    `${division.name.zh}不办理事项“${matter.name.zh}”`,
  )
}

export function matterNotPlanned(code: string): PlanProblem {
  return trouble(
    at('modes', code),
    'matter-not-planned',
    `Matter ${code} is not part of this submission`,
    `本次申办不包含事项 ${code}`,
  )
}

export function nothingChosen(theme: Theme): PlanProblem {
  return trouble(
    '/situations',
    'nothing-to-do',
    `With these answers theme ${theme.code} has nothing to handle: choose at least one matter`,
    `按所填情形，主题“${theme.name.zh}”没有需要办理的事项：请至少选择一项`,
  )
}

export function nothingToRedo(): PlanProblem {
  return trouble(
    '/redoes',
    'redo-nothing-planned',
    'None of the matters to be done again belongs to these situations',
    '按所填情形，没有需要重新办理的事项',
  )
}

export function situationMissing(situation: Situation): PlanProblem {
  return trouble(
    at('situations', situation.code),
    'situation-missing',
    `Please answer: ${situation.question.en}`,
    `请回答：${situation.question.zh}`,
  )
}

export function situationWrong(situation: Situation): PlanProblem {
  const allowed =
    situation.type === 'boolean'
      ? 'true, false'
      : (situation.choices ?? []).map((choice) => choice.value).join(', ')
  return trouble(
    at('situations', situation.code),
    'situation-wrong',
    `Situation ${situation.code} must be one of: ${allowed}`,
    `情形“${situation.question.zh}”只能为：${allowed}`,
  )
}

export function situationUnknown(theme: Theme, code: string): PlanProblem {
  const near = nearest(
    code,
    theme.situations.map((situation) => situation.code),
  )
  return trouble(
    at('situations', code),
    'unknown-situation',
    `Theme ${theme.code} has no situation ${code}${near ? `; did you mean ${near}?` : ''}`,
    `主题“${theme.name.zh}”没有情形 ${code}${near ? `，是否为 ${near}？` : ''}`,
  )
}

const modesZh: Record<Mode, string> = { online: '全流程网办', agent: '代收代办', appointment: '网上预约' }

function trouble(pointer: string, code: PlanFault, message: string, messageZh: string): PlanProblem {
  return { pointer, code, message, messageZh }
}

const at = (...path: string[]): string => pointerOf(path)
