import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { EmailDomain } from '../../shared/contract/domains.ts'
import { ask, type Call } from './support/ask.ts'
import { type Actor, as, type Cast, join, signUp, stage } from './support/cast.ts'
import { attempt, inTransaction, sql, type Transaction } from './support/database.ts'

// An organization's e-mail domains, and who joins by them. Races are in joining-races.test.ts.

interface Domain {
  id: string
  domain: string
  verified_at: string | null
  record: { name: string; value: string }
}

const fresh = () => `${crypto.randomUUID().slice(0, 8)}.test`
const claim = (cast: Cast, domain: string, mode = 'approval', organization = cast.acme): Call => (tx) =>
  tx`claim_domain(${organization}, ${domain}, ${mode})`
const joinAcme = (cast: Cast): Call => (tx) => tx`join_organization(${cast.acme})`
const move = (tx: Transaction, user: string, email: string) =>
  tx`update auth.users set email = ${email} where id = ${user}`

const secret = async (tx: Transaction) =>
  (await tx`select value from tenancy.secrets where name = 'functions'`)[0]?.value as string

/** What the functions say when they have found a value under the name of a claim. */
async function prove(
  tx: Transaction,
  { id, domain, record }: Domain,
  { age = 0, value = record.value, key = '', purpose = 'domain-proof' } = {},
): Promise<string> {
  const time = String(Math.floor(Date.now() / 1000) - age)
  const [hash] = await tx`select encode(sha256(convert_to(${value}, 'UTF8')), 'hex') as hex`
  const statement = [purpose, id, domain, hash?.hex, time].join('\n')
  const signature = createHmac('sha256', key || await secret(tx)).update(statement).digest('hex')
  return `${time}.${hash?.hex}.${signature}`
}

const verify = (cast: Cast, domain: Domain, proof: string, organization = cast.acme): Call => (tx) =>
  tx`verify_domain(${organization}, ${domain.id}, ${proof})`

/** A domain that Acme has claimed and verified. */
async function verified(tx: Transaction, cast: Cast, mode = 'automatic', domain = fresh()): Promise<Domain> {
  const claimed = (await ask(tx, cast, 'adam', claim(cast, domain, mode))).domain as Domain
  return (await ask(tx, cast, 'adam', verify(cast, claimed, await prove(tx, claimed)))).domain
}

const roleOf = async (tx: Transaction, organization: string, user: string) =>
  (await tx`select role from organization_users where organization_id = ${organization} and user_id = ${user}`)[0]
    ?.role ?? null

describe('the name of a domain', () => {
  const good = [
    'acme.test',
    'a.b',
    'mail.acme.co.uk',
    'xn--bcher-kva.example',
    '1acme.test',
    'a-b.test',
    `${'a'.repeat(63)}.test`,
    `${`${'a'.repeat(59)}.`.repeat(4)}${'b'.repeat(13)}`,
    'acme.xn--p1ai',
  ]
  const bad = [
    '',
    'acme',
    'acme.test.',
    '.acme.test',
    'acme..test',
    '127.0.0.1',
    '1.2.3.4.5',
    '0x7f.0x1',
    '[::1]',
    '::1',
    '-acme.test',
    'acme-.test',
    'acme.test/x',
    'acme.test:53',
    'mia@acme.test',
    '*.acme.test',
    '_dmarc.acme.test',
    'ac me.test',
    'acme.test\nevil.test',
    `${'a'.repeat(64)}.test`,
    `${`${'a'.repeat(59)}.`.repeat(4)}${'b'.repeat(14)}`,
  ]

  it('is the same to the contract and the database', async () => {
    for (const [names, expected] of [[good, true], [bad, false]] as const) {
      for (const name of names) {
        const [row] = await sql`select tenancy.is_domain(${name}) as known`
        expect([name, row?.known, EmailDomain.safeParse(name).success]).toEqual([name, expected, expected])
      }
    }
  })

  it.each([
    [' ACME.test ', 'acme.test'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    // A Cyrillic а: it shows for what it is.
    ['аcme.test', 'xn--cme-5cd.test'],
  ])('%s is read as %s', (given, expected) => expect(EmailDomain.parse(given)).toBe(expected))

  it.each(['acme.test/ü', 'ü@acme.test', 'ü', 'acme。test', 'ü:53', 'ü\u202e.test'])('%j is no domain', (given) => {
    expect(EmailDomain.safeParse(given).success).toBe(false)
  })

  it('is checked by the table, whoever writes', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      for (const domain of ['bücher.example', 'acme', 'аcme.test', 'acme.test.']) {
        expect(await ask(tx, cast, 'adam', claim(cast, domain)), domain).toBe('23514')
        const written = await attempt(tx, (tx) =>
          tx`insert into organization_domains (organization_id, domain) values (${cast.acme}, ${domain})`)
        expect(written.refused?.constraint).toBe('organization_domains_domain_is_a_name')
      }
      expect(await ask(tx, cast, 'adam', claim(cast, fresh(), 'always'))).toBe('23514')
    }))
})

