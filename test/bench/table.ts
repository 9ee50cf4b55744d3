// Plain text tables and numbers for reports. Knows nothing of what is in them.

/** Columns aligned, the first to the left; '' without rows. */
export function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return ''
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  return `${[head, ...rows].map(line).join('\n')}\n`
}

/** With so many digits after the point; a dash for what is not known. */
export function number(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined ? '—' : value.toFixed(digits)
}
