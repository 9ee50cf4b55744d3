// How a reservation stands, in the system's words: their code -> our word -> what it means. A code that is
// not here is not taken for anything.

import { statusTable } from '../../src/adapter-kit/status-table.ts'

/** `over`: it holds no seat. */
export const statuses = statusTable<'reserved' | 'over'>(
  ['booked', 'reserved', '已预约', 'booked'],
  ['attended', 'reserved', '已到场', 'the applicant came'],
  ['missed', 'reserved', '未到场', 'the applicant did not come'],
  ['cancelled', 'over', '已取消', 'cancelled'],
)