describe('public mail domains', () => {
  it.each([
    'gmail.com',
    'outlook.com',
    'gmx.de',
    'yahoo.co.uk',
    'icloud.com',
    'proton.me',
    'qq.com',
    '163.com',
    'mail.ru',
  ])(
    '%s is nobody’s, nor is what is below it, nor in capitals',
    (domain) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        for (const name of [domain, `mail.${domain}`, domain.toUpperCase()]) {
          expect(await ask(tx, cast, 'alice', claim(cast, name)), name).toBe('validation_failed')
        }
        const written = await attempt(tx, (tx) =>
          tx`insert into organization_domains (organization_id, domain, verified_at)
            values (${cast.acme}, ${domain}, now())`)
        expect(written.refused?.code).toBe('validation_failed')
        // The control: a name that only ends alike.
        expect(typeof await ask(tx, cast, 'alice', claim(cast, `not${domain}`))).toBe('object')
      }),
  )

  it('are well over a hundred, and operators add to them: at once nobody joins by one', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const [known] = await tx`select count(*)::int as n from tenancy.public_mail_domains`
      expect(known?.n).toBeGreaterThan(150)
      const { domain } = await verified(tx, cast)
      const waiting = (await ask(tx, cast, 'adam', claim(cast, `mail.${domain}`))).domain
      await move(tx, cast.users.eve, `eve@${domain}`)
      await tx`insert into tenancy.public_mail_domains values (${domain})`
      expect(await ask(tx, cast, 'eve', joinAcme(cast))).toBe('not_found')
      expect(await ask(tx, cast, 'adam', verify(cast, waiting, await prove(tx, waiting)))).toBe('conflict')
      await tx`delete from tenancy.public_mail_domains where domain = ${domain}`
      expect((await ask(tx, cast, 'eve', joinAcme(cast))).role).toBe('member')
    }))
})

describe('a claim', () => {
  it.each(
    [['alice', 'object'], ['adam', 'object'], ['mona', 'forbidden'], ['mia', 'forbidden'], ['bob', 'not_found'], [
      'eve',
      'not_found',
    ], ['anon', '42501']] as const,
  )('%s: %s', (actor, expected) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const domain = fresh()
      const answer = await ask(tx, cast, actor, claim(cast, ` ${domain.toUpperCase()} `))
      expect(expected === 'object' ? typeof answer : answer).toBe(expected)
      const rows = await tx`select domain, created_by, verified_at from organization_domains
        where organization_id = ${cast.acme}`
      expect(rows).toEqual(
        expected === 'object' ? [{ domain, created_by: cast.users[actor as 'alice'], verified_at: null }] : [],
      )
    }))

  it('has a record of its own, which nobody can guess', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const domain = fresh()
      const first = (await ask(tx, cast, 'adam', claim(cast, domain))).domain as Domain
      const second = (await ask(tx, cast, 'bob', claim(cast, domain, 'approval', cast.globex))).domain as Domain
      for (const { record } of [first, second]) {
        expect(record).toEqual({
          type: 'TXT',
          name: `_dial-smart.${domain}`,
          value: expect.stringMatching(/^dial-smart-verification=[0-9a-f]{64}$/),
        })
      }
      expect(first.record.value).not.toBe(second.record.value)
      expect(await ask(tx, cast, 'alice', claim(cast, domain))).toBe('conflict')
    }))

  it('is seen by admins, in the list and in the table', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const names = [fresh(), fresh(), fresh()]
      for (const name of names) await ask(tx, cast, 'adam', claim(cast, name))
      await tx`update organization_domains set created_at = now() + (position(left(domain, 3) in ${
        names.map((name) => name.slice(0, 3)).join()
      }) * interval '1 second')`
      const list = (actor: Actor, limit = 50, cursor: string | null = null) =>
        ask(tx, cast, actor, (tx) => tx`list_domains(${cast.acme}, ${limit}, ${cursor})`)
      const first = await list('alice', 2)
      const second = await list('alice', 2, first.next_cursor)
      expect([...first.domains, ...second.domains].map(({ domain }) => domain)).toEqual(names)
      expect(second.next_cursor).toBeNull()
      expect([await list('mona'), await list('mia'), await list('bob'), await list('eve')]).toEqual(
        ['forbidden', 'forbidden', 'not_found', 'not_found'],
      )
      for (
        const [actor, count] of [['alice', 3], ['adam', 3], ['mona', 0], ['mia', 0], ['bob', 0], ['eve', 0]] as const
      ) {
        expect((await as(tx, cast, actor, (tx) => tx`select * from organization_domains`)).count, actor).toBe(count)
      }
    }))

  it('lets nobody in before it is verified', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { domain } = (await ask(tx, cast, 'adam', claim(cast, fresh(), 'automatic'))).domain
      await move(tx, cast.users.eve, `eve@${domain}`)
      expect(await ask(tx, cast, 'eve', joinAcme(cast))).toBe('not_found')
      expect((await ask(tx, cast, 'eve', (tx) => tx`joinable_organizations()`)).organizations).toEqual([])
    }))
})

