// Results of one matter as materials of the next: the matter named has that result, in electronic form, and comes
// before the one that uses it in every theme that has both. Reports only.

import { kinds, refer } from '../settings/references.ts'
import type { AllEntries, Entry, MaterialUse, MatterEntry, ThemeEntry } from './entries.ts'

/** `from` of one material as a matter asks for it. */
export function checkResultUsed(
  { source, data }: Entry<MatterEntry>,
  { from, material }: MaterialUse,
  pointer: string,
  entries: AllEntries,
): void {
  if (from === undefined) return
  if (from.matter === data.code) {
    source.report(
      `${pointer}/matter`,
      `Matter ${data.code} cannot use its own result`,
      `事项 ${data.code} 不能使用自身的办理结果`,
    )
    return
  }
  if (!refer(source, `${pointer}/matter`, kinds.matter, from.matter, entries.matters)) return
  const results = entries.matters.get(from.matter)!.data.results ?? []
  const named = from.result ?? 1
  const result =
    typeof named === 'number' ? results[named - 1] : results.find((one) => one.certificateType === named)
  if (result?.type === 'electronic') return
  source.report(
    `${pointer}/result`,
    result
      ? `Result ${named} of matter ${from.matter} is paper: material ${material} needs an electronic one`
      : `Matter ${from.matter} has no result ${named}; it has ${results.length}`,
    result
      ? `事项 ${from.matter} 的结果 ${named} 为纸质，材料 ${material} 需要电子结果`
      : `事项 ${from.matter} 没有结果 ${named}，共 ${results.length} 项`,
  )
}

/** In one theme a result is there before it is used, and a material comes from the same matter for all that use it. */
export function checkResultsBetween({ data, source }: Entry<ThemeEntry>, entries: AllEntries): void {
  const origins = new Map<string, string | undefined>()
  for (const { matter: code } of data.matters) {
    const matter = entries.matters.get(code)
    for (const [index, use] of (matter?.data.materials ?? []).entries()) {
      const at = `${matter!.pointer}/materials/${index}`
      const origin = data.matters.some((one) => one.matter === use.from?.matter)
        ? use.from?.matter
        : undefined
      if (origin !== undefined && origin !== code && !comesAfter(data.matters, code, origin)) {
        matter!.source.report(
          `${at}/from/matter`,
          `In theme ${data.code} (${source.name}) matter ${code} does not come after ${origin}: add it to its after`,
          `主题 ${data.code}（${source.name}）中事项 ${code} 未排在 ${origin} 之后：请在 after 中填写`,
        )
      }
      if (origins.has(use.material) && origins.get(use.material) !== origin) {
        matter!.source.report(
          at,
          `In theme ${data.code} other matters take ${use.material} from elsewhere: give the same from to all`,
          `主题 ${data.code} 的其他事项以其他方式取得材料 ${use.material}：from 须一致`,
        )
      }
      origins.set(use.material, origin)
    }
  }
}

function comesAfter(
  matters: ThemeEntry['matters'],
  code: string,
  before: string,
  seen = new Set<string>(),
): boolean {
  if (seen.has(code)) return false
  seen.add(code)
  const own = matters.find((one) => one.matter === code)?.after ?? []
  return own.includes(before) || own.some((one) => comesAfter(matters, one, before, seen))
}
