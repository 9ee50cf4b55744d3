// Which language each department of the city speaks: every kind that the gateway knows, at once. config/systems says the
// same from the other side.

import { resolve } from 'node:path'
import type { Actor, CityContext } from '../actor.ts'
import type { CitySecrets } from '../secrets.ts'
import type { Shares } from './course.ts'
import { createExchangeDbDepartment } from './exchange-db/index.ts'
import { createFileDropDepartment } from './file-drop/index.ts'
import { createInboxDepartment } from './inbox/index.ts'
import { createDepartment } from './index.ts'
import { createPollingDepartment } from './polling/index.ts'
import { createSoapDepartment } from './soap/index.ts'
import { createPlainSoapDepartment } from './soap-plain/index.ts'

export const departmentIds = [
  'market-regulation',
  'health',
  'public-security',
  'natural-resources',
  'human-resources',
  'civil-affairs',
  'veterans',
  'gas-company',
] as const
export type DepartmentId = (typeof departmentIds)[number]

interface DepartmentSurroundings {
  seed: string
  secrets: CitySecrets
  shares?: Partial<Shares>
  dropFolder?: string
  exchangeDatabaseUrl?: string
}

/** As in config/systems when CITY_DROP_FOLDER is not set. */
const DROP_FOLDER = '/tmp/tongban-city'

export function departmentOf(
  id: DepartmentId,
  context: CityContext,
  { seed, secrets, shares, dropFolder = DROP_FOLDER, exchangeDatabaseUrl }: DepartmentSurroundings,
): Actor {
  const common = { id, seed, ...(shares ? { shares } : {}) }
  const secret = secrets.department
  switch (id) {
    case 'health':
      return createInboxDepartment(context, { ...common, token: secrets.healthToken })
    case 'public-security':
      return createSoapDepartment(context, { ...common, secret })
    case 'civil-affairs':
      return createFileDropDepartment(context, { ...common, folder: resolve(dropFolder, id), format: 'xml' })
    case 'natural-resources':
      return exchangeDatabaseUrl === undefined
        ? silentDepartment(id)
        : createExchangeDbDepartment(context, { ...common, databaseUrl: exchangeDatabaseUrl })
    case 'veterans':
      return createPlainSoapDepartment(context, {
        ...common,
        credentials: { username: 'tongban', password: secret },
      })
    case 'market-regulation':
      return createPollingDepartment(context, { ...common, secret })
    case 'human-resources':
    case 'gas-company':
      return createDepartment(context, { ...common, secret })
  }
}

/** Nobody has given it a database to speak through. */
const silentDepartment = (name: string): Actor => ({
  name,
  routes: () => undefined,
  books: () => ({ effects: [], counts: {} }),
})
