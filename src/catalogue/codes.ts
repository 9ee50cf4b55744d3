// Codes of matters and organisations by national rules, as far as they are known for certain. Pure.
// 实施编码: 18 characters USCC, 1 level, 12 基本编码; 业务办理项编码: 实施编码 and 2 more.

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** True when the 18th character is right by GB 32100-2015. */
export function isUscc(code: string): boolean {
  if (code.length !== 18) return false
  let sum = 0
  for (const [index, weight] of WEIGHTS.entries()) {
    const value = ALPHABET.indexOf(code[index]!)
    if (value < 0) return false
    sum += value * weight
  }
  return ALPHABET[(31 - (sum % 31)) % 31] === code[17]
}

type Wrong = readonly [field: string, en: string, zh: string]

/** What is wrong with the codes of one matter; `uscc` is its department's, where known. */
export function checkMatterCodes(
  codes: { catalogCode?: string; taskCode?: string; handleItem?: string },
  uscc: string | undefined,
): Wrong[] {
  const { catalogCode, taskCode, handleItem } = codes
  const wrong: Wrong[] = []
  if (taskCode !== undefined && !isUscc(taskCode.slice(0, 18))) {
    wrong.push([
      'taskCode',
      'its first 18 characters are no valid USCC',
      '前 18 位不是有效的统一社会信用代码',
    ])
  } else if (taskCode !== undefined && uscc !== undefined && !taskCode.startsWith(uscc)) {
    wrong.push([
      'taskCode',
      `must start with its department's USCC ${uscc}`,
      `应以主管部门的统一社会信用代码 ${uscc} 开头`,
    ])
  }
  if (taskCode !== undefined && catalogCode !== undefined && taskCode.slice(19) !== catalogCode) {
    wrong.push([
      'taskCode',
      `must end with the catalogCode ${catalogCode}`,
      `应以基本编码 ${catalogCode} 结尾`,
    ])
  }
  if (handleItem !== undefined && taskCode !== undefined && !handleItem.startsWith(taskCode)) {
    wrong.push(['handleItem', `must start with the taskCode ${taskCode}`, `应以实施编码 ${taskCode} 开头`])
  }
  return wrong
}
