import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { root } from '../../local/settings.ts'
import { ask } from './support/ask.ts'
import { entriesOf, faultsOf, logOf } from './support/audit.ts'
import { as, type Cast, found, join as makeMember, stage } from './support/cast.ts'
import { attempt, inTransaction, sql, type Transaction } from './support/database.ts'
import { rolledBack } from './support/outcome.ts'

// The record of every change: nobody rewrites it, nothing goes past it. What is done to it all the same:
// audit-tampering.test.ts.

const superuser = postgres(inject('stack').ADMIN_DB_URL, { max: 2, onnotice: () => {} })
afterAll(() => superuser.end())

describe('nobody rewrites the log', () => {
  const rewrites: [string, (tx: Transaction) => ReturnType<typeof attempt>][] = [
    ['an update', (tx) => attempt(tx, (tx) => tx`update audit_log set action = 'nothing.happened'`)],
    ['an update of no row', (tx) => attempt(tx, (tx) => tx`update audit_log set action = 'x' where false`)],
    ['a deletion', (tx) => attempt(tx, (tx) => tx`delete from audit_log`)],
    ['emptying it', (tx) => attempt(tx, (tx) => tx`truncate audit_log`)],
    [
      'an upsert',
      (tx) =>
        attempt(
          tx,
          (tx) => tx`insert into audit_log select * from audit_log on conflict (id) do update set action = 'x'`,
        ),
    ],
  ]
  const insert = (tx: Transaction) =>
    attempt(
      tx,
      (tx) => tx`insert into audit_log select (jsonb_populate_record(a, '{"position": 900}')).* from audit_log a`,
    )

  it.each(['anon', 'authenticated', 'service_role', 'postgres'])('as %s', (role) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const before = await logOf(tx, cast.acme)
      expect(before.length).toBeGreaterThan(4)
      await tx`select set_config('role', ${role}, true),
        set_config('request.jwt.claims', ${JSON.stringify({ sub: cast.users.alice })}, true)`
      for (const [what, rewrite] of rewrites) {
        expect((await rewrite(tx)).refused?.state, `${role}: ${what}`).toBe('42501')
      }
      if (role !== 'postgres') expect((await insert(tx)).refused?.state).toBe('42501')
      const heads = await attempt(tx, (tx) => tx`update tenancy.audit_heads set position = 1 where false`)
      expect(heads.refused?.state).toBe(role === 'postgres' ? undefined : '42501')
      await tx`select set_config('role', 'postgres', true)`
      expect(await logOf(tx, cast.acme)).toEqual(before)
    }))

  it('not even in a session that plays a replica', () =>
    rolledBack(superuser, async (tx) => {
      await tx`set local session_replication_role = replica`
      for (const [what, rewrite] of rewrites) expect((await rewrite(tx)).refused?.state, what).toBe('42501')
    }))

  it.each(['service_role', 'postgres'])('and %s can not become such a session', (role) =>
    inTransaction(async (tx) => {
      await tx`select set_config('role', ${role}, true)`
      const play = await attempt(tx, (tx) => tx`set local session_replication_role = replica`)
      expect(play.refused?.state).toBe('42501')
    }))
})

