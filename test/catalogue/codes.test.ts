// Codes of organisations and matters: only what is known for certain is checked.

import t from 'tap'
import { checkMatterCodes, isUscc } from '../../src/catalogue/codes.ts'
import { findCycle } from '../../src/catalogue/cycle.ts'

t.test('published codes have the right check digit, altered ones do not', async (t) => {
  for (const code of [
    '11370800MB28559184',
    '12441500196720244T',
    '11310000MB2F30661Y',
    '11100000000013338W',
  ]) {
    t.ok(isUscc(code), code)
    t.notOk(
      isUscc(code.replace('000', '001').replace('0800', '0900').replace('1500', '1600')),
      `${code} altered`,
    )
  }
  t.notOk(isUscc('11370800MB2855918I'), 'I is not in the alphabet')
  t.notOk(isUscc('1137'))
})

t.test('a published 实施编码 is right; one of another department or matter is not', async (t) => {
  const taskCode = '11370800MB285591843370117002011'
  const right = { catalogCode: '370117002011', taskCode, handleItem: `${taskCode}01` }
  t.same(checkMatterCodes(right, '11370800MB28559184'), [])
  t.same(checkMatterCodes({}, undefined), [])
  t.match(checkMatterCodes(right, '12441500196720244T'), [['taskCode', /department's USCC/]])
  t.match(checkMatterCodes({ ...right, catalogCode: '370117002012' }, undefined), [
    ['taskCode', /catalogCode/],
  ])
  t.match(checkMatterCodes({ ...right, handleItem: `1${taskCode}0` }, undefined), [
    ['handleItem', /taskCode/],
  ])
  t.match(checkMatterCodes({ taskCode: `${'0'.repeat(17)}1${taskCode.slice(18)}` }, undefined), [
    ['taskCode', /USCC/],
  ])
})

t.test('a circle is found wherever it begins', async (t) => {
  t.equal(
    findCycle(
      new Map([
        ['a', []],
        ['b', ['a']],
        ['c', ['a', 'b']],
      ]),
    ),
    undefined,
  )
  t.same(
    findCycle(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
    ['b', 'c', 'b'],
  )
  t.same(findCycle(new Map([['a', ['a']]])), ['a', 'a'])
})
