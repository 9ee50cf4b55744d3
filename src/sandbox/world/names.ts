// Names of people and firms of the invented city. Some hold Han characters beyond the common code page and
// beyond U+FFFF, because real names do, and systems that lose them insult their owners.

import { pick } from '../random.ts'

const FAMILY = [
  '王',
  '李',
  '张',
  '刘',
  '陈',
  '杨',
  '赵',
  '黄',
  '周',
  '吴',
  '徐',
  '孙',
  '胡',
  '朱',
  '高',
  '林',
  '何',
  '郭',
  '马',
  '罗',
  '梁',
  '宋',
  '郑',
  '谢',
  '韩',
  '唐',
  '冯',
  '于',
  '董',
  '萧',
  '程',
  '曹',
  '袁',
  '邓',
  '许',
  '傅',
  '沈',
  '曾',
  '彭',
  '吕',
  '欧阳',
  '司马',
  '上官',
  '诸葛',
]
const GIVEN_MEN = [
  '伟',
  '强',
  '磊',
  '军',
  '洋',
  '勇',
  '杰',
  '涛',
  '明',
  '超',
  '建国',
  '志强',
  '海涛',
  '文博',
  '子轩',
  '宇航',
  '俊豪',
  '浩然',
  '立新',
  '国栋',
]
const GIVEN_WOMEN = [
  '芳',
  '娜',
  '敏',
  '静',
  '丽',
  '艳',
  '娟',
  '霞',
  '秀英',
  '桂兰',
  '雨桐',
  '欣怡',
  '梦瑶',
  '诗涵',
  '晓燕',
  '玉梅',
  '佳怡',
  '思雨',
  '淑珍',
  '春华',
]
/** U+4DAE, U+20BB7, U+2B5AF, U+2CB2D, U+2CD9F, U+9FAE …: extensions A, B, C and E. */
const RARE = ['䶮', '𠮷', '𫖯', '𬬭', '𬘬', '㛃', '𬍛', '𤩽', '𣲗']
const FIRM_WORDS = ['汴京', '宋都', '禹王', '菊城', '御河', '龙亭', '清明', '铁塔', '包公湖', '鼓楼']
const FIRM_TRADES = [
  '餐饮服务有限公司',
  '食品有限公司',
  '餐饮管理有限公司',
  '酒店管理有限公司',
  '商贸有限公司',
]
const SHOPS = [
  '灌汤包子馆',
  '桶子鸡店',
  '鲤鱼焙面馆',
  '胡辣汤店',
  '小笼包店',
  '羊肉炕馍馆',
  '杏仁茶铺',
  '花生糕坊',
]

export type Sex = 'male' | 'female'
const RARE_SHARE = 0.08

/** A Chinese name of two to four characters, one in twelve with a rare one. */
export function personName(random: () => number, sex: Sex, family = pick(random, FAMILY)): string {
  const given = pick(random, sex === 'male' ? GIVEN_MEN : GIVEN_WOMEN)
  return family + (random() < RARE_SHARE ? given[0] + pick(random, RARE) : given)
}

export function familyNameOf(name: string): string {
  return FAMILY.find((family) => family.length === 2 && name.startsWith(family)) ?? [...name][0]!
}

export function firmName(random: () => number): string {
  return `开封${pick(random, FIRM_WORDS)}${pick(random, FIRM_TRADES)}`
}

export function shopName(random: () => number): string {
  return `${pick(random, FIRM_WORDS)}${pick(random, SHOPS)}`
}