describe('an entry and its change', () => {
  it('are one: what is rolled back leaves neither', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const left = await entriesOf(tx, cast.acme, () =>
        tx.savepoint(async (tx) => {
          expect(
            await entriesOf(tx, cast.acme, () => tx`update organizations set name = 'New' where id = ${cast.acme}`),
          )
            .toHaveLength(1)
          throw new Error('roll back')
        }).catch(() => undefined))
      expect(left).toEqual([])
      const next = await entriesOf(
        tx,
        cast.acme,
        () => tx`update organizations set name = 'Old' where id = ${cast.acme}`,
      )
      expect(next).toHaveLength(1)
      expect(await faultsOf(tx, cast.acme)).toEqual([])
    }))

  it('are one: where no entry can be written, nothing changes', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update tenancy.audit_heads set position = 9223372036854775807 where organization_id = ${cast.acme}`
      for (
        const call of [
          (tx: Transaction) => tx`update_organization(${cast.acme}, '{"name": "New"}')`,
          (tx: Transaction) => tx`remove_member(${cast.acme}, ${cast.users.mia})`,
          (tx: Transaction) => tx`create_invitation(${cast.acme}, 'new@example.test', 'member')`,
          (tx: Transaction) => tx`transfer_ownership(${cast.acme}, ${cast.users.adam})`,
        ]
      ) expect(await ask(tx, cast, 'alice', call)).toBe('22003')
      const [world] = await tx`select
        (select name from organizations where id = ${cast.acme}) as name,
        (select count(*)::int from organization_users where organization_id = ${cast.acme}) as members,
        (select count(*)::int from organization_invitations where organization_id = ${cast.acme}) as invitations`
      expect(world).toEqual({ name: 'Acme', members: 4, invitations: 0 })
    }))

  it('tell who it was: a person, the secret key in whose name, or the database owner', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const [byAdam] = await entriesOf(
        tx,
        cast.acme,
        () => ask(tx, cast, 'adam', (tx) => tx`update_organization(${cast.acme}, '{"name": "New"}')`),
      )
      expect(byAdam).toMatchObject({
        actor_type: 'user',
        actor_id: cast.users.adam,
        actor_email: expect.stringMatching(/^adam\./),
        on_behalf_of: null,
        action: 'organization.updated',
        object_type: 'organization',
        object_id: cast.acme,
        before: { name: 'Acme' },
        after: { name: 'New' },
      })
      const [byKey] = await entriesOf(tx, cast.acme, async () => {
        await tx`select set_config('role', 'service_role', true), set_config('request.jwt.claims', '{"role":"service_role"}', true),
          set_config('tenancy.on_behalf_of', ${cast.users.mona}, true)`
        await tx`update organizations set name = 'Newer' where id = ${cast.acme}`
        await tx`select set_config('role', 'postgres', true), set_config('request.jwt.claims', '', true),
          set_config('tenancy.on_behalf_of', '', true)`
      })
      expect(byKey).toMatchObject({
        actor_type: 'service',
        actor_id: null,
        actor_email: null,
        on_behalf_of: cast.users.mona,
      })
      const [byOwner] = await entriesOf(
        tx,
        cast.acme,
        () => tx`update organizations set name = 'Newest' where id = ${cast.acme}`,
      )
      expect(byOwner).toMatchObject({ actor_type: 'system', actor_id: null, on_behalf_of: null })
    }))

  it('nobody says in a request who they are, in whose name, or that nothing be written', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const forged = { 'x-request-id': 'mine', 'tenancy.on_behalf_of': cast.users.mia, 'tenancy.entries': 'held' }
      const [entry] = await entriesOf(tx, cast.acme, async () => {
        await tx`select set_config('role', 'authenticated', true),
          set_config('request.headers', ${JSON.stringify(forged)}, true),
          set_config('request.jwt.claims', ${
          JSON.stringify({
            sub: cast.users.adam,
            email: 'ceo@example.test',
            user_metadata: { actor_id: cast.users.mia },
          })
        }, true)`
        await tx`select update_organization(${cast.acme}, '{"name": "New"}')`
        await tx`select set_config('role', 'postgres', true), set_config('request.headers', '', true),
          set_config('request.jwt.claims', '', true)`
      })
      expect(entry).toMatchObject({
        actor_id: cast.users.adam,
        actor_email: expect.stringMatching(/^adam\./),
        on_behalf_of: null,
        request_id: 'mine',
      })
    }))
})

describe('SQL of the database owner leaves one entry for each changed row', () => {
  const addInvitation = (tx: Transaction, { acme, users }: Cast, email = 'new@example.test') =>
    tx`insert into organization_invitations ${
      tx({
        organization_id: acme,
        email,
        role: 'member',
        invited_by: users.adam,
        valid_for: '7 days',
        expires_at: new Date(Date.now() + 86_400_000),
      })
    }`
  const changes: [string, string[], (tx: Transaction, cast: Cast) => Promise<unknown>][] = [
    [
      'a name',
      ['organization.updated'],
      (tx, { acme }) => tx`update organizations set name = 'New' where id = ${acme}`,
    ],
    [
      'a plan',
      ['organization.plan_changed'],
      (tx, { acme }) => tx`update organizations set subscription_tier = 'enterprise' where id = ${acme}`,
    ],
    [
      'a status',
      ['organization.status_changed'],
      (tx, { acme }) => tx`update organizations set subscription_status = 'suspended' where id = ${acme}`,
    ],
    [
      'a deletion that can be undone',
      ['organization.deleted'],
      (tx, { acme }) => tx`update organizations set deleted_at = now() where id = ${acme}`,
    ],
    ['a purge', ['organization.purged'], (tx, { acme }) => tx`delete from organizations where id = ${acme}`],
    [
      'three roles',
      Array(3).fill('member.role_changed'),
      (tx, { acme }) =>
        tx`update organization_users set role = 'owner' where organization_id = ${acme} and role <> 'owner'`,
    ],
    [
      'a new member',
      ['member.added'],
      (tx, { acme, users }) => makeMember(tx, acme, users.eve, 'member'),
    ],
    [
      'two members who go',
      Array(2).fill('member.removed'),
      (tx, { users }) => tx`delete from organization_users where user_id in (${users.mia}, ${users.mona})`,
    ],
    [
      'a suspension',
      ['member.suspended'],
      (tx, { users }) => tx`update organization_users set suspended_at = now() where user_id = ${users.mia}`,
    ],
    [
      'a suspension that begins anew',
      ['member.suspended', 'member.suspended'],
      async (tx, { users }) => {
        await tx`update organization_users set suspended_at = '2026-01-01' where user_id = ${users.mia}`
        return await tx`update organization_users set suspended_at = '2026-02-01' where user_id = ${users.mia}`
      },
    ],
    ['an invitation', ['invitation.created'], addInvitation],
    [
      'the end of an account',
      ['member.removed'],
      (tx, { users }) => tx`delete from auth.users where id = ${users.mia}`,
    ],
  ]

  it.each(changes)('%s', (_, actions, change) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const entries = await entriesOf(tx, cast.acme, () => change(tx, cast))
      expect(entries.map(({ action }) => action)).toEqual(actions)
      for (const { actor_type, request_id } of entries) {
        expect({ actor_type, request_id }).toEqual({ actor_type: 'system', request_id: null })
      }
      expect(await faultsOf(tx, cast.acme)).toEqual([])
    }))

  it('invitations one by one, also when a member who stands for them goes: that is part of the same entry', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await addInvitation(tx, cast)
      await addInvitation(tx, cast, 'newer@example.test')
      const of = async (change: () => Promise<unknown>) =>
        (await entriesOf(tx, cast.acme, change)).map(({ action, after }) => [action, after])
      expect(
        await of(() => tx`update organization_invitations set role = 'manager' where organization_id = ${cast.acme}`),
      )
        .toEqual(Array(2).fill(['invitation.changed', { role: 'manager' }]))
      expect(await of(() => tx`delete from organization_users where user_id = ${cast.users.adam}`))
        .toEqual([['member.removed', { ended_invitations: 2 }]])
      expect(await of(() => tx`delete from organization_invitations where organization_id = ${cast.acme}`))
        .toEqual(Array(2).fill(['invitation.removed', null]))
    }))

  it('none where nothing changed', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await addInvitation(tx, cast)
      const left = await entriesOf(tx, cast.acme, async () => {
        await tx`update organizations set name = name, updated_at = now() where id = ${cast.acme}`
        await tx`update organization_users set role = role where organization_id = ${cast.acme}`
        await tx`update organization_invitations set email = email where organization_id = ${cast.acme}`
      })
      expect(left).toEqual([])
    }))
})

describe('what the log remembers', () => {
  it('outlives the account: who it was, and whom they acted upon', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const [{ email }] = await tx`select email from auth.users where id = ${cast.users.adam}` as [{ email: string }]
      await ask(tx, cast, 'adam', (tx) => tx`update_organization(${cast.acme}, '{"name": "New"}')`)
      const before = await logOf(tx, cast.acme)
      const [gone] = await entriesOf(tx, cast.acme, () => tx`delete from auth.users where id = ${cast.users.adam}`)
      expect(gone).toMatchObject({ object_id: cast.users.adam, before: { email, role: 'admin' }, after: null })
      const after = await logOf(tx, cast.acme)
      expect(after.slice(0, -1)).toEqual(before)
      expect(before.at(-1)).toMatchObject({ actor_id: cast.users.adam, actor_email: email })
    }))

  it('outlives the organization', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const before = await logOf(tx, cast.acme)
      await tx`delete from organizations where id = ${cast.acme}`
      const after = await logOf(tx, cast.acme)
      expect(after.slice(0, -1)).toEqual(before)
      expect(after.at(-1)).toMatchObject({ action: 'organization.purged', before: { name: 'Acme' }, after: null })
      expect(await faultsOf(tx, cast.acme)).toEqual([])
    }))

  it('holds no secret: neither a token nor its hash, in any form', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const issued = await ask(tx, cast, 'adam', (tx) =>
        tx`create_invitation(${cast.acme}, 'eve@example.test', 'member')`)
      const link = await ask(tx, cast, 'adam', (tx) =>
        tx`create_invitation_link(${cast.acme})`)
      const again = await ask(tx, cast, 'adam', (tx) =>
        tx`resend_invitation(${cast.acme}, ${issued.invitation.id})`)
      expect(
        (await ask(tx, cast, 'eve', (tx) =>
          tx`accept_invitation(${link.token})`)).role,
      ).toBe('member')
      const entries = await logOf(tx, cast.acme)
      expect(entries.length).toBeGreaterThan(7)
      const written = JSON.stringify(entries)
      for (const token of [issued.token, link.token, again.token]) {
        expect(token).toMatch(/^inv_[0-9a-f]{64}$/)
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)))
        for (
          const form of [token, token.slice(4), toHex(digest), btoa(String.fromCharCode(...digest))]
        ) {
          expect(written).not.toContain(form)
        }
      }
      const hashes = await tx`select encode(token_hash, 'hex') as hash from tenancy.invitation_tokens as t
        join organization_invitations as i on i.id = t.invitation_id where i.organization_id = ${cast.acme}`
      expect(hashes.length).toBeGreaterThan(0)
      for (const { hash } of hashes) expect(written).not.toContain(hash)
      expect(written).not.toMatch(/inv_|token|secret|password/i)
    }))
})

const toHex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

describe('two transactions at once', () => {
  it('take positions without a gap or a twin, whoever of them gives up', async () => {
    const [one, two] = await sql.begin(async (tx) => [await found(tx, 'One'), await found(tx, 'Two')] as const)
    const rename = (organization: string, name: string, fail: boolean) =>
      sql.begin(async (tx) => {
        // Not by an update of the organization: its row would be the lock.
        await tx`select tenancy.record(
          ${organization}, 'organization.updated', 'organization', ${organization}, null, ${tx.json({ name })}
        )`
        if (fail) throw new Error('gives up')
      }).catch(() => undefined)
    await Promise.all(
      Array.from({ length: 60 }, (_, i) => rename(i % 2 ? one : two, `Name ${i}`, i % 6 === 1)),
    )
    for (const [organization, count] of [[one, 21], [two, 31]] as const) {
      const entries = await logOf(sql, organization)
      expect(entries.map(({ position }) => Number(position))).toEqual(Array.from({ length: count }, (_, i) => i + 1))
      const times = entries.map(({ occurred_at }) => occurred_at.getTime())
      expect(times).toEqual([...times].sort((a, b) => a - b))
      expect(await faultsOf(sql, organization)).toEqual([])
    }
  })

  it('wait for each other, so that the second one follows the first', async () => {
    const acme = await sql.begin((tx) => found(tx, 'Acme'))
    const recorded = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const record = (tx: Transaction, name: string) =>
      tx`select tenancy.record(${acme}, 'organization.updated', 'organization', ${acme}, null, ${tx.json({ name })})`
    const first = sql.begin(async (tx) => {
      await record(tx, 'first')
      recorded.resolve()
      await release.promise
    })
    await recorded.promise
    const second = sql.begin(async (tx) => {
      const [{ pid }] = await tx`select pg_backend_pid() as pid` as [{ pid: number }]
      const waiting = record(tx, 'second')
      waiting.execute()
      for (let waits = false; !waits;) {
        const [row] = await sql`select cardinality(pg_blocking_pids(${pid})) > 0 as waits`
        waits = row?.waits
      }
      release.resolve()
      await waiting
    })
    await Promise.all([first, second])
    expect((await logOf(sql, acme)).slice(1).map(({ after }) => after.name)).toEqual(['first', 'second'])
    expect(await faultsOf(sql, acme)).toEqual([])
  })

  it('a clock that is set back does not turn the order around', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await tx`update tenancy.audit_heads set occurred_at = now() + interval '1 hour' where organization_id = ${acme}`
      await tx`update organizations set name = 'New' where id = ${acme}`
      const [entry] = await tx`select occurred_at > now() + interval '59 minutes' as late from audit_log
        where organization_id = ${acme} order by position desc limit 1`
      expect(entry?.late).toBe(true)
    }))
})

describe('reading through the Data API', () => {
  it.each([['alice', true], ['adam', true], ['mona', false], ['mia', false], ['bob', false], ['eve', false]] as const)(
    '%s sees Acme: %s',
    (actor, sees) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        const { rows } = await as(tx, cast, actor, (tx) => tx`select distinct organization_id from audit_log`)
        expect(rows.some(({ organization_id }) => organization_id === cast.acme)).toBe(sees)
        expect(rows.every(({ organization_id }) => [cast.acme, cast.globex].includes(organization_id))).toBe(true)
      }),
  )
})

describe('the how-to', () => {
  it('says what each action means that the database writes, and of no other', async () => {
    const sources = await sql`select prosrc from pg_proc where pronamespace = 'tenancy'::regnamespace
      and prosrc like '%tenancy.record(%'`
    const written = new Set(
      // What begins with the schema's name is a setting.
      sources.flatMap(({ prosrc }) =>
        [...prosrc.matchAll(/'((?!tenancy\.)[a-z_]+\.[a-z_]+)'/g)].map(([, action]) => action)
      ),
    )
    const page = await readFile(join(root, 'docs/how-to/read-the-audit-log.md'), 'utf8')
    const explained = [...page.matchAll(/^\| `([a-z_]+\.[a-z_]+)` /gm)].map(([, action]) => action)
    expect(written.size).toBeGreaterThan(15)
    expect([...explained].sort()).toEqual([...written].sort())
  })
})
