// One change of a catalogue as a line in English and in Chinese. Only words.

import type { Limit, Names } from '../domain/catalogue.ts'

export interface ChangeWords {
  what:
    | 'division'
    | 'department'
    | 'certificate-type'
    | 'theme'
    | 'situation'
    | 'theme-matter'
    | 'matter'
    | 'limit'
    | 'system'
    | 'material'
  change: 'added' | 'removed' | 'changed'
  /** Of a system: the division, or `*`; of a limit: its field. */
  code: string
  /** What it is a part of. */
  of?: { what: 'theme' | 'matter'; code: string }
  name?: Names
  /** Of what changed: the fields that differ. */
  fields?: readonly string[]
  /** Of limits and systems. */
  before?: Limit | string
  after?: Limit | string
}

export function sentences(change: ChangeWords): { message: string; messageZh: string } {
  return { message: english(change), messageZh: chinese(change) }
}

const words: Record<ChangeWords['what'], Names> = {
  division: { en: 'division', zh: '行政区划' },
  department: { en: 'department', zh: '部门' },
  'certificate-type': { en: 'certificate type', zh: '证照类型' },
  theme: { en: 'theme', zh: '主题' },
  situation: { en: 'situation', zh: '情形' },
  'theme-matter': { en: 'matter', zh: '事项' },
  matter: { en: 'matter', zh: '事项' },
  limit: { en: 'limit', zh: '时限' },
  system: { en: 'system for', zh: '办理系统' },
  material: { en: 'material', zh: '材料' },
}
const changes: Record<ChangeWords['change'], Names> = {
  added: { en: 'added', zh: '新增' },
  removed: { en: 'removed', zh: '删除' },
  changed: { en: 'changed', zh: '变更' },
}
const limits: Record<string, Names> = {
  legalLimit: { en: 'legal limit', zh: '法定时限' },
  promisedLimit: { en: 'promised limit', zh: '承诺时限' },
  issuanceLimit: { en: 'issuance limit', zh: '发证时限' },
  specialProcedureLimit: { en: 'special procedure limit', zh: '特别程序时限' },
}
const everywhere: Names = { en: 'all other divisions', zh: '其余区划' }

function english({ what, change, code, of, name, fields, before, after }: ChangeWords): string {
  const place = of ? `${words[of.what].en} ${of.code}: ` : ''
  const values = arrow(valueIn('en', before), valueIn('en', after))
  if (what === 'limit') return `${place}${limits[code]!.en} ${changes[change].en}: ${values}`
  if (what === 'system')
    return `${place}${words[what].en} ${code === '*' ? everywhere.en : code} ${changes[change].en}: ${values}`
  const called = `${code}${name ? ` (${name.en})` : ''}`
  return `${place}${words[what].en} ${called} ${changes[change].en}${fields ? `: ${fields.join(', ')}` : ''}`
}

function chinese({ what, change, code, of, name, fields, before, after }: ChangeWords): string {
  const place = of ? `${words[of.what].zh} ${of.code}：` : ''
  const values = arrow(valueIn('zh', before), valueIn('zh', after))
  if (what === 'limit') return `${place}${limits[code]!.zh}${changes[change].zh}：${values}`
  if (what === 'system')
    return `${place}${code === '*' ? everywhere.zh : code} ${words[what].zh}${changes[change].zh}：${values}`
  const called = `${code}${name ? `“${name.zh}”` : ''}`
  return `${place}${changes[change].zh}${words[what].zh} ${called}${fields ? `：${fields.join('、')}` : ''}`
}

const arrow = (before: string | undefined, after: string | undefined): string =>
  [before, after].filter((one) => one !== undefined).join(' → ')

function valueIn(language: 'en' | 'zh', value: Limit | string | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  const { days, unit } = value
  if (language === 'zh') return `${days} 个${unit === 'G' ? '工作日' : '自然日'}`
  return `${days} ${unit === 'G' ? 'working' : 'natural'} ${days === 1 ? 'day' : 'days'}`
}
