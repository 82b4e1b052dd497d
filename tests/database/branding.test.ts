import { createHmac } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { EmailDomain } from '../../shared/contract/domains.ts'
import { LogoUrl, MailSenderName } from '../../shared/contract/branding.ts'
import { Name } from '../../shared/contract/values.ts'
import { ask, type Call } from './support/ask.ts'
import { entriesOf, faultsOf } from './support/audit.ts'
import { type Actor, as, type Cast, stage } from './support/cast.ts'
import { attempt, inTransaction, sql, type Transaction } from './support/database.ts'
import { overtake, race, type Racer } from './support/race.ts'

// How an organization looks, who sees it, and whose a host is.

interface Host {
  host: string
  verified_at: string | null
  record: { name: string; value: string }
}

const freshHost = () => `calls.${crypto.randomUUID().slice(0, 8)}.test`
const change = (cast: Cast, changes: Record<string, string | null>, organization = cast.acme): Call => (tx) =>
  tx`update_branding(${organization}, ${tx.json(changes)})`
const find = (tx: Transaction, cast: Cast, whose: { host?: string; slug?: string }, actor: Actor = 'anon') =>
  ask(tx, cast, actor, (tx) => tx`find_branding(${whose.host ?? null}, ${whose.slug ?? null})`)
const slugOf = async (tx: Transaction, organization: string) =>
  String((await tx`select slug from organizations where id = ${organization}`)[0]?.slug)
const rowOf = async (tx: Transaction, organization: string) =>
  (await tx`select * from organization_branding where organization_id = ${organization}`)[0]

/** What the functions say when they have found the record of a host. */
async function prove(
  tx: Transaction,
  organization: string,
  { host, record }: Host,
  { age = 0, value = record.value, key = '' } = {},
): Promise<string> {
  const time = String(Math.floor(Date.now() / 1000) - age)
  const [found] = await tx`select encode(sha256(convert_to(${value}, 'UTF8')), 'hex') as hash,
    (select value from tenancy.secrets where name = 'functions') as secret`
  const statement = ['domain-proof', organization, host, found?.hash, time].join('\n')
  return `${time}.${found?.hash}.${createHmac('sha256', key || found?.secret).update(statement).digest('hex')}`
}

const verify = (proof: string, organization: string): Call => (tx) => tx`verify_host(${organization}, ${proof})`

async function setHost(tx: Transaction, cast: Cast, host = freshHost(), who: 'adam' | 'bob' = 'adam'): Promise<Host> {
  const organization = who === 'adam' ? cast.acme : cast.globex
  return (await ask(tx, cast, who, change(cast, { host }, organization))).branding.host
}

/** A host that Acme, or bob's Globex, has proven. */
async function verified(tx: Transaction, cast: Cast, host = freshHost(), who: 'adam' | 'bob' = 'adam'): Promise<Host> {
  const organization = who === 'adam' ? cast.acme : cast.globex
  const set = await setHost(tx, cast, host, who)
  return (await ask(tx, cast, who, verify(await prove(tx, organization, set), organization))).branding.host
}

describe('a value', () => {
  const samples: [column: string, schema: { safeParse(value: unknown): { success: boolean } }, values: string[]][] = [
    ['product_name', Name, ['Acme Calls', 'Ü', 'x'.repeat(100), 'x'.repeat(101), '', 'a\nb', 'a\u202eb', 'a\u2028b']],
    ['mail_sender_name', MailSenderName, ['Acme, Inc.', 'a@b', '<a', 'a>', 'a"', 'a\\', 'a＠b', 'a﹫b', '', 'a\r\nb']],
    ['host', EmailDomain, ['calls.acme.test', 'acme', '127.0.0.1', 'acme.test:80', 'acme.test/', '*.acme.test']],
    ['logo_url', LogoUrl, [
      'https://acme.test/',
      'https://acme.test/a.svg?x=%20&y=(1)#z~',
      'https://acme.test:8443/[1]',
      'http://acme.test/',
      'https://user@acme.test/',
      'https://127.0.0.1/',
      'https://acme/',
      `https://acme.test/${'x'.repeat(1982)}`,
      `https://acme.test/${'x'.repeat(1983)}`,
    ]],
  ]

  it.each(samples)(
    '%s is the same to the contract and the table',
    (column, schema, values) =>
      inTransaction(async (tx) => {
        const { acme } = await stage(tx)
        for (const value of values) {
          const { refused } = await attempt(
            tx,
            (tx) => tx`insert into organization_branding ${tx({ organization_id: acme, [column]: value })}`,
          )
          expect([value, refused === undefined]).toEqual([value, schema.safeParse(value).success])
          await tx`delete from organization_branding where organization_id = ${acme}`
        }
      }),
  )
})

