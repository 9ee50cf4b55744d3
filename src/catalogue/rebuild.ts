// A catalogue from the files that the ledger kept of it. They were right when they were recorded and are not judged by
// today's rules: what has been asked for under it stays so.

import type { MattersFile } from '../../schemas/types.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { CatalogueFile } from '../domain/catalogue-versions.ts'
import { deepFreeze } from '../settings/freeze.ts'
import { compileSchemas } from '../settings/schemas.ts'
import { assembleCatalogue } from './build.ts'
import { joinEntries } from './entries.ts'

export function rebuildCatalogue(version: string, files: readonly CatalogueFile[]): Catalogue {
  const fillDefaults = compileSchemas()('config/matters')
  const checked = files.map(({ file, data }) => {
    // Fields that have come since have their defaults.
    fillDefaults(data)
    const source = { name: file, data, incomplete: new Set<string>(), report: () => undefined }
    return { source, data: data as MattersFile }
  })
  return deepFreeze(assembleCatalogue(checked, joinEntries(checked), version))
}
