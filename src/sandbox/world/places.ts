// Where the invented people live: the real divisions of Kaifeng with invented house numbers.

import { between, pick } from '../random.ts'

export interface Place {
  /** Six digits. */
  division: string
  county: string
  streets: readonly string[]
}

export const places: readonly Place[] = [
  { division: '410202', county: '龙亭区', streets: ['北书店街', '午朝门大街', '西门大街', '东京大道'] },
  { division: '410203', county: '顺河回族区', streets: ['曹门大街', '公园路', '穆家桥街', '汴京大道'] },
  { division: '410204', county: '鼓楼区', streets: ['鼓楼街', '马道街', '寺后街', '自由路'] },
  { division: '410205', county: '禹王台区', streets: ['繁塔西街', '五一路', '滨河路', '新宋路'] },
  { division: '410212', county: '祥符区', streets: ['县府街', '朱仙镇岳庙街', '人民路', '青年路'] },
  { division: '410221', county: '杞县', streets: ['金城大道', '经二路', '文化路'] },
  { division: '410222', county: '通许县', streets: ['解放路', '人民路', '行政路'] },
  { division: '410223', county: '尉氏县', streets: ['滨河东路', '建设路', '人民东路'] },
  { division: '410225', county: '兰考县', streets: ['裕禄大道', '迎宾大道', '中山街'] },
]

export interface Address {
  province: string
  city: string
  county: string
  address: string
}

export function addressIn(random: () => number, place: Place): Address {
  const where = `${pick(random, place.streets)}${between(random, 1, 280)}号${between(random, 1, 18)}号楼${between(random, 1, 4)}单元${between(random, 1, 24)}0${between(random, 1, 4)}室`
  return { province: '河南省', city: '开封市', county: place.county, address: where }
}