describe('branding', () => {
  it.each(
    [['alice', 'object'], ['adam', 'object'], ['mona', 'forbidden'], ['mia', 'forbidden'], ['bob', 'not_found'], [
      'eve',
      'not_found',
    ], ['anon', '42501']] as const,
  )('is changed and read by %s: %s', (actor, expected) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const read = () => ask(tx, cast, actor, (tx) => tx`get_branding(${cast.acme})`)
      let answer: unknown
      const entries = await entriesOf(tx, cast.acme, async () => {
        answer = await ask(tx, cast, actor, change(cast, { product_name: ' Acme Calls ', color_light: '#0B5394' }))
      })
      if (expected === 'object') {
        expect(answer).toMatchObject({
          branding: { organization_id: cast.acme, product_name: 'Acme Calls', color_light: '#0b5394', host: null },
        })
        expect(await read()).toEqual(answer)
        expect(entries).toMatchObject([{
          action: 'branding.changed',
          object_type: 'branding',
          object_id: cast.acme,
          actor_id: cast.users[actor],
          before: {},
          after: { product_name: 'Acme Calls', color_light: '#0b5394' },
        }])
      } else {
        expect([answer, await read()]).toEqual([expected, expected])
        expect(entries).toEqual([])
        expect(await rowOf(tx, cast.acme)).toBeUndefined()
      }
    }))

  it('is read in the table by admins of the organization', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'adam', change(cast, { product_name: 'Acme Calls' }))
      for (
        const [actor, count] of [['alice', 1], ['adam', 1], ['mona', 0], ['mia', 0], ['bob', 0], ['eve', 0]] as const
      ) {
        expect((await as(tx, cast, actor, (tx) => tx`select * from organization_branding`)).count, actor).toBe(count)
      }
      const written = await as(tx, cast, 'alice', (tx) => tx`update organization_branding set product_name = 'x'`)
      expect(written.refused?.state).toBe('42501')
    }))

  it('changes in what is named alone; each change has one entry, and what changes nothing none', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const act = (changes: Record<string, string | null>) =>
        entriesOf(tx, cast.acme, () => ask(tx, cast, 'adam', change(cast, changes)))
      const first = await act({
        product_name: 'Acme Calls',
        support_email: ' Help@acme.test',
        mail_sender_name: 'Acme',
      })
      expect(first).toHaveLength(1)
      const second = await act({ logo_url: 'https://acme.test/logo.svg', support_email: null })
      expect(second).toMatchObject([{
        before: { support_email: 'help@acme.test' },
        after: { logo_url: 'https://acme.test/logo.svg' },
      }])
      expect(await act({ product_name: 'Acme Calls' })).toEqual([])
      expect(await act({ host: null })).toEqual([])
      expect(await rowOf(tx, cast.acme)).toMatchObject({
        product_name: 'Acme Calls',
        logo_url: 'https://acme.test/logo.svg',
        support_email: null,
        mail_sender_name: 'Acme',
      })
      expect(await faultsOf(tx, cast.acme)).toEqual([])
    }))

  it('has an entry of every change, whoever writes, and takes none along when the organization goes', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const written = await entriesOf(tx, cast.acme, async () => {
        await tx`insert into organization_branding (organization_id, product_name) values (${cast.acme}, 'A')`
        await tx`update organization_branding set product_name = 'B' where organization_id = ${cast.acme}`
        await tx`delete from organization_branding where organization_id = ${cast.acme}`
      })
      expect(written.map(({ action, before, after }) => [action, before, after])).toEqual([
        ['branding.changed', {}, { product_name: 'A' }],
        ['branding.changed', { product_name: 'A' }, { product_name: 'B' }],
        ['branding.changed', { product_name: 'B' }, {}],
      ])
      await tx`insert into organization_branding (organization_id, product_name) values (${cast.acme}, 'A')`
      const removed = await entriesOf(tx, cast.acme, () => tx`delete from organizations where id = ${cast.acme}`)
      expect(removed.map(({ action }) => action)).not.toContain('branding.changed')
      expect(await rowOf(tx, cast.acme)).toBeUndefined()
    }))

  it('takes no other field, nothing malformed, and nothing while the organization is suspended', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'adam', change(cast, { product_name: 'Acme Calls' }))
      const before = await rowOf(tx, cast.acme)
      const refused: [Record<string, string>, string][] = [
        [{ host_verified_at: '2026-01-01T00:00:00Z' }, 'validation_failed'],
        [{ host_token: '0'.repeat(64) }, 'validation_failed'],
        [{ organization_id: cast.globex }, 'validation_failed'],
        [{ logo_url: 'javascript:alert(1)' }, '23514'],
        [{ color_dark: 'red; background: url(https://evil.test)' }, '23514'],
        [{ mail_sender_name: 'Acme\r\nBcc: eve@nowhere.test' }, '23514'],
        [{ host: 'acme' }, '23514'],
      ]
      const entries = await entriesOf(tx, cast.acme, async () => {
        for (const [changes, code] of refused) {
          expect([changes, await ask(tx, cast, 'adam', change(cast, changes))]).toEqual([changes, code])
        }
      })
      expect(entries).toEqual([])
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect(await ask(tx, cast, 'adam', change(cast, { product_name: 'x' }))).toBe('organization_suspended')
      expect((await ask(tx, cast, 'adam', (tx) => tx`get_branding(${cast.acme})`)).branding.product_name).toBe(
        'Acme Calls',
      )
      expect(await rowOf(tx, cast.acme)).toEqual(before)
    }))
})