describe('a proof', () => {
  it('verifies the claim that it is about, once', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const claimed = (await ask(tx, cast, 'adam', claim(cast, fresh()))).domain as Domain
      const proof = await prove(tx, claimed)
      const answer = await ask(tx, cast, 'alice', verify(cast, claimed, proof))
      expect(answer.domain.verified_at).not.toBeNull()
      // Again: the same answer.
      expect(await ask(tx, cast, 'adam', verify(cast, claimed, proof))).toEqual(answer)
    }))

  const forged: [string, (tx: Transaction, mine: Domain, other: Domain) => Promise<string>][] = [
    ['nothing', () => Promise.resolve('')],
    ['a word', () => Promise.resolve('verified')],
    ['an own signature', (tx, mine) => prove(tx, mine, { key: 'x'.repeat(40) })],
    ['no signature', async (tx, mine) => (await prove(tx, mine)).replace(/[^.]+$/, '0'.repeat(64))],
    ['another value', (tx, mine) => prove(tx, mine, { value: 'dial-smart-verification=' })],
    [
      'the hash of another value',
      async (tx, mine, other) =>
        (await prove(tx, mine)).replace(
          /\.[0-9a-f]{64}\./,
          (await prove(tx, other)).match(/\.[0-9a-f]{64}\./)?.[0] ?? '',
        ),
    ],
    ['the proof of another claim', (tx, _, other) => prove(tx, other)],
    [
      'the proof of another claim with this one’s value',
      (tx, mine, other) => prove(tx, other, { value: mine.record.value }),
    ],
    ['an old proof', (tx, mine) => prove(tx, mine, { age: 301 })],
    [
      'an old proof with a new time',
      async (tx, mine) => (await prove(tx, mine, { age: 301 })).replace(/^\d+/, String(Math.floor(Date.now() / 1000))),
    ],
    ['a proof of the future', (tx, mine) => prove(tx, mine, { age: -120 })],
    ['another statement of the functions', (tx, mine) => prove(tx, mine, { purpose: 'client-address' })],
    ['two lines', async (tx, mine) => `${await prove(tx, mine)}\n`],
  ]

  it.each(forged)('is not %s', (_, forge) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const mine = (await ask(tx, cast, 'adam', claim(cast, fresh()))).domain as Domain
      const other = (await ask(tx, cast, 'adam', claim(cast, fresh()))).domain as Domain
      for (const actor of ['alice', 'adam'] as const) {
        expect(await ask(tx, cast, actor, verify(cast, mine, await forge(tx, mine, other)))).toBe('forbidden')
      }
      const rows = await tx`select verified_at from organization_domains where organization_id = ${cast.acme}`
      expect(rows).toEqual([{ verified_at: null }, { verified_at: null }])
      // The control.
      expect(typeof await ask(tx, cast, 'adam', verify(cast, mine, await prove(tx, mine)))).toBe('object')
    }))

  it('is not one for a claim that was removed and made again', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const first = (await ask(tx, cast, 'adam', claim(cast, fresh()))).domain as Domain
      const proof = await prove(tx, first)
      await ask(tx, cast, 'adam', (tx) => tx`remove_domain(${cast.acme}, ${first.id})`)
      const second = (await ask(tx, cast, 'adam', claim(cast, first.domain))).domain as Domain
      expect(await ask(tx, cast, 'adam', verify(cast, first, proof))).toBe('not_found')
      expect(await ask(tx, cast, 'adam', verify(cast, second, proof))).toBe('forbidden')
    }))

  it('is none while the database has no secret', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const claimed = (await ask(tx, cast, 'adam', claim(cast, fresh()))).domain as Domain
      const proof = await prove(tx, claimed)
      await tx`delete from tenancy.secrets where name = 'functions'`
      expect(await ask(tx, cast, 'adam', verify(cast, claimed, proof))).toBe('forbidden')
    }))

  it('is for admins of the organization whose claim it is', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const claimed = (await ask(tx, cast, 'adam', claim(cast, fresh()))).domain as Domain
      const proof = await prove(tx, claimed)
      for (
        const [actor, expected] of [['mona', 'forbidden'], ['mia', 'forbidden'], ['bob', 'not_found'], [
          'eve',
          'not_found',
        ]] as const
      ) {
        expect(await ask(tx, cast, actor, verify(cast, claimed, proof)), actor).toBe(expected)
      }
      expect(await ask(tx, cast, 'bob', verify(cast, claimed, proof, cast.globex))).toBe('not_found')
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect(await ask(tx, cast, 'adam', verify(cast, claimed, proof))).toBe('organization_suspended')
    }))

  it('comes too late where another organization has verified the domain, until that one removes it', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id, domain } = await verified(tx, cast)
      const late = (await ask(tx, cast, 'bob', claim(cast, domain, 'approval', cast.globex))).domain as Domain
      const take = async () => await ask(tx, cast, 'bob', verify(cast, late, await prove(tx, late), cast.globex))
      expect(await take()).toBe('conflict')
      await tx`update organizations set deleted_at = now() where id = ${cast.acme}`
      expect(await take()).toBe('conflict')
      await tx`update organizations set deleted_at = null where id = ${cast.acme}`
      await ask(tx, cast, 'adam', (tx) => tx`remove_domain(${cast.acme}, ${id})`)
      expect((await take()).domain.verified_at).not.toBeNull()
    }))

  it('of an organization that nobody can restore any more gives way', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { domain } = await verified(tx, cast)
      const holders = () => tx`select 1 from organization_domains where domain = ${domain}`
      await tx`update organizations set deleted_at = now() - interval '29 days' where id = ${cast.acme}`
      await tx`select tenancy.tidy()`
      expect(await holders()).toHaveLength(1)
      await tx`update organizations set deleted_at = now() - interval '31 days' where id = ${cast.acme}`
      await tx`select tenancy.tidy()`
      expect(await holders()).toEqual([])
    }))

  it('is about one name: a row that gets another one is not verified', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id, record } = await verified(tx, cast)
      await tx`update organization_domains set domain = ${fresh()} where id = ${id}`
      const [row] = await tx`select verified_at, verification_token from organization_domains where id = ${id}`
      expect(row?.verified_at).toBeNull()
      expect(record.value).not.toContain(row?.verification_token)
    }))
})

