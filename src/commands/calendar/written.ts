// A calendar as the text of config/calendar/<year>.yaml: pure, sorted, the same bytes for the same days.

import type { CalendarFile } from '../../../schemas/types.ts'

export function writtenCalendar({ year, source, daysOff, workingDays }: CalendarFile): string {
  const spans = daysOff
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .map(({ name, from, to }) => {
      const names = `{ zh: ${quoted(name.zh)}, en: ${quoted(name.en)} }`
      return `  - { name: ${names}, from: "${from}", to: "${to}" }`
    })
  const worked = workingDays.toSorted().map((day) => `"${day}"`)
  return [
    `# Days off and make-up days of ${year}. Saturdays and Sundays are off unless they are listed as working days.`,
    `year: ${year}`,
    `source: ${quoted(source)}`,
    ...(spans.length === 0 ? ['daysOff: []'] : ['daysOff:', ...spans]),
    `workingDays: [${worked.join(', ')}]`,
    '',
  ].join('\n')
}

/** Plain where YAML and ${…} cannot misread it; else in double quotes, as JSON. */
const quoted = (text: string): string =>
  /^\p{L}[\p{L}\d〔〕 -]*$/u.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text.trim() === text
      ? text
      : JSON.stringify(text)
    : JSON.stringify(text)
