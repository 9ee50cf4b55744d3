// The house format's answers: always HTTP 200 except for a wrong signature, and a code as text.

import type { Status } from './course.ts'

export interface HouseAnswer {
  code: '0' | '1006' | '1404' | '2001' | '2004' | '4001'
  message: string
  data?: Record<string, string | number>
}

export const answers = {
  taken: (projectNo: string): HouseAnswer => ({ code: '0', message: 'ok', data: { projectNo } }),
  found: (projectNo: string, status: Status | '26'): HouseAnswer => ({
    code: '0',
    message: 'ok',
    data: { projectNo, status },
  }),
  /** It was here before, and nothing happened now. */
  duplicate: (projectNo: string): HouseAnswer => ({ code: '1006', message: '重复申报', data: { projectNo } }),
  notFound: (): HouseAnswer => ({ code: '1404', message: '无此办件' }),
  refused: (message: string): HouseAnswer => ({ code: '2001', message }),
  tooLate: (): HouseAnswer => ({ code: '2004', message: '办件已办结，不可操作' }),
  unauthorised: (message: string): HouseAnswer => ({ code: '4001', message }),
}