describe('joining', () => {
  it('makes a member, at once', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { domain } = await verified(tx, cast)
      await move(tx, cast.users.eve, `Eve.Ellis@${domain.toUpperCase()}`)
      expect((await ask(tx, cast, 'eve', (tx) => tx`joinable_organizations()`)).organizations).toEqual([{
        organization_id: cast.acme,
        organization: { name: 'Acme', branding: {} },
        join_mode: 'automatic',
        request: null,
      }])
      const answer = await ask(tx, cast, 'eve', joinAcme(cast))
      expect(answer).toMatchObject({ role: 'member', organization: { id: cast.acme, role: 'member' } })
      expect(await roleOf(tx, cast.acme, cast.users.eve)).toBe('member')
      expect(await ask(tx, cast, 'eve', joinAcme(cast))).toBe('already_member')
      expect((await ask(tx, cast, 'eve', (tx) => tx`joinable_organizations()`)).organizations).toEqual([])
    }))

  const strangers: [string, (tx: Transaction, eve: string, domain: string) => Promise<unknown>][] = [
    ['has not confirmed the address', async (tx, eve, domain) => {
      await move(tx, eve, `eve@${domain}`)
      await tx`update auth.users set email_confirmed_at = null where id = ${eve}`
    }],
    [
      'says so in their metadata only',
      (tx, eve, domain) =>
        tx`update auth.users set raw_user_meta_data = ${
          JSON.stringify({ email: `eve@${domain}`, email_verified: true, sub: eve })
        }::text::jsonb where id = ${eve}`,
    ],
    ['is at another company', (tx, eve) => move(tx, eve, `eve@${fresh()}`)],
    ['is at a domain below', (tx, eve, domain) => move(tx, eve, `eve@sub.${domain}`)],
    ['is at a domain that ends alike', (tx, eve, domain) => move(tx, eve, `eve@x${domain}`)],
    ['is at a domain that begins alike', (tx, eve, domain) => move(tx, eve, `eve@${domain}.evil.test`)],
    ['has the domain in front of the @', (tx, eve, domain) => move(tx, eve, `"eve@${domain}"@evil.test`)],
    ['writes an e as in Cyrillic', (tx, eve, domain) => move(tx, eve, `eve@${domain.replace(/e/, 'е')}`)],
    ['writes a k as in Kelvin', (tx, eve, domain) => move(tx, eve, `eve@${domain.replace('k', '\u212a')}`)],
    ['ends with a dot', (tx, eve, domain) => move(tx, eve, `eve@${domain}.`)],
    ['has no address', (tx, eve) => tx`update auth.users set email = null where id = ${eve}`],
    ['has a banned account', async (tx, eve, domain) => {
      await move(tx, eve, `eve@${domain}`)
      await tx`update auth.users set banned_until = now() + interval '1 day' where id = ${eve}`
    }],
  ]

  it.each(strangers)('is not for somebody who %s', (reason, become) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { domain } = await verified(tx, cast, 'automatic', `k${fresh()}`)
      await become(tx, cast.users.eve, domain)
      const call = (organization: string) => as(tx, cast, 'eve', (tx) => tx`select join_organization(${organization})`)
      const there = await call(cast.acme)
      expect(there.refused?.code).toBe(/banned/.test(reason) ? 'unauthenticated' : 'not_found')
      expect(there).toEqual(await call(crypto.randomUUID()))
      if (!/banned/.test(reason)) {
        expect((await ask(tx, cast, 'eve', (tx) => tx`joinable_organizations()`)).organizations).toEqual([])
      }
      expect(await roleOf(tx, cast.acme, cast.users.eve)).toBeNull()
      expect(await tx`select 1 from tenancy.join_requests where user_id = ${cast.users.eve}`).toEqual([])
      // The control.
      await tx`update auth.users set email = ${`eve@${domain}`}, email_confirmed_at = now(), banned_until = null
        where id = ${cast.users.eve}`
      expect((await ask(tx, cast, 'eve', joinAcme(cast))).role).toBe('member')
    }))

  it.each([['deleted', { deleted_at: new Date() }], ['suspended', { subscription_status: 'suspended' }], ['cancelled', {
    subscription_status: 'cancelled',
  }]])('an organization that is %s is not there', (_, values) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { domain } = await verified(tx, cast)
      await move(tx, cast.users.eve, `eve@${domain}`)
      await tx`update organizations set ${tx(values)} where id = ${cast.acme}`
      expect(await ask(tx, cast, 'eve', joinAcme(cast))).toBe('not_found')
      expect((await ask(tx, cast, 'eve', (tx) => tx`joinable_organizations()`)).organizations).toEqual([])
    }))

  it('is for people who do not belong yet, suspended ones included', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { domain } = await verified(tx, cast)
      await move(tx, cast.users.mia, `mia@${domain}`)
      expect(await ask(tx, cast, 'mia', joinAcme(cast))).toBe('already_member')
      await tx`update organization_users set suspended_at = now() where user_id = ${cast.users.mia}`
      expect(await ask(tx, cast, 'mia', joinAcme(cast))).toBe('already_member')
      const [row] = await tx`select suspended_at from organization_users where user_id = ${cast.users.mia}`
      expect(row?.suspended_at).not.toBeNull()
    }))

  it('leaves a member who moves to another address where they are', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { domain } = await verified(tx, cast)
      await move(tx, cast.users.eve, `eve@${domain}`)
      await ask(tx, cast, 'eve', joinAcme(cast))
      await move(tx, cast.users.eve, `eve@${fresh()}`)
      expect(await roleOf(tx, cast.acme, cast.users.eve)).toBe('member')
    }))

  const departures: [string, string, (tx: Transaction, cast: Cast) => Promise<unknown>][] = [
    [
      'left',
      'member',
      (tx, cast) => tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: cast.users.eve })}, true)`,
    ],
    [
      'was removed by an admin',
      'request',
      (tx, cast) => tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: cast.users.adam })}, true)`,
    ],
    ['was removed by the operator', 'request', (tx) => tx`select set_config('request.jwt.claims', '', true)`],
    ['left while suspended', 'request', async (tx, cast) => {
      await tx`update organization_users set suspended_at = now() where user_id = ${cast.users.eve}`
      await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: cast.users.eve })}, true)`
    }],
  ]

  it.each(departures)('somebody who %s comes back as %s', (_, expected, by) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { domain } = await verified(tx, cast)
      await move(tx, cast.users.eve, `eve@${domain}`)
      await ask(tx, cast, 'eve', joinAcme(cast))
      await by(tx, cast)
      await tx`delete from organization_users where user_id = ${cast.users.eve}`
      await tx`select set_config('request.jwt.claims', '', true)`
      const { organizations } = await ask(tx, cast, 'eve', (tx) => tx`joinable_organizations()`)
      expect(organizations[0].join_mode).toBe(expected === 'member' ? 'automatic' : 'approval')
      const answer = await ask(tx, cast, 'eve', joinAcme(cast))
      expect(Object.keys(answer)).toContain(expected === 'member' ? 'role' : 'request')
      // Once an admin has let them in again, they are as everybody else.
      await join(tx, cast.globex, cast.users.eve, 'member')
      if (expected === 'request') {
        await ask(tx, cast, 'adam', (tx) => tx`approve_join_request(${cast.acme}, ${answer.request.id})`)
      }
      expect(await roleOf(tx, cast.acme, cast.users.eve)).toBe('member')
      expect(await tx`select 1 from tenancy.kept_out where user_id = ${cast.users.eve}`).toEqual([])
    }))

  it('keeps nothing about accounts and organizations that are gone', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await join(tx, cast.acme, cast.users.eve, 'member')
      await tx`delete from auth.users where id = ${cast.users.eve}`
      await tx`delete from organizations where id = ${cast.acme}`
      expect(
        await tx`select 1 from tenancy.kept_out
        where organization_id = ${cast.acme} or user_id = ${cast.users.eve}`,
      ).toEqual([])
    }))
})

describe('a request to join', () => {
  /** eve has asked to join Acme; answers the domain and her request. */
  async function asked(tx: Transaction, cast: Cast) {
    const domain = await verified(tx, cast, 'approval')
    await move(tx, cast.users.eve, `eve@${domain.domain}`)
    const { request } = await ask(tx, cast, 'eve', joinAcme(cast))
    return { domain, id: request.id as string }
  }
  const decide = (verb: 'approve' | 'refuse', cast: Cast, id: string, organization = cast.acme): Call => (tx) =>
    tx`${tx(`${verb}_join_request`)}(${organization}, ${id})`

  it('is made once, and waits', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id, domain } = await asked(tx, cast)
      expect((await ask(tx, cast, 'eve', joinAcme(cast))).request).toEqual({
        id,
        organization_id: cast.acme,
        status: 'pending',
        created_at: expect.any(String),
      })
      expect(await roleOf(tx, cast.acme, cast.users.eve)).toBeNull()
      const list = (actor: Actor, status = 'pending') =>
        ask(tx, cast, actor, (tx) => tx`list_join_requests(${cast.acme}, request_status => ${status})`)
      expect((await list('alice')).requests).toMatchObject([{
        id,
        user_id: cast.users.eve,
        email: `eve@${domain.domain}`,
        status: 'pending',
        decided_by: null,
      }])
      expect((await list('adam', 'refused')).requests).toEqual([])
      expect((await list('adam', 'all')).requests).toHaveLength(1)
      expect([await list('adam', 'lost'), await list('mona'), await list('mia'), await list('bob'), await list('eve')])
        .toEqual(['validation_failed', 'forbidden', 'forbidden', 'not_found', 'not_found'])
    }))

  it.each(
    [['alice', 'object'], ['adam', 'object'], ['mona', 'forbidden'], ['mia', 'forbidden'], ['bob', 'not_found'], [
      'eve',
      'not_found',
    ]] as const,
  )('%s approves: %s', (actor, expected) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id } = await asked(tx, cast)
      const answer = await ask(tx, cast, actor, decide('approve', cast, id))
      expect(expected === 'object' ? typeof answer : answer).toBe(expected)
      expect(await roleOf(tx, cast.acme, cast.users.eve)).toBe(expected === 'object' ? 'member' : null)
      if (expected !== 'object') return
      expect(answer.request).toMatchObject({ id, status: 'approved', decided_by: cast.users[actor as 'alice'] })
      expect(await ask(tx, cast, actor, decide('approve', cast, id))).toBe('conflict')
      expect(await ask(tx, cast, actor, decide('refuse', cast, id))).toBe('conflict')
    }))

  it('that was refused is refused for seven days, and the domain alone lets that person in no more', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id, domain } = await asked(tx, cast)
      const { request } = await ask(tx, cast, 'adam', decide('refuse', cast, id))
      expect(request).toMatchObject({ id, status: 'refused', decided_by: cast.users.adam })
      expect(await ask(tx, cast, 'alice', decide('approve', cast, id))).toBe('conflict')
      await ask(tx, cast, 'adam', (tx) => tx`update_domain(${cast.acme}, ${domain.id}, 'automatic')`)
      expect(await ask(tx, cast, 'eve', joinAcme(cast))).toBe('conflict')
      expect(await roleOf(tx, cast.acme, cast.users.eve)).toBeNull()
      await tx`update tenancy.join_requests set decided_at = decided_at - interval '8 days'`
      const again = await ask(tx, cast, 'eve', joinAcme(cast))
      expect(again.request.id).not.toBe(id)
      await ask(tx, cast, 'adam', decide('approve', cast, again.request.id))
      expect(await roleOf(tx, cast.acme, cast.users.eve)).toBe('member')
    }))

  const faded: [string, (tx: Transaction, cast: Cast, domain: Domain) => Promise<unknown>][] = [
    ['moved to another address', (tx, cast) => move(tx, cast.users.eve, `eve@${fresh()}`)],
    [
      'has no confirmed address any more',
      (tx, cast) => tx`update auth.users set email_confirmed_at = null where id = ${cast.users.eve}`,
    ],
    [
      'is banned',
      (tx, cast) => tx`update auth.users set banned_until = now() + interval '1 day' where id = ${cast.users.eve}`,
    ],
    [
      'is at a domain that is not verified any more',
      (tx, _, { id }) => tx`update organization_domains set verified_at = null where id = ${id}`,
    ],
  ]

  it.each(faded)(
    'is as good as the address behind it: not for somebody who %s',
    (_, fade) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        const { id, domain } = await asked(tx, cast)
        await fade(tx, cast, domain)
        expect(await ask(tx, cast, 'adam', decide('approve', cast, id))).toBe('conflict')
        expect(await roleOf(tx, cast.acme, cast.users.eve)).toBeNull()
        expect((await ask(tx, cast, 'adam', decide('refuse', cast, id))).request.status).toBe('refused')
      }),
  )

  it('ends with its domain, and the answer says how many did', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id, domain } = await asked(tx, cast)
      const removed = await ask(tx, cast, 'adam', (tx) => tx`remove_domain(${cast.acme}, ${domain.id})`)
      expect(removed).toMatchObject({ domain: { id: domain.id }, ended: { join_requests: 1 } })
      expect(await ask(tx, cast, 'adam', decide('approve', cast, id))).toBe('conflict')
      const [row] = await tx`select outcome from tenancy.join_requests where id = ${id}`
      expect(row?.outcome).toBe('ended')
      expect(await ask(tx, cast, 'eve', joinAcme(cast))).toBe('not_found')
    }))

  it('ends when the person comes in by another way', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id, domain } = await asked(tx, cast)
      const { token } = await ask(tx, cast, 'adam', (tx) =>
        tx`create_invitation(${cast.acme}, ${`eve@${domain.domain}`}, 'manager')`)
      await ask(tx, cast, 'eve', (tx) =>
        tx`accept_invitation(${token})`)
      expect(await ask(tx, cast, 'adam', decide('approve', cast, id))).toBe('conflict')
      expect(await roleOf(tx, cast.acme, cast.users.eve)).toBe('manager')
    }))

  it('of another organization is not there', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id } = await asked(tx, cast)
      for (const verb of ['approve', 'refuse'] as const) {
        for (const organization of [cast.globex, cast.acme]) {
          const touch = (id: string) =>
            as(tx, cast, 'bob', (tx) => tx`select ${decide(verb, cast, id, organization)(tx)}`)
          expect((await touch(id)).refused?.code).toBe('not_found')
          expect(await touch(id)).toEqual(await touch(crypto.randomUUID()))
        }
      }
      expect((await ask(tx, cast, 'adam', decide('approve', cast, id))).request.status).toBe('approved')
    }))

  it('has one outcome, at one time', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id } = await asked(tx, cast)
      const set = (values: Record<string, unknown>) =>
        attempt(tx, (tx) => tx`update tenancy.join_requests set ${tx(values)} where id = ${id}`)
      expect((await set({ outcome: 'lost', decided_at: new Date() })).refused?.constraint).toBe(
        'join_requests_outcome_is_known',
      )
      for (const values of [{ outcome: 'refused' }, { decided_at: new Date() }]) {
        expect((await set(values)).refused?.constraint).toBe('join_requests_outcome_has_its_time')
      }
      expect(
        (await attempt(tx, (tx) =>
          tx`insert into tenancy.join_requests (organization_id, user_id, domain, email)
          select organization_id, user_id, domain, email from tenancy.join_requests where id = ${id}`)).refused
          ?.constraint,
      )
        .toBe('join_requests_are_pending_once')
    }))
})

describe('the record', () => {
  const entriesOf = async (tx: Transaction, cast: Cast) =>
    (await tx`select action, object_type, actor_id, before, after from audit_log
      where organization_id = ${cast.acme} order by position`).slice()

  it('has one entry of each change to a domain, and none where nothing changed', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const from = (await entriesOf(tx, cast)).length
      const { id, domain } = await verified(tx, cast, 'approval')
      const update = (mode: string): Call => (tx) => tx`update_domain(${cast.acme}, ${id}, ${mode})`
      await ask(tx, cast, 'alice', update('automatic'))
      await ask(tx, cast, 'alice', update('automatic'))
      await ask(tx, cast, 'mona', update('approval'))
      await ask(tx, cast, 'alice', (tx) => tx`remove_domain(${cast.acme}, ${id})`)
      const { adam, alice } = cast.users
      const entries = (await entriesOf(tx, cast)).slice(from)
      expect(entries).toMatchObject([
        { action: 'domain.claimed', actor_id: adam, before: null, after: { domain, join_mode: 'approval' } },
        { action: 'domain.verified', actor_id: adam, before: { verified_at: null } },
        {
          action: 'domain.changed',
          actor_id: alice,
          before: { join_mode: 'approval' },
          after: { join_mode: 'automatic' },
        },
        { action: 'domain.removed', actor_id: alice, before: { domain, join_mode: 'automatic' }, after: null },
      ])
      expect(JSON.stringify(entries)).not.toMatch(/verification/)
    }))

  it('has one entry of each way in', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id, domain } = await verified(tx, cast, 'approval')
      const { eve, bob, adam } = cast.users
      await move(tx, eve, `eve@${domain}`)
      await move(tx, bob, `bob@${domain}`)
      const from = (await entriesOf(tx, cast)).length
      const { request } = await ask(tx, cast, 'eve', joinAcme(cast))
      await ask(tx, cast, 'eve', joinAcme(cast))
      await ask(tx, cast, 'adam', (tx) => tx`refuse_join_request(${cast.acme}, ${request.id})`)
      await ask(tx, cast, 'eve', joinAcme(cast))
      const other = await ask(tx, cast, 'bob', joinAcme(cast))
      await ask(tx, cast, 'adam', (tx) => tx`approve_join_request(${cast.acme}, ${other.request.id})`)
      expect((await entriesOf(tx, cast)).slice(from)).toMatchObject([
        { action: 'join_request.created', actor_id: eve, after: { user_id: eve, status: 'pending', domain } },
        { action: 'join_request.refused', actor_id: adam, before: { status: 'pending' }, after: { status: 'refused' } },
        { action: 'join_request.created', actor_id: bob },
        {
          action: 'join_request.approved',
          actor_id: adam,
          after: { user_id: bob, status: 'approved', role: 'member' },
        },
      ])
      await ask(tx, cast, 'adam', (tx) => tx`update_domain(${cast.acme}, ${id}, 'automatic')`)
      await move(tx, cast.users.eve, `moved@${fresh()}`)
      const zoe = { ...cast, users: { ...cast.users, eve: await signUp(tx, `zoe@${domain}`) } }
      const before = (await entriesOf(tx, cast)).length
      await ask(tx, zoe, 'eve', joinAcme(cast))
      expect((await entriesOf(tx, cast)).slice(before)).toMatchObject([
        {
          action: 'member.joined',
          object_type: 'member',
          actor_id: zoe.users.eve,
          after: { role: 'member', by: 'domain', domain },
        },
      ])
      expect(await tx`select * from tenancy.verify_audit(${cast.acme})`).toEqual([])
    }))

  it('has one entry when a domain ends what was asked, and when SQL changes it', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { id, domain } = await verified(tx, cast, 'approval')
      await move(tx, cast.users.eve, `eve@${domain}`)
      await ask(tx, cast, 'eve', joinAcme(cast))
      const from = (await entriesOf(tx, cast)).length
      await ask(tx, cast, 'adam', (tx) => tx`remove_domain(${cast.acme}, ${id})`)
      await tx`insert into organization_domains (organization_id, domain) values (${cast.acme}, ${domain})`
      expect((await entriesOf(tx, cast)).slice(from)).toMatchObject([
        { action: 'domain.removed', actor_id: cast.users.adam },
        { action: 'domain.claimed', actor_id: null },
      ])
    }))
})

it('each active admin hears of a request, once', () =>
  inTransaction(async (tx) => {
    const cast = await stage(tx)
    const { domain } = await verified(tx, cast, 'approval')
    await move(tx, cast.users.eve, `eve@${domain}`)
    const told = () =>
      tx`select payload ->> 'user_id' as user_id, payload ->> 'requester_id' as requester_id from tenancy.outbox
        where topic = 'notice.domain_join_request' and payload ->> 'organization_id' = ${cast.acme}`
    await ask(tx, cast, 'eve', joinAcme(cast))
    await ask(tx, cast, 'eve', joinAcme(cast))
    const { alice, adam, mona, eve } = cast.users
    expect(new Set(await told())).toEqual(new Set([alice, adam].map((user_id) => ({ user_id, requester_id: eve }))))
    expect(await told()).toHaveLength(2)

    await tx`update organization_users set suspended_at = now() where user_id = ${adam}`
    await tx`update organization_users set role = 'admin' where user_id = ${mona}`
    await tx`delete from tenancy.join_requests where user_id = ${eve}`
    await tx`delete from tenancy.outbox where topic = 'notice.domain_join_request'`
    await ask(tx, cast, 'eve', joinAcme(cast))
    expect((await told()).map(({ user_id }) => user_id).sort()).toEqual([alice, mona].sort())
  }))
