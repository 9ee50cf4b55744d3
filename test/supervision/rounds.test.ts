// Rounds go on, whatever becomes of single things in them.

import t from 'tap'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { watchDeadlines } from '../../src/supervision/deadlines.ts'
import { watchContracts } from '../../src/supervision/postal-contracts.ts'
import { watchRegistries } from '../../src/supervision/registries.ts'

const root = (number: number): string => String(number).padStart(26, '0')
const all = Array.from({ length: 450 }, (_, i) => root(i + 1))
const poison = root(7)

/** A ledger with `rows` to look at, of which one makes `record` throw. */
function ledgerOf(
  rows: { id?: string; transfer?: string; submission?: string; homeDivision?: string }[],
  error: Error,
) {
  const told: string[] = []
  const ledger = {
    readers: {
      query: async ({ values }: { values: unknown[] }) => {
        const after = values.find((one) => one === '' || /^(case|trf)_/.test(String(one))) as string
        const limit = Number(values.at(-1))
        return { rows: rows.filter((one) => (one.id ?? one.transfer)! > after).slice(0, limit) }
      },
    },
    presence: { leads: async () => false },
    now: () => new Date(),
    record: async ({ submissionId }: { submissionId: string }) => {
      if (submissionId === `sub_${poison}`) throw error
      told.push(submissionId)
      return { outcome: 'applied', entries: [] }
    },
  } as unknown as Ledger
  return { ledger, told }
}

const watches = {
  deadlines: (error: Error, faults: string[]) => {
    const { ledger, told } = ledgerOf(
      all.map((one) => ({ id: `case_${one}01` })),
      error,
    )
    const observer = { warned: () => undefined, fault: (what: string) => void faults.push(what) }
    return { told, watch: watchDeadlines({ ledger, observer }) }
  },
  registries: (error: Error, faults: string[]) => {
    const { ledger, told } = ledgerOf(
      all.map((one) => ({ id: `trf_${one}01` })),
      error,
    )
    const observer = { uploadsOffered: () => undefined, fault: (what: string) => void faults.push(what) }
    return { told, watch: watchRegistries({ ledger, observer, uploadAfterMs: () => 1_000 }) }
  },
  'postal contracts': (error: Error, faults: string[]) => {
    const { ledger, told } = ledgerOf(
      all.map((one) => ({ transfer: `trf_${one}01`, submission: `sub_${one}`, homeDivision: '410221' })),
      error,
    )
    const observer = { ordersReleased: () => undefined, fault: (what: string) => void faults.push(what) }
    return {
      told,
      watch: watchContracts({ ledger, observer, postal: () => ({ system: 'ems', customerNumber: '9' }) }),
    }
  },
}

for (const [name, begin] of Object.entries(watches)) {
  t.test(`${name}: one that cannot be told is named, and keeps nobody else waiting`, async (t) => {
    const faults: string[] = []
    const { told, watch } = begin(new Error('a mistake'), faults)
    t.teardown(() => watch.close())
    await watch.round()
    t.equal(told.length, all.length - 1)
    t.match(faults, [new RegExp(poison)])
  })

  t.test(`${name}: while the database is away the round ends`, async (t) => {
    const faults: string[] = []
    const { watch } = begin(Object.assign(new Error('gone'), { code: '57P01' }), faults)
    t.teardown(() => watch.close())
    await t.rejects(async () => void (await watch.round()), { code: '57P01' })
    t.strictSame(faults, [])
  })
}
