// Two texts line by line: what left, what came, with a little around it.

/** Beyond this the texts are shown one after the other. */
const MOST_LINES = 1_500
const AROUND = 2

/** Lines beginning with `-`, `+` or a space; `…` where equal lines are left out. Empty when the texts are equal. */
export function differingLines(before: readonly string[], after: readonly string[]): string[] {
  if (before.length === after.length && before.every((line, index) => line === after[index])) return []
  if (Math.max(before.length, after.length) > MOST_LINES)
    return [...before.slice(0, MOST_LINES).map(left), ...after.slice(0, MOST_LINES).map(came)]
  return shortened(merged(before, after))
}

const left = (line: string): string => `- ${line}`
const came = (line: string): string => `+ ${line}`

/** Along a longest common subsequence. */
function merged(before: readonly string[], after: readonly string[]): string[] {
  const width = after.length + 1
  const common = new Uint16Array((before.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: string[] = []
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const [was, is] = [before[i], after[j]]
    if (was !== undefined && was === is) {
      lines.push(`  ${was}`)
      i++
      j++
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(left(was))
      i++
    } else if (is !== undefined) {
      lines.push(came(is))
      j++
    }
  }
  return lines
}

function shortened(lines: readonly string[]): string[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((line) => !line.startsWith('  ')),
  )
  return lines.flatMap((line, index) => {
    if (near[index]) return [line]
    return index === 0 || near[index - 1] ? ['  …'] : []
  })
}