describe('what everybody sees', () => {
  const looks = {
    product_name: 'Acme Calls',
    logo_url: 'https://acme.test/logo.svg',
    color_light: '#0b5394',
    color_dark: '#8ab4f8',
    support_email: 'help@acme.test',
    mail_sender_name: 'Acme',
  }

  it('is the looks and nothing else, by slug and by proven host, signed in or not', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'adam', change(cast, looks))
      const { host } = await verified(tx, cast)
      const slug = await slugOf(tx, cast.acme)
      for (const actor of ['anon', 'eve', 'bob', 'mia'] as const) {
        expect(await find(tx, cast, { slug }, actor)).toEqual({ branding: looks })
        expect(await find(tx, cast, { host: host.toUpperCase() }, actor)).toEqual({ branding: looks })
      }
      await ask(tx, cast, 'adam', change(cast, { logo_url: null, color_dark: null }))
      const { logo_url: _logo, color_dark: _dark, ...rest } = looks
      expect(await find(tx, cast, { slug })).toEqual({ branding: rest })
    }))

  it('is the same for whatever shows nothing', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'adam', change(cast, looks))
      const { host } = await verified(tx, cast)
      const slug = await slugOf(tx, cast.acme)
      const nothing = { branding: {} }
      const hidden = async (what: string) => {
        expect(await find(tx, cast, { slug }), what).toEqual(nothing)
        expect(await find(tx, cast, { host }), what).toEqual(nothing)
      }
      const shown = async () => {
        expect(await find(tx, cast, { slug })).toEqual({ branding: looks })
        expect(await find(tx, cast, { host })).toEqual({ branding: looks })
      }
      expect(await find(tx, cast, { slug: 'nobody-at-all' })).toEqual(nothing)
      expect(await find(tx, cast, { host: freshHost() })).toEqual(nothing)
      expect(await find(tx, cast, { slug: await slugOf(tx, cast.globex) })).toEqual(nothing)
      await shown()
      for (const status of ['suspended', 'cancelled']) {
        await tx`update organizations set subscription_status = ${status} where id = ${cast.acme}`
        await hidden(status)
      }
      await tx`update organizations set subscription_status = 'active' where id = ${cast.acme}`
      await shown()
      await tx`update organizations set deleted_at = now() where id = ${cast.acme}`
      await hidden('deleted')
      await tx`update organizations set deleted_at = null where id = ${cast.acme}`
      await shown()
      await tx`update organization_branding set host_verified_at = null where organization_id = ${cast.acme}`
      expect(await find(tx, cast, { host })).toEqual(nothing)
    }))

  it('is asked for by one of the two', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      expect(await find(tx, cast, {})).toBe('validation_failed')
      expect(await find(tx, cast, { slug: 'acme', host: 'acme.test' })).toBe('validation_failed')
    }))

  it('is what invitations and mails wear', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'adam', change(cast, { ...looks, host: freshHost() }))
      const issued = await ask(tx, cast, 'adam', (tx) =>
        tx`create_invitation(${cast.acme}, ${`${crypto.randomUUID()}@example.test`}, 'member')`)
      expect(issued.organization).toEqual({ name: 'Acme', branding: looks })
      const preview = await ask(tx, cast, 'anon', (tx) =>
        tx`preview_invitation(${issued.token})`)
      expect(preview.organization).toEqual({ name: 'Acme', branding: looks })
      await ask(tx, cast, 'alice', (tx) =>
        tx`change_member(${cast.acme}, ${cast.users.mia}, 'manager')`)
      const [event] = await tx`select id from tenancy.outbox
        where topic = 'notice.role_changed' and payload ->> 'user_id' = ${cast.users.mia}`
      const [notice] = await tx`select tenancy.read_notice(${event?.id}) as notice`
      expect(notice?.notice.organization).toEqual({ name: 'Acme', branding: looks })
    }))
})

