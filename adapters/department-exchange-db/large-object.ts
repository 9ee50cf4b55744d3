// Files as large objects of PostgreSQL, for tables whose column holds an oid. Made in the transaction of the row, so that
// one that is rolled back leaves none behind.

import type { Session } from './database.ts'
import type { Layout } from './layout.ts'
import { name, sql, whole } from './sql.ts'

/** The oid of a new large object with these bytes, as text; readable by the role that the settings name. */
export async function largeObjectOf(
  { material, largeObjectReader }: Layout,
  session: Session,
  bytes: Buffer,
): Promise<string> {
  const made = sql`select lo_from_bytea(${whole(0)}, ${bytes}) as oid`
  const { rows } = await session.run(made, material.title)
  const oid = rows[0]?.oid ?? ''
  if (largeObjectReader !== undefined) {
    const grant = sql`grant select on large object ${whole(Number(oid))} to ${name(largeObjectReader)}`
    await session.run(grant, material.title)
  }
  return oid
}
