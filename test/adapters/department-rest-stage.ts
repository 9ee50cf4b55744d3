// A department-rest adapter before a scripted server, for its tests.

import manifest from '../../adapters/department-rest/manifest.ts'
import type { DepartmentSettings } from '../../adapters/department-rest/settings.ts'
import {
  answering,
  type Behaviour,
  type ScriptedServer,
  startServer,
} from '../../src/adapter-kit/conformance/server.ts'
import { type Stage, setStage } from '../../src/adapter-kit/conformance/stage.ts'
import type { Attempt } from '../../src/adapter-kit/contract.ts'

export type Tap = { teardown(fn: () => unknown): void }

/** Settings that need only what a test is about. */
export const plain: DepartmentSettings = {
  baseUrl: 'http://department.example/rest',
  answer: { code: '$string(code)', reference: 'no' },
  codes: { '0': 'ok', '1': 'refused', '404': 'absent' },
}

export const good = answering([{ body: { code: 0, no: 'N-1' } }])

export async function startDepartment(
  t: Tap,
  settings: Partial<DepartmentSettings>,
  behaviour: Behaviour = good,
): Promise<Stage & { server: ScriptedServer }> {
  const server = await startServer(behaviour)
  t.teardown(() => server.close())
  const stage = setStage(manifest, { ...plain, ...settings }, server.origin)
  t.teardown(() => stage.close())
  return { server, ...stage }
}

/** An attempt whose material store is another. */
export const withFiles = (attempt: Attempt, files: Partial<Attempt['files']>): Attempt => ({
  ...attempt,
  files: { ...attempt.files, ...files },
})
