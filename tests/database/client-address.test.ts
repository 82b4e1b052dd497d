import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { inTransaction, sql, type Transaction } from './support/database.ts'

// Whose request it is, by address: what our functions signed, or what the gateway saw, and never what a client says.

const [stored] = await sql`select value from tenancy.secrets where name = 'functions'`
const secret: string = stored?.value
const sign = (statement: string, key = secret) => createHmac('sha256', key).update(statement).digest('hex')

const now = () => Math.floor(Date.now() / 1000)
const requestId = 'request-1'

/** What functions send for a client at this address. */
function signed(address: string, { time = now(), id = requestId, key = secret } = {}) {
  const statement = ['client-address', address, id, time].join('\n')
  return { 'x-client-address': address, 'x-client-signature': `${time}.${sign(statement, key)}`, 'x-request-id': id }
}

async function addressFor(tx: Transaction, headers: Record<string, string>): Promise<string | null> {
  await tx`select set_config('request.headers', ${JSON.stringify(headers)}, true)`
  const [row] = await tx`select host(tenancy.client_address()) as address`
  return row?.address
}

const seen = { 'x-forwarded-for': '198.51.100.1' }

describe('the address of a client', () => {
  it.each<[string, Record<string, string>, string | null]>([
    ['is what the gateway saw', seen, '198.51.100.1'],
    ['is what functions saw, when they signed it', { ...seen, ...signed('203.0.113.7') }, '203.0.113.7'],
    ['is IPv6 too', { ...seen, ...signed('2001:DB8::7') }, '2001:db8::7'],
    ['is unknown when functions do not know it', { ...seen, ...signed('unknown') }, null],
    ['is unknown when nobody saw it', {}, null],
    ['is not what a client says it is', { ...seen, 'x-client-address': '203.0.113.7' }, '198.51.100.1'],
    [
      'is not what somebody else signed',
      { ...seen, ...signed('203.0.113.7', { key: 'x'.repeat(40) }) },
      '198.51.100.1',
    ],
    ['is not what was signed for another request', {
      ...seen,
      ...signed('203.0.113.7'),
      'x-request-id': 'request-2',
    }, '198.51.100.1'],
    ['is not what was signed for another address', {
      ...seen,
      ...signed('203.0.113.7'),
      'x-client-address': '203.0.113.8',
    }, '198.51.100.1'],
    [
      'is not what was signed over a minute ago',
      { ...seen, ...signed('203.0.113.7', { time: now() - 62 }) },
      '198.51.100.1',
    ],
    [
      'is what was signed half a minute ago',
      { ...seen, ...signed('203.0.113.7', { time: now() - 30 }) },
      '203.0.113.7',
    ],
    ['is not what is signed for later', { ...seen, ...signed('203.0.113.7', { time: now() + 90 }) }, '198.51.100.1'],
    ['is not helped by a time that is none', {
      ...seen,
      'x-client-address': '203.0.113.7',
      'x-client-signature': `9e99.${sign('')}`,
    }, '198.51.100.1'],
    ['is the last of a list, not the first', { 'x-forwarded-for': '203.0.113.7, 198.51.100.1' }, '198.51.100.1'],
    ['comes without its port', { 'x-forwarded-for': '198.51.100.1:4711' }, '198.51.100.1'],
    ['comes without its brackets', { 'x-forwarded-for': '[2001:db8::1]:4711' }, '2001:db8::1'],
    ['is IPv4 where it is IPv4 in disguise', { 'x-forwarded-for': '::ffff:198.51.100.1' }, '198.51.100.1'],
    ['is unknown when it is a network', { 'x-forwarded-for': '198.51.100.0/24' }, null],
    ['is unknown when it is a name', { 'x-forwarded-for': 'localhost' }, null],
    ['is unknown when it is nothing', { 'x-forwarded-for': '198.51.100.1, ' }, null],
    ['is unknown when it is much', { 'x-forwarded-for': '1'.repeat(5000) }, null],
  ])('%s', (_, headers, address) =>
    inTransaction(async (tx) => {
      expect(await addressFor(tx, headers)).toBe(address)
    }))

  it('is counted from the right by the number of trusted proxies', () =>
    inTransaction(async (tx) => {
      const forwarded = { 'x-forwarded-for': '203.0.113.7, 198.51.100.1, 10.0.0.1' }
      const trusting = async (count: string) => {
        await tx`update tenancy.settings set value = ${count} where name = 'trusted_proxies'`
        return await addressFor(tx, forwarded)
      }
      expect(await trusting('0')).toBeNull()
      expect(await trusting('2')).toBe('198.51.100.1')
      expect(await trusting('4')).toBeNull()
      await expect(tx.savepoint(() => trusting('many'))).rejects.toThrow('settings_trusted_proxies_is_a_count')
    }))

  it('is nobody’s while there is no secret: a request of functions would look like one of a client', () =>
    inTransaction(async (tx) => {
      await tx`delete from tenancy.secrets where name = 'functions'`
      expect(await addressFor(tx, seen)).toBeNull()
      expect(await addressFor(tx, { ...seen, ...signed('203.0.113.7') })).toBeNull()
    }))

  it('counts as one for the whole of an IPv6 network', () =>
    inTransaction(async (tx) => {
      const keyOf = async (address: string) =>
        (await tx`select tenancy.to_address_key(${address}::text::inet) as key`)[0]?.key
      expect(await keyOf('198.51.100.1')).toBe('198.51.100.1')
      expect(await keyOf('2001:db8:0:1::1')).toBe('2001:db8:0:1::/64')
      expect(await keyOf('2001:db8:0:1:ffff:ffff:ffff:ffff')).toBe('2001:db8:0:1::/64')
      expect(await keyOf('2001:db8:0:2::1')).toBe('2001:db8:0:2::/64')
    }))
})

describe('a statement', () => {
  it('is signed by functions, or not', () =>
    inTransaction(async (tx) => {
      const isSigned = async (statement: string | null, signature: string | null) =>
        (await tx`select tenancy.is_signed_by_functions(${statement}, ${signature}) as signed`)[0]?.signed
      const good = sign('domain example.test')
      expect(await isSigned('domain example.test', good)).toBe(true)
      for (
        const [statement, signature] of [
          ['domain example.org', good],
          ['domain example.test', sign('domain example.test', 'x'.repeat(40))],
          ['domain example.test', good.slice(1)],
          ['domain example.test', ''],
          ['domain example.test', null],
          [null, good],
        ] as const
      ) expect(await isSigned(statement, signature), `${statement} ${signature}`).toBe(false)
      await tx`delete from tenancy.secrets where name = 'functions'`
      expect(await isSigned('domain example.test', good)).toBe(false)
    }))

  it('needs a secret that nobody guesses', () =>
    inTransaction(async (tx) => {
      await expect(tx.savepoint((tx) => tx`update tenancy.secrets set value = 'short'`)).rejects.toThrow(
        'secrets_are_not_guessed',
      )
    }))
})
