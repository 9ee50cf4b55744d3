import t from 'tap'
import { hashPassword, unknownPassword, verifyPassword } from '../../src/security/passwords.ts'

t.test('a password matches its own hash and no other', async (t) => {
  const passwordHash = await hashPassword('密码 p@ss')
  t.match(passwordHash, /^scrypt:32768:8:1:[\w-]{22}:[\w-]{43}$/)
  t.ok(await verifyPassword('密码 p@ss', passwordHash))
  t.notOk(await verifyPassword('密码 p@ss ', passwordHash))
  t.not(await hashPassword('密码 p@ss'), passwordHash, 'salted')
})

t.test('no password matches the hash of nobody, which costs as much to check', async (t) => {
  const nobody = unknownPassword()
  t.match(nobody, /^scrypt:32768:8:1:[\w-]{22}:[\w-]{43}$/)
  t.notOk(await verifyPassword('', nobody))
  t.not(unknownPassword(), nobody)
})

t.test('a hash that cannot be read, or asks for too much memory, matches nothing', async (t) => {
  for (const it of [
    '',
    'scrypt:',
    'plain',
    `scrypt:9999999:99:99:aaaaaaaaaaaaaaaa:${'a'.repeat(43)}`,
    `scrypt:3:8:1:aaaaaaaaaaaaaaaa:${'a'.repeat(43)}`,
  ])
    t.notOk(await verifyPassword('x', it), it)
})
