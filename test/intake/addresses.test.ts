// Postal addresses: what follows from a division or from the text, and what has to be asked for.

import t from 'tap'
import type { CanonicalSubmission, PostalAddress } from '../../schemas/types.ts'
import type { Division } from '../../src/domain/catalogue.ts'
import { checkDelivery, type Here, located } from '../../src/intake/addresses.ts'
import { documentOf, type ReceivedInput } from '../../src/intake/received.ts'

const division = (code: string, zh: string, aliases: string[] = []): [string, Division] => [
  code,
  { code, name: { zh, en: zh }, aliases },
]
const kaifeng = {
  divisions: new Map([
    division('410200', '开封市'),
    division('410202', '龙亭区', ['410211']),
    division('410204', '鼓楼区'),
    division('410221', '杞县'),
  ]),
  city: { province: '河南省', name: '开封市' },
}

const places: [string, PostalAddress, string][] = [
  ['a division of this city', { division: '410221', address: '建设路1号' }, '河南省 开封市 杞县'],
  [
    'a division that has another code now',
    { division: '410211', address: '金明大道1号' },
    '河南省 开封市 龙亭区',
  ],
  ['a text that names the county', { address: '鼓楼区中山路1号' }, '河南省 开封市 鼓楼区'],
  ['a text that names all', { address: '河南省 开封市 杞县 建设路1号' }, '河南省 开封市 杞县'],
  ['a county alone', { county: '鼓楼区', address: '中山路1号' }, '河南省 开封市 鼓楼区'],
  [
    'what was given stays',
    { county: '示范区', division: '410202', address: '郑开大道1号' },
    '河南省 开封市 示范区',
  ],
  ['a street alone', { address: '中山路1号' }, '河南省 开封市 ?'],
  ['the city alone', { division: '410200', address: '中山路1号' }, '河南省 开封市 ?'],
  ['a division elsewhere', { division: '440106', address: '天河路1号' }, '? ? ?'],
  ['a province elsewhere', { province: '广东省', address: '鼓楼区天河路1号' }, '广东省 ? ?'],
]
for (const [name, address, place] of places) {
  t.test(`${name}: ${place}`, async (t) => {
    const { province = '?', city = '?', county = '?', address: street } = located(address, kaifeng)
    t.equal(`${province} ${city} ${county}`, place)
    t.equal(street, address.address)
  })
}

const others: [string, Here['city'], string, string][] = [
  [
    'a city called as its province',
    { province: '吉林省', name: '吉林市' },
    '吉林市昌邑区解放路1号',
    '吉林省 吉林市 昌邑区',
  ],
  ['a municipality', { province: '北京市', name: '北京市' }, '北京朝阳区建国路1号', '北京市 北京市 朝阳区'],
  [
    'an autonomous region',
    { province: '广西壮族自治区', name: '南宁市' },
    '广西南宁市青秀区民族大道1号',
    '广西壮族自治区 南宁市 青秀区',
  ],
  ['nowhere in particular', null, '昌邑区解放路1号', '? ? ?'],
]
for (const [name, city, address, place] of others) {
  t.test(`${name}: ${place}`, async (t) => {
    const counties = ['昌邑区', '朝阳区', '青秀区'].map((zh, i) => division(`11010${i}`, zh))
    const {
      province = '?',
      city: town = '?',
      county = '?',
    } = located({ address }, { divisions: new Map(counties), city })
    t.equal(`${province} ${town} ${county}`, place)
  })
}

t.test('without a city of ours every address spells out its own', async (t) => {
  const nowhere = { ...kaifeng, city: null }
  const whole = { province: '河南省', city: '开封市', county: '杞县', address: '建设路1号' }
  t.strictSame(faults(back(whole), undefined, nowhere), [])
  t.strictSame(faults(back({ division: '410221', address: '建设路1号' }), undefined, nowhere), [
    `${BACK} address-incomplete`,
  ])
})

function faults(delivery: object, own?: PostalAddress, here: Here = kaifeng): string[] {
  const submission = { delivery, applicant: { ...(own ? { address: own } : {}) } }
  const errors = checkDelivery(submission as unknown as CanonicalSubmission, here)
  for (const error of errors) t.match(error, { message: /[a-z]/, messageZh: /[\u4e00-\u9fff]/ })
  return errors.map(({ pointer, code }) => `${pointer} ${code}`)
}
const back = (address?: PostalAddress) => ({ return: { by: 'post', ...(address ? { address } : {}) } })
const collect = (address: PostalAddress) => ({ collect: { address } })
const [BACK, COLLECT] = ['/delivery/return/address', '/delivery/collect/address']

t.test('a parcel needs a street, and a place that a carrier takes', async (t) => {
  t.strictSame(faults(back()), [`${BACK} address-missing`])
  t.strictSame(faults(back({ division: '410204' })), [`${BACK} address-missing`])
  t.strictSame(faults(back({ address: '中山路1号' })), [`${BACK}/county address-incomplete`])
  t.strictSame(faults(back({ division: '440106', address: '天河路1号' })), [`${BACK} address-incomplete`])
  t.strictSame(faults(back({ division: '410204', address: '中山路1号' })), [])
  t.strictSame(faults({ return: { by: 'hall' } }), [], 'nothing is posted')
})

t.test('elsewhere province and city are enough: some cities have no counties', async (t) => {
  const dongguan = { province: '广东省', city: '东莞市', division: '441900', address: '鸿福路1号' }
  t.strictSame(faults(back(dongguan)), [])
})

t.test('paper is fetched at the own address of the applicant where no other street is given', async (t) => {
  const own = { division: '410204', address: '中山路1号' }
  t.strictSame(faults(collect({}), own), [])
  t.strictSame(faults(collect({ mobile: '13800138000' }), own), [])
  t.strictSame(faults(collect({})), [`${COLLECT} address-missing`])
  t.strictSame(faults(collect({ address: '建设路1号' }), own), [`${COLLECT}/county address-incomplete`])
})

t.test('a hall that sends on what it took in is found by its carrier', async (t) => {
  const hall = {
    code: 'h',
    name: { zh: '大厅', en: 'Hall' },
    division: '410221',
    address: '金城大道88号',
    phone: '1',
  }
  const input = {
    submission: {
      mode: 'agent',
      applicant: {},
      agent: { hall: 'h', window: '1' },
      materials: [{ code: 'form', source: 'paper' }],
    },
    plan: { situations: {}, cases: [] },
    catalogue: { ...kaifeng, matters: new Map() },
    halls: new Map([['h', { ...hall, windows: [] }]]),
    city: kaifeng.city,
    now: new Date(),
  }
  t.match(documentOf(input as unknown as ReceivedInput), {
    delivery: {
      collect: { address: { province: '河南省', city: '开封市', county: '杞县', address: '金城大道88号' } },
    },
  })
})
