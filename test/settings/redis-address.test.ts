import t from 'tap'
import { redisAddress } from '../../src/settings/redis-address.ts'

t.test('one Redis is what its driver reads', async (t) => {
  for (const url of ['redis://host', 'rediss://user:p@host:6380/2', '/run/redis.sock'])
    t.strictSame(redisAddress(url), { kind: 'one', url })
})

t.test('Sentinels are named with their master, as Lettuce writes it', async (t) => {
  t.strictSame(redisAddress('redis-sentinel://one:26379,two,[::1]:26380/3#kaifeng'), {
    kind: 'sentinel',
    nodes: [
      { host: 'one', port: 26379 },
      { host: 'two', port: 26379 },
      { host: '::1', port: 26380 },
    ],
    login: {},
    tls: false,
    master: 'kaifeng',
    database: 3,
    sentinel: {},
  })
  t.match(redisAddress('rediss-sentinel://user:a%3Ab%40@one?sentinelMasterId=m&sentinelPassword=s%23'), {
    login: { username: 'user', password: 'a:b@' },
    tls: true,
    master: 'm',
    database: 0,
    sentinel: { password: 's#' },
  })
  t.match(redisAddress('redis-sentinel://:only@one#m'), { login: { password: 'only' } })
})

t.test('of a cluster some nodes are enough', async (t) => {
  t.strictSame(redisAddress('rediss-cluster://:p@one:7000,two'), {
    kind: 'cluster',
    nodes: [
      { host: 'one', port: 7000 },
      { host: 'two', port: 6379 },
    ],
    login: { password: 'p' },
    tls: true,
  })
})

t.test('what is none of these is none', async (t) => {
  for (const text of [
    'http://host',
    'redis-sentinel://host:26379',
    'redis-sentinel://host/0#',
    'redis-sentinel://host?sentinelMaster=misspelt#m',
    'redis-sentinel://a%ZZ:b@host#m',
    'redis-cluster://host:99999',
    'redis-cluster://host/1',
    'redis-cluster://host#m',
    'redis-cluster://a b',
    'redis-cluster://one,,two',
    'redis-other://host',
  ])
    t.equal(redisAddress(text), null, text)
})
