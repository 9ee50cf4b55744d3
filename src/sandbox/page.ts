// A plain page that shows how the pretended city is doing. Holds no script and no personal data.

import type { CityProgress } from './city.ts'
import type { CityBooks } from './reconcile.ts'

export function statusPage(
  books: CityBooks,
  progress: CityProgress,
  faults: Record<string, Record<string, number>>,
): string {
  const rows = Object.entries(books).map(([name, { effects, counts }]) =>
    row([name, String(effects.length), list(counts), list(faults[name] ?? {})]),
  )
  return `<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width">
<title>模拟城市 Simulated city</title>
<style>
:root { color-scheme: light dark }
body { font: 15px/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #8884; padding: .4rem .6rem; text-align: left; vertical-align: top }
</style>
<h1>模拟城市 <small>Simulated city</small></h1>
<p>已受理申办 submissions accepted ${progress.accepted} · 被拒 refused ${progress.refused} ·
办件 cases ${progress.cases} · 已知结果 finished ${progress.finalCases}</p>
<table>
<tr><th>机构 institution<th>账目 lines<th>计数 counts<th>注入的故障 faults injected
${rows.join('\n')}
</table>
</html>
`
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${safe(cell)}`).join('')}`
}

function list(counts: Record<string, number>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

function safe(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
