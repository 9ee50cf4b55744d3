// Objections to the first day of a catalogue, shown where that day is written.

import type { CatalogueFile, Objection } from '../domain/catalogue-versions.ts'
import { fileProblem } from '../settings/position.ts'
import type { ConfigurationProblem } from '../settings/problems.ts'

export function effectiveFromProblems(
  { configDir, catalogueFiles }: { configDir: string; catalogueFiles: readonly CatalogueFile[] },
  objections: readonly Objection[],
): Promise<ConfigurationProblem[]> {
  const given = catalogueFiles.find(({ data }) => Object.hasOwn(data as object, 'effectiveFrom'))
  return Promise.all(
    objections.map(({ message, messageZh }) =>
      fileProblem(configDir, [given?.file ?? 'matters'], '/effectiveFrom', message, messageZh),
    ),
  )
}
