// What is wrong with an expression is told when it is compiled, not when the first case is to be sent.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import t from 'tap'
import { jsonataFunctions } from '../../src/adapter-kit/expression-functions.ts'
import { compileExpression } from '../../src/adapter-kit/expressions.ts'

const compile = (source: string) => () =>
  compileExpression(source, {
    where: 'answer.code',
    functions: { localTime: [(iso: string) => iso, '<s:s>'] },
  })

t.test('a function that nobody has is refused by name, with the one that may have been meant', async (t) => {
  t.throws(compile('$localtime(at)'), {
    kind: 'unrecognised',
    setting: 'answer.code',
    message: /没有函数 \$localtime .*did you mean \$localTime\?/,
  })
  t.throws(compile('a ~> $nobodyHasThis'), { message: /\$nobodyHasThis/ })
  t.throws(compile('list[$md5(no) = "1"].{ "x": $upercase(y) }'), { message: /\$md5|\$upercase/ })
  t.throws(compile('$curried(?, 1)'), { message: /\$curried/ })
})

t.test('what an expression makes itself, JSONata’s own and ours are no mistakes', async (t) => {
  for (const source of [
    '($twice := function($f, $x){ $f($f($x)) }; $twice(function($y){ $y * 2 }, 3))',
    '$map(list, $string) ~> $join(",")',
    'a@$v.b[$exists($v)]#$i.{ "i": $i }',
    '$localTime($now) & $base64encode(name, "gbk") & $readJson(text).no',
  ])
    t.doesNotThrow(compile(source), source)
})

t.test('the functions of JSONata are those of its version here', async (t) => {
  const source = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8')
  const bound = [...source.matchAll(/(?:staticFrame|environment)\.bind\('(\w+)'/g)].map(([, name]) => name)
  t.ok(bound.length > 50)
  t.same([...new Set(bound)].sort(), [...jsonataFunctions].sort())
})

t.test('an attribute without its backquotes is told how it is written', async (t) => {
  t.throws(compile('row.@no'), { message: /backquotes\): `@no`/ })
  t.doesNotThrow(compile('row.`@no`'))
})
