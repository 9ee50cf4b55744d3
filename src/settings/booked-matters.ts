// What may be booked with a department's own booking system, as config/systems has it: matters that are done
// by appointment, in divisions that the system serves.

import type { SystemFile } from '../../schemas/types.ts'
import type { AdapterKind } from '../adapter-kit/contract.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { BookedMatters } from '../domain/department-slots.ts'
import type { Checked } from './checked.ts'
import { referBookable } from './offers.ts'
import { referDivisions } from './references.ts'

export const bookedMattersOf = ({ appointments = [], divisions = ['*'] }: SystemFile): BookedMatters[] =>
  appointments.map((one) => ({ divisions, holdMinutes: 10, ...one }))

/** `kind` of its adapter, undefined while that is not known; `catalogue` while it has problems of its own. */
export function checkBookedMatters(
  { source, data }: Checked<SystemFile>,
  kind: AdapterKind | undefined,
  catalogue: Pick<Catalogue, 'divisions' | 'matters'> | undefined,
): void {
  const { appointments = [], divisions = ['*'] } = data
  if (kind === 'appointment-book' && appointments.length === 0)
    source.report(
      '',
      `Nothing may be booked there: say which matters, e.g. appointments: [{ matters: [marriage-registration] }]`,
      `未指明可预约的事项：请填写 appointments，如 appointments: [{ matters: [marriage-registration] }]`,
    )
  if (kind !== undefined && kind !== 'appointment-book' && appointments.length > 0)
    source.report(
      '/appointments',
      `Adapter ${data.adapter} is no booking system (kind appointment-book): take appointments away; a hall's own slots belong in config/halls`,
      `适配器 ${data.adapter} 不是预约系统（appointment-book）：请删去 appointments；大厅自有号源写在 config/halls`,
      'key',
    )
  for (const [index, one] of appointments.entries()) {
    const at = `/appointments/${index}`
    referDivisions(source, `${at}/divisions`, one.divisions ?? [], catalogue?.divisions)
    for (const [place, code] of one.matters.entries())
      if (catalogue) referBookable(source, `${at}/matters/${place}`, code, catalogue)
    for (const [place, code] of (one.divisions ?? []).entries())
      if (!divisions.includes('*') && !divisions.includes(code))
        source.report(
          `${at}/divisions/${place}`,
          `${code} is not among the divisions that this system serves (${divisions.join(', ')})`,
          `${code} 不在本系统服务的区划之内（${divisions.join('、')}）`,
        )
  }
}