describe('a host', () => {
  it('is set with a record of its own, shows nothing, and is proven once, with one entry', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const name = freshHost()
      await ask(tx, cast, 'adam', change(cast, { product_name: 'Acme Calls' }))
      const host = await setHost(tx, cast, ` ${name.toUpperCase()}`)
      expect(host).toEqual({
        host: name,
        verified_at: null,
        record: {
          type: 'TXT',
          name: `_dial-smart.${name}`,
          value: expect.stringMatching(/^dial-smart-verification=[0-9a-f]{64}$/),
        },
      })
      expect(await find(tx, cast, { host: name })).toEqual({ branding: {} })
      const proof = await prove(tx, cast.acme, host)
      let answer: unknown
      const entries = await entriesOf(tx, cast.acme, async () => {
        answer = await ask(tx, cast, 'alice', verify(proof, cast.acme))
      })
      expect(answer).toMatchObject({ branding: { host: { host: name, verified_at: expect.any(String) } } })
      expect(entries).toMatchObject([{ action: 'branding.host_verified', before: {} }])
      expect(await find(tx, cast, { host: name })).toEqual({ branding: { product_name: 'Acme Calls' } })
      // Again: the same answer, and no entry.
      const again = await entriesOf(tx, cast.acme, async () => {
        expect(await ask(tx, cast, 'adam', verify(proof, cast.acme))).toEqual(answer)
      })
      expect(again).toEqual([])
    }))

  const forged: [string, (tx: Transaction, cast: Cast, mine: Host, theirs: Host) => Promise<string>][] = [
    ['a word', () => Promise.resolve('verified')],
    ['an own signature', (tx, { acme }, mine) => prove(tx, acme, mine, { key: 'x'.repeat(40) })],
    ['another value', (tx, { acme }, mine) => prove(tx, acme, mine, { value: 'dial-smart-verification=' })],
    ['an old proof', (tx, { acme }, mine) => prove(tx, acme, mine, { age: 301 })],
    ['the proof of another organization', (tx, { globex }, _, theirs) => prove(tx, globex, theirs)],
    ['another organization’s proof with this value', (tx, { globex }, mine) => prove(tx, globex, mine)],
    [
      'the proof of another host',
      (tx, { acme }, mine) => prove(tx, acme, { ...mine, host: 'bank.test' }),
    ],
  ]

  it.each(forged)('is not proven by %s', (_, forge) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const mine = await setHost(tx, cast)
      const theirs = await setHost(tx, cast, mine.host, 'bob')
      expect(theirs.record.value).not.toBe(mine.record.value)
      for (const actor of ['alice', 'adam'] as const) {
        const proof = await forge(tx, cast, mine, theirs)
        expect(await ask(tx, cast, actor, verify(proof, cast.acme))).toBe('forbidden')
      }
      expect(await rowOf(tx, cast.acme)).toMatchObject({ host_verified_at: null })
      const good = await prove(tx, cast.acme, mine)
      for (
        const [actor, expected] of [['mona', 'forbidden'], ['mia', 'forbidden'], ['bob', 'not_found'], [
          'eve',
          'not_found',
        ]] as const
      ) expect(await ask(tx, cast, actor, verify(good, cast.acme)), actor).toBe(expected)
      // The control.
      expect(typeof await ask(tx, cast, 'adam', verify(good, cast.acme))).toBe('object')
    }))

  it('that is another one has to be proven anew, by another record', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const first = await verified(tx, cast)
      const proof = await prove(tx, cast.acme, first)
      const second = await setHost(tx, cast)
      expect(second.verified_at).toBeNull()
      expect(second.record.value).not.toBe(first.record.value)
      expect(await ask(tx, cast, 'adam', verify(proof, cast.acme))).toBe('forbidden')
      // Also back to the first one: a proof is about a claim that holds.
      expect((await setHost(tx, cast, first.host)).verified_at).toBeNull()
      expect(await ask(tx, cast, 'adam', verify(proof, cast.acme))).toBe('forbidden')
      await ask(tx, cast, 'adam', change(cast, { host: null }))
      expect(await ask(tx, cast, 'adam', verify(proof, cast.acme))).toBe('conflict')
    }))

  it('is one organization’s among the proven, until it is given up', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { host } = await verified(tx, cast)
      const theirs = await setHost(tx, cast, host, 'bob')
      const take = async () => await ask(tx, cast, 'bob', verify(await prove(tx, cast.globex, theirs), cast.globex))
      expect(await take()).toBe('conflict')
      expect(await rowOf(tx, cast.globex)).toMatchObject({ host, host_verified_at: null })
      await ask(tx, cast, 'adam', change(cast, { host: null }))
      expect(await take()).toMatchObject({ branding: { host: { verified_at: expect.any(String) } } })
    }))

  it('is free once the organization is deleted, and comes back with it', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'adam', change(cast, { product_name: 'Acme Calls' }))
      const { host, verified_at } = await verified(tx, cast)
      const gone = await entriesOf(tx, cast.acme, () =>
        ask(tx, cast, 'alice', (tx) =>
          tx`delete_organization(${cast.acme})`))
      expect(gone.map(({ action }) =>
        action
      )).toEqual(['organization.deleted'])
      expect(await find(tx, cast, { host })).toEqual({ branding: {} })
      const back = await entriesOf(tx, cast.acme, () =>
        ask(tx, cast, 'alice', (tx) =>
          tx`restore_organization(${cast.acme})`))
      expect(back.map(({ action }) =>
        action
      )).toEqual(['organization.restored'])
      expect(await find(tx, cast, { host })).toEqual({ branding: { product_name: 'Acme Calls' } })
      const answer = await ask(tx, cast, 'adam', (tx) => tx`get_branding(${cast.acme})`)
      expect(answer.branding.host).toMatchObject({ host, verified_at })
    }))

  it('that somebody else has proven meanwhile stays theirs; it is proven again once it is free', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'bob', change(cast, { product_name: 'Globex Calls' }, cast.globex))
      const mine = await verified(tx, cast)
      await ask(tx, cast, 'alice', (tx) => tx`delete_organization(${cast.acme})`)
      const theirs = await verified(tx, cast, mine.host, 'bob')
      expect(theirs.verified_at).not.toBeNull()
      const restored = await ask(tx, cast, 'alice', (tx) => tx`restore_organization(${cast.acme})`)
      expect(restored.organization.deleted_at).toBeNull()
      const read = async () => (await ask(tx, cast, 'adam', (tx) => tx`get_branding(${cast.acme})`)).branding.host
      expect(await read()).toMatchObject({ host: mine.host, verified_at: null })
      const again = async () => await ask(tx, cast, 'adam', verify(await prove(tx, cast.acme, mine), cast.acme))
      expect(await again()).toBe('conflict')
      expect(await find(tx, cast, { host: mine.host })).toEqual({ branding: { product_name: 'Globex Calls' } })

      await ask(tx, cast, 'bob', (tx) => tx`delete_organization(${cast.globex})`)
      const entries = await entriesOf(tx, cast.acme, async () => {
        expect(await again()).toMatchObject({ branding: { host: { verified_at: expect.any(String) } } })
      })
      expect(entries.map(({ action }) => action)).toEqual(['branding.host_verified'])
    }))
})

