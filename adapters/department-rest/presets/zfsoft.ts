// 卓繁 (zfsoft): its status codes and code tables. Its paths and field names differ from city to city and are configured;
// two classes of the same product count materials differently, so each interface chooses its own table.

import type { CaseEventType } from '../../../src/adapter-kit/contract.ts'
import { statusTable } from '../../../src/adapter-kit/status-table.ts'
import type { DepartmentSettings } from '../settings.ts'
import type { Preset } from './preset.ts'

const rows = statusTable<CaseEventType>(
  ['0', null, '暂存', 'kept, not submitted'],
  ['1', null, '待预审', 'waits for the pre-review'],
  ['2', 'case.reviewing', '办理中', 'under way'],
  ['3', 'case.closed', '办结', 'closed in order'],
  ['4', 'case.terminated', '作废', 'made void'],
  ['5', 'case.terminated', '异常办结', 'ended out of order'],
  ['-1', 'case.terminated', '异常办结', 'ended out of order'],
  ['7', 'case.rejected', '不予受理', 'not accepted'],
  ['9', 'case.pre-review-returned', '预审不通过：修改后可重新提交', 'failed the pre-review; may be mended'],
)

const settings: Omit<DepartmentSettings, 'baseUrl'> = {
  tables: {
    /** 材料提交方式, as applications write it: 1 纸质 2 附件 3 扫描 4 容缺 5 证照 7 告知承诺. */
    materialSubmitted: { paper: 1, upload: 2, certificate: 5, shared: 5 },
    /** The same in the material library's interface: 0 纸质 … 6 材料库. */
    materialKept: { paper: 0, shared: 6 },
    /** sourceApp of what comes from another division. */
    sourceApp: { remote: 2 },
  },
  incoming: { status: '$string(status)' },
}

export const zfsoft: Preset = { dialect: { operations: {} }, settings, rows }
