// What each figure counts, in both languages: printed with every answer, so that a number is never without its meaning.

import type { Names } from '../domain/catalogue.ts'

interface Definition {
  name: Names
  meaning: Names
}

const define = (zh: string, en: string, meaningZh: string, meaningEn: string): Definition => ({
  name: { zh, en },
  meaning: { zh: meaningZh, en: meaningEn },
})

export const definitions = {
  received: define('收件数', 'received', '申办产生的办件数。', 'Cases of the submissions received.'),
  crossDivision: define(
    '跨区通办数',
    'cross-division',
    '在属地以外的区划提交的办件数。',
    'Of the received: submitted in another division than the one that decides.',
  ),
  crossDivisionShare: define(
    '跨区通办率',
    'cross-division share',
    '跨区通办数 ÷ 收件数。',
    'Cross-division ÷ received.',
  ),
  decided: define(
    '办结数',
    'decided',
    '部门首次作出结论（通过、不通过、不予受理、发证或办结）的办件数，计入结论登记之日；此前已撤回或终止的不计。',
    'Cases on which the department gave its first word (approved, denied, rejected, issued or closed), on the day it was recorded; not those that were withdrawn or terminated before.',
  ),
  onTime: define(
    '按时办结数',
    'on time',
    '办结前未因受理或办理时限亮红牌的办件数。',
    'Of the decided: no red card was shown for acceptance or decision before.',
  ),
  onTimeShare: define('按时办结率', 'on-time share', '按时办结数 ÷ 办结数。', 'On time ÷ decided.'),
  meanWorkingDays: define(
    '平均办理工作日',
    'mean working days',
    '自部门受理（未经受理的自收件）次日起至作出结论当日的工作日平均数，按国务院公布的放假安排计算，含补正与特别程序。',
    'Working days from the day after acceptance (after receipt, where never accepted) to the day of the decision, by the published calendar; corrections and special procedures included.',
  ),
  corrections: define(
    '补正次数',
    'corrections',
    '补正告知与预审退回的次数。',
    'Requests for correction, and returns from pre-review.',
  ),
  certificates: define(
    '电子证照替代数',
    'certificates used instead of paper',
    '以电子证照代替提交材料的次数，一证用于多个办件的分别计算。',
    'Materials that were a certificate from the registry, once for every case that used it.',
  ),
  parcelsCollected: define(
    '上门揽收邮件数',
    'parcels collected',
    '由申请人或大厅寄往部门的邮件数，每件计一次。',
    'Parcels ordered to the department, each once.',
  ),
  parcelsDelivered: define(
    '结果寄递邮件数',
    'parcels delivered',
    '由部门寄往申请人的邮件数，每件计一次。',
    'Parcels ordered to the applicant, each once.',
  ),
  tripsSaved: define(
    '减少跑动次数',
    'trips saved',
    '下列各计一次：网上提交或在异地大厅代收的办件；不到场完成的补正；以邮寄送达或以电子证照发放的结果。',
    'One each for: a case handed in online or at a hall of another division; a correction answered without a visit; a result sent by post or issued as an electronic certificate.',
  ),
  rated: define(
    '评价数',
    'rated',
    '申请人作出的首次评价数；未评价的不计。',
    'Services that applicants rated (first evaluation). Silence is not counted.',
  ),
  satisfied: define(
    '满意数',
    'satisfied',
    '评价为基本满意、满意、非常满意的数量。',
    'Of the rated: satisfaction 3, 4 or 5.',
  ),
  satisfiedShare: define('满意率', 'satisfied share', '满意数 ÷ 评价数。', 'Satisfied ÷ rated.'),
} as const satisfies Record<string, Definition>

export type FigureName = keyof typeof definitions
export const figureNames = Object.keys(definitions) as FigureName[]
