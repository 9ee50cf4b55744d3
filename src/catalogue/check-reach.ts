// Whether every matter can be applied for: in every division of the city, or it says where not; and through a theme, in a
// mode that both offer. Reports only.

import { nearest } from '../domain/nearest.ts'
import { kinds, refer } from '../settings/references.ts'
import type { AllEntries, Entry, MatterEntry } from './entries.ts'

export function checkReach(entries: AllEntries): void {
  for (const matter of entries.matters.values()) {
    checkNotOffered(matter, entries)
    checkDivisions(matter, entries)
    checkThemes(matter, entries)
  }
}

/** Where it is not offered is a division of the city, has no system, and is not everywhere. */
function checkNotOffered({ data, source, pointer }: Entry<MatterEntry>, { divisions }: AllEntries): void {
  const { code: matter, systems, notOffered = [] } = data
  for (const [index, code] of notOffered.entries()) {
    const at = `${pointer}/notOffered/${index}`
    if (!refer(source, at, kinds.division, code, divisions)) continue
    if (typeof systems === 'string' || !Object.hasOwn(systems, code)) continue
    source.report(
      at,
      `Matter ${matter} has a system for division ${code}: it cannot be under notOffered as well`,
      `事项 ${matter} 已为区划 ${code} 指定系统，不能同时列入 notOffered`,
    )
  }
  if (notOffered.length === 0 || [...divisions.keys()].some((code) => !notOffered.includes(code))) return
  source.report(
    `${pointer}/notOffered`,
    `Matter ${matter} is offered in no division: nobody could apply for it`,
    `事项 ${matter} 在所有区划均不办理，无法申办`,
  )
}

function checkDivisions({ data, source, pointer }: Entry<MatterEntry>, { divisions }: AllEntries): void {
  const { code: matter, systems, notOffered = [] } = data
  if (typeof systems === 'string' || Object.hasOwn(systems, '*')) return
  const missing = [...divisions.values()]
    .map((division) => division.data)
    .filter(({ code }) => !Object.hasOwn(systems, code) && !notOffered.includes(code))
  if (missing.length === 0) return
  const names = missing.map(({ code, name }) => `${code} (${name.en})`).join(', ')
  const namesZh = missing.map(({ code, name }) => `${code}（${name.zh}）`).join('、')
  source.report(
    `${pointer}/systems`,
    `Matter ${matter} has no system for ${names}: name one, give '*' for all others, or list them under notOffered`,
    `事项 ${matter} 在以下区划没有办理系统：${namesZh}；请指定系统、用 '*' 统一指定，或列入 notOffered`,
  )
}

function checkThemes({ data, source, pointer }: Entry<MatterEntry>, { themes, matters }: AllEntries): void {
  const bundling = [...themes.values()].filter((theme) =>
    theme.data.matters.some(({ matter }) => matter === data.code || isMeant(data.code, matter, matters)),
  )
  if (bundling.length === 0) {
    source.report(
      `${pointer}/code`,
      `No theme has matter ${data.code}: nobody could apply for it`,
      `没有任何主题包含事项 ${data.code}，无法申办`,
    )
    return
  }
  // What a theme is asked for in gives way to online where the matter does not offer it (src/domain/plan.ts).
  const offered = data.modes.includes('online')
  if (offered || bundling.some((theme) => theme.data.modes.some((mode) => data.modes.includes(mode)))) return
  const codes = bundling.map((theme) => theme.data.code)
  source.report(
    `${pointer}/modes`,
    `Matter ${data.code} is offered in none of the modes of its themes ${codes.join(', ')}: nobody could apply for it`,
    `事项 ${data.code} 的办理方式与所属主题 ${codes.join('、')} 均不相符，无法申办`,
  )
}

/** A theme that misspells it has been told so. */
const isMeant = (code: string, named: string, matters: AllEntries['matters']): boolean =>
  !matters.has(named) && nearest(named, matters.keys()) === code