describe('at the same moment', () => {
  const runners = postgres(inject('stack').DB_URL, { max: 4, onnotice: () => {} })
  afterAll(() => runners.end())

  /** A host that both companies have set, and a proof for each. */
  async function withHost(
    story: (scene: Cast & { host: string; proofs: { acme: string; globex: string } }) => Promise<void>,
  ): Promise<void> {
    const host = freshHost()
    const scene = await sql.begin(async (tx) => {
      const cast = await stage(tx)
      const acme = await prove(tx, cast.acme, await setHost(tx, cast, host))
      const globex = await prove(tx, cast.globex, await setHost(tx, cast, host, 'bob'))
      return { ...cast, host, proofs: { acme, globex } }
    })
    try {
      await story(scene)
    } finally {
      await sql`delete from organizations where id in ${sql([scene.acme, scene.globex])}`
      await sql`delete from auth.users where id in ${sql(Object.values(scene.users))}`
    }
  }

  const verifies = (user: string, organization: string, proof: string): Racer => ({
    user,
    run: (tx) => tx`select verify_host(${organization}, ${proof})`,
  })
  const ownersOf = async (host: string) =>
    (await sql`select organization_id from organization_branding
      where host = ${host} and host_verified_at is not null and host_released_at is null`)
      .map(({ organization_id }) => organization_id)

  it('two organizations prove one host: one of them has it', () =>
    withHost(async ({ acme, globex, users, host, proofs }) => {
      for (let round = 0; round < 20; round++) {
        const outcomes = await race(sql, runners, [
          verifies(users.adam, acme, proofs.acme),
          verifies(users.bob, globex, proofs.globex),
        ])
        expect([...outcomes].sort()).toEqual(['conflict', 'done'])
        expect(await ownersOf(host)).toEqual([outcomes[0] === 'done' ? acme : globex])
        await sql`update organization_branding set host_verified_at = null where host = ${host}`
      }
    }))

  it.each(['restored', 'proven'] as const)(
    'its organization comes back and another one proves it, first %s: whoever is first has it',
    (what) =>
      withHost(async ({ acme, globex, users, host, proofs }) => {
        await sql`update organization_branding set host_verified_at = now() where organization_id = ${acme}`
        await sql`update organizations set deleted_at = now() where id = ${acme}`
        expect(await ownersOf(host)).toEqual([])
        const restores: Racer = { user: users.alice, run: (tx) => tx`select restore_organization(${acme})` }
        const proves = verifies(users.bob, globex, proofs.globex)
        const outcomes = what === 'restored'
          ? await overtake(sql, runners, restores, proves)
          : await overtake(sql, runners, proves, restores)
        expect(outcomes).toEqual(['done', what === 'restored' ? 'conflict' : 'done'])
        expect(await ownersOf(host)).toEqual([what === 'restored' ? acme : globex])
        const [organization] = await sql`select deleted_at from organizations where id = ${acme}`
        expect(organization?.deleted_at).toBeNull()
      }),
  )
})
