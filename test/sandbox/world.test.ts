import t from 'tap'
import { createRandom } from '../../src/sandbox/random.ts'
import { idNumber, isIdNumber, isUscc, uscc } from '../../src/sandbox/world/numbers.ts'
import { newborn, organisation, person } from '../../src/sandbox/world/people.ts'

const today = new Date('2026-11-23T00:00:00Z')
const ages = { youngest: 20, oldest: 70 }

t.test('known good numbers are good, and one wrong character makes them bad', async (t) => {
  t.ok(isIdNumber('11010519491231002X'))
  t.notOk(isIdNumber('110105194912310021'))
  t.notOk(isIdNumber('11010519490231002X'))
  t.ok(isUscc('91350100M000100Y43'))
  t.notOk(isUscc('91350100M000100Y44'))
})

t.test('invented people and firms have valid numbers of Kaifeng', async (t) => {
  const random = createRandom('world')
  for (let i = 0; i < 500; i++) {
    const one = person(random, ages, today)
    const firm = organisation(random, one)
    if (!isIdNumber(one.idNumber) || !isUscc(firm.uscc)) t.fail(`${one.idNumber} ${firm.uscc}`)
    if (!/^4102/.test(one.idNumber) || !/^1\d{10}$/.test(one.mobile)) t.fail(JSON.stringify(one))
    if (Number(one.idNumber[16]) % 2 !== (one.sex === 'male' ? 1 : 0)) t.fail('sex')
    const age = (today.getTime() - Date.parse(one.born)) / (365.25 * 86_400_000)
    if (age < ages.youngest - 0.01 || age > ages.oldest + 2) t.fail(`age ${age}`)
  }
})

t.test('some names hold characters beyond U+FFFF', async (t) => {
  const random = createRandom('names')
  const names = Array.from({ length: 300 }, () => person(random, ages, today).name)
  t.ok(names.some((name) => [...name].length < name.length))
  t.ok(names.every((name) => name.isWellFormed()))
})

t.test('the same seed invents the same people', async (t) => {
  const some = () =>
    Array.from(
      { length: 5 },
      (
        (random) => () =>
          person(random, ages, today)
      )(createRandom('x')),
    )
  t.strictSame(some(), some())
})

t.test('a newborn has the family name of the parent', async (t) => {
  const random = createRandom('born')
  const parent = person(random, ages, today)
  t.equal(newborn(random, parent, today).name[0], parent.name[0])
})

t.test('an identity number says its division, date and sex', async (t) => {
  const number = idNumber(createRandom('n'), { division: '410221', born: '1990-03-07', sex: 'female' })
  t.match(number, /^41022119900307/)
  t.ok(isIdNumber(number))
  t.ok(isUscc(uscc(createRandom('u'), '410204', '92')))
})
