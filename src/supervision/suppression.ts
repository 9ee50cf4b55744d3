// Small counts tell of single persons: they are not shown, nor anything from which they could be reckoned. Pure.
//
// A count from 1 up to the threshold is hidden, and so is a part that leaves so few others (19 of 20 on time
// tells of the one). If what a column hides could then be found from its total, because one cell is hidden or
// all hidden ones together are few, the next smallest is hidden as well; when nothing is left to hide, the
// total is. Zero tells of nobody. Whoever publishes must still not publish overlapping spans: the difference
// of two answers is a third.

/** One column of counts. `whole`: the column it is a part of, row by row; that one must be protected before. */
interface Column {
  values: readonly number[]
  whole?: { values: readonly number[]; hidden: Hidden }
}

export interface Hidden {
  /** By row. */
  rows: ReadonlySet<number>
  total: boolean
}

/** Which rows of a column must not be shown, and whether its total may be. */
export function hiddenIn({ values, whole }: Column, smallest: number): Hidden {
  const few = (count: number): boolean => count > 0 && count < smallest
  const others = (row: number): number => (whole ? whole.values[row]! - values[row]! : 0)
  const rows = new Set(
    values.flatMap((value, row) => {
      const withoutWhole = value > 0 && whole?.hidden.rows.has(row) === true
      return few(value) || few(others(row)) || withoutWhole ? [row] : []
    }),
  )
  const sum = (of: (row: number) => number): number => [...rows].reduce((all, row) => all + of(row), 0)
  const found = (): boolean =>
    rows.size > 0 && (rows.size === 1 || sum((row) => values[row]!) < smallest || few(sum(others)))
  const left = values
    .map((value, row) => ({ value, row }))
    .filter(({ value, row }) => value > 0 && !rows.has(row))
    .sort((a, b) => b.value - a.value)
  while (found()) {
    const next = left.pop()
    if (!next) return { rows, total: true }
    rows.add(next.row)
  }
  const total = values.reduce((all, value) => all + value, 0)
  const wholeTotal = whole?.values.reduce((all, value) => all + value, 0) ?? total
  return { rows, total: few(total) || few(wholeTotal - total) || whole?.hidden.total === true }
}
