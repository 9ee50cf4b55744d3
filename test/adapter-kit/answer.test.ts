// What an answer holds is read whole, whatever the system calls it.

import t from 'tap'
import { Answer } from '../../src/adapter-kit/answer.ts'

const answer = (body: string, type = 'application/json') =>
  new Answer({ method: 'GET', path: '/cases' }, 200, { 'content-type': type }, Buffer.from(body), 'utf-8')

t.test('numbers of more digits than a double holds keep them all, as text', async (t) => {
  const body =
    '{"bh":1862345678901234561,"no":-9007199254740993,"n":12,"amount":0.1234567890123456789,"big":1e21}'
  t.strictSame(answer(body).json(), {
    bh: '1862345678901234561',
    no: '-9007199254740993',
    n: 12,
    amount: 0.12345678901234568,
    big: 1e21,
  })
  t.strictSame(answer('{"id":9007199254740991,"text":"1862345678901234561"}').json(), {
    id: Number.MAX_SAFE_INTEGER,
    text: '1862345678901234561',
  })
})

t.test('JSON is JSON under whatever type; a page of HTML is none', async (t) => {
  t.strictSame(answer('{"errcode":0}', 'text/html;charset=utf-8').json(), { errcode: 0 })
  for (const type of ['text/html', 'application/json'])
    t.throws(() => answer('<html>系统维护中</html>', type).json(), { message: /HTML/ })
  t.throws(() => answer('{"errcode":').json(), { message: /broken JSON/ })
})
