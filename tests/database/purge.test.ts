import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { protectedTables } from '../../shared/roles.ts'
import { ask } from './support/ask.ts'
import { faultsOf, logOf } from './support/audit.ts'
import { type Cast, found, stage } from './support/cast.ts'
import { createMigrated, type NewDatabase } from './support/migrations.ts'
import { attempt, rolledBack, type Transaction } from './support/outcome.ts'
import { overtake } from './support/race.ts'
import { insertRow } from './support/rows.ts'

// Organizations that are purged. In a database of its own: a round takes every one that is due.

let own: NewDatabase
/** Others who are at work in it. */
let runners: postgres.Sql
beforeAll(async () => {
  own = await createMigrated()
  runners = postgres(own.url, { max: 4, onnotice: () => {} })
}, 240_000)
afterAll(async () => {
  await runners.end()
  await own.drop()
})

/** Deletes an organization as its owner did so long ago. */
const deleteSince = (organization: string, age: string, database: postgres.Sql | Transaction = own.sql) =>
  database`update organizations set deleted_at = now() - ${age}::interval where id = ${organization}`

const purge = async (organization: string, database: postgres.Sql | Transaction = own.sql) =>
  (await database`select tenancy.purge_organization(${organization}) as done`)[0]?.done as boolean

/** Calls until it is done, as the operator does: once every transaction of the server that began before has ended. */
const purgeAll = (organization: string) =>
  expect.poll(() => purge(organization), { timeout: 30_000, interval: 20 }).toBe(true)

const round = async (at = '0') =>
  (await own.sql`select tenancy.purge_organizations(now() + ${at}::interval) as purged`)[0]?.purged as number

/** Rounds until this one is purged. */
const roundsUntilPurged = (organization: string) =>
  expect.poll(async () => {
    await round()
    return await recordOf(organization)
  }, { timeout: 30_000, interval: 20 }).toBeDefined()

/** How many rows name an organization, by place; places without any are left out. */
const remains = async (organization: string, database: postgres.Sql | Transaction = own.sql) =>
  Object.fromEntries(
    (await database`select place, row_count::int as n from tenancy.remains(${organization}) where row_count > 0`)
      .map(({ place, n }) => [place, n]),
  )

const recordOf = async (organization: string) =>
  (await own.sql`select * from tenancy.deletion_records where organization_id = ${organization}`)[0]

const isThere = async (organization: string) =>
  (await own.sql`select from organizations where id = ${organization}`).length === 1

/** Two companies with rows wherever an organization can have any. */
const furnish = () =>
  own.sql.begin(async (tx) => {
    const cast = await stage(tx)
    const { users } = cast
    for (const [organization, owner, guest] of [[cast.acme, 'alice', 'mia'], [cast.globex, 'bob', 'eve']] as const) {
      for (const table of protectedTables) {
        await insertRow(tx, table, { organization_id: organization, user_id: users[owner] })
      }
      const invited = `${crypto.randomUUID()}@example.test`
      await ask(tx, cast, owner, (tx) => tx`create_invitation(${organization}, ${invited}, 'member')`)
      await ask(tx, cast, owner, (tx) => tx`create_invitation_link(${organization})`)
      await ask(tx, cast, owner, (tx) => tx`claim_domain(${organization}, ${`${crypto.randomUUID()}.test`})`)
      await ask(tx, cast, owner, (tx) => tx`create_lead_field(${organization}, 'budget', 'Budget', 'number')`)
      await tx`insert into organization_branding (organization_id, host) values (${organization}, 'calls.acme.test')`
      await ask(tx, cast, owner, (tx) => tx`set_active_organization(${organization})`)
      await tx`insert into tenancy.join_requests (organization_id, user_id, domain, email)
        values (${organization}, ${users.eve}, 'acme.test', 'eve@acme.test')`
      await tx`insert into tenancy.kept_out (organization_id, user_id) values (${organization}, ${users.eve})`
      await tx`insert into tenancy.sign_ups (user_id, organization_id) values (${users[owner]}, ${organization})`
      for (const scope of [organization, null]) {
        await tx`insert into tenancy.idempotency_keys
          (id, user_id, organization_id, route, key_hash, fingerprint, answer, about)
          values (gen_random_uuid(), ${users[guest]}, ${scope}, 'POST /x', sha256(${crypto.randomUUID()}), 'x', 'x',
            ${[organization]})`
      }
      await tx`select tenancy.queue_event('notice.removed', ${users[guest]},
        ${tx.json({ organization_id: organization, user_id: users[guest] })})`
      await tx`select tenancy.queue_event('other', ${organization}, '{}')`
      await tx`insert into tenancy.billing_customers (organization_id, customer_id, livemode)
        values (${organization}, ${customerOf(organization)}, false)`
    }
    return cast
  })

const customerOf = (organization: string) => `cus_${organization.replaceAll('-', '')}`
/** Its customer is Stripe's, which is told; ending.test.ts says what. */
const names = ({ acme }: Cast, text: string) => text.includes(acme) || text.includes(customerOf(acme))

/** Every row there is, by table, but those that name Acme and those about its purge. */
async function rowsWithoutAcme(cast: Cast): Promise<Record<string, string[]>> {
  const tables = await own.sql`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'tenancy') and tablename not in ('purges', 'deletion_records')
      or schemaname = 'auth' and tablename = 'users' order by 1`
  const rows: Record<string, string[]> = {}
  for (const { name } of tables) {
    const all = await own.sql.unsafe(`select to_jsonb(t)::text as row from ${name} as t order by 1`)
    rows[name] = all.map(({ row }) => row).filter((row) => !names(cast, row))
  }
  return rows
}

describe('a purge', () => {
  it('takes everything of the organization, and nothing of anybody else', async () => {
    const cast = await furnish()
    const tokensOfAcme = await own.sql`select t.invitation_id from tenancy.invitation_tokens as t
      join organization_invitations as i on i.id = t.invitation_id where i.organization_id = ${cast.acme}`
    await deleteSince(cast.acme, '30 days')
    const before = await rowsWithoutAcme(cast)
    const held = await remains(cast.acme)
    const globex = await remains(cast.globex)
    // The control: there is something everywhere.
    for (const table of protectedTables) expect(held, table).toHaveProperty([`public.${table}.organization_id`])
    expect(held).toMatchObject({
      'public.organizations.id': 1,
      'public.organization_users.organization_id': 4,
      'public.organization_invitations.organization_id': 2,
      'public.organization_domains.organization_id': 1,
      'public.organization_branding.organization_id': 1,
      'public.audit_log.organization_id': expect.any(Number),
      'tenancy.audit_heads.organization_id': 1,
      'tenancy.active_organizations.organization_id': 1,
      'tenancy.join_requests.organization_id': 1,
      'tenancy.kept_out.organization_id': 1,
      'tenancy.sign_ups.organization_id': 1,
      'tenancy.idempotency_keys.organization_id': 1,
      'tenancy.idempotency_keys.about': 2,
      'tenancy.outbox.payload': 1,
      'tenancy.outbox.order_key': 1,
      'tenancy.rate_limit_buckets.key': 1,
    })
    expect(tokensOfAcme).toHaveLength(2)

    expect(await round()).toBe(0)
    expect(await isThere(cast.acme)).toBe(false)
    await roundsUntilPurged(cast.acme)

    expect(await remains(cast.acme)).toEqual({})
    expect(await remains(cast.globex)).toEqual(globex)
    const after = await rowsWithoutAcme(cast)
    const tokens = tokensOfAcme.map(({ invitation_id }) => invitation_id)
    for (const [table, rows] of Object.entries(before)) {
      const expected = table === 'tenancy.invitation_tokens'
        ? rows.filter((row) => !tokens.some((id) => row.includes(id)))
        : rows
      if (table === 'tenancy.sign_ups') {
        // Whose sign-up founded it stays signed up.
        expect(after[table]).toEqual(expect.arrayContaining(expected))
        expect(after[table]).toHaveLength(expected.length + 1)
      } else expect(after[table], table).toEqual(expected)
    }
    const [signUp] = await own.sql`select organization_id from tenancy.sign_ups where user_id = ${cast.users.alice}`
    expect(signUp).toEqual({ organization_id: null })

    const { removed } = await recordOf(cast.acme) as { removed: Record<string, number> }
    for (const [place, count] of Object.entries(held)) {
      const table = place.split('.').slice(0, 2).join('.')
      // Of the engine's own rows some go with what they count.
      if (table.startsWith('public.') && table !== 'public.audit_log') {
        expect([table, removed[table]]).toEqual([table, count])
      }
    }
    expect(removed).not.toHaveProperty(['tenancy.sign_ups'])
    // Its last entry is that of the purge.
    expect(removed['public.audit_log']).toBe(held['public.audit_log.organization_id']! + 1)
    expect(removed['tenancy.idempotency_keys']).toBe(2)
  })

  it('tells nobody, keeps nobody out and writes no entry but the one of the purge', () =>
    rolledBack(own.sql, async (tx) => {
      const cast = await stage(tx)
      const invited = `${crypto.randomUUID()}@example.test`
      await ask(tx, cast, 'alice', (tx) => tx`create_invitation(${cast.acme}, ${invited}, 'member')`)
      await deleteSince(cast.acme, '1 day', tx)
      const [log, [events], [keptOut]] = [
        await logOf(tx, cast.acme),
        await tx`select count(*)::int as n from tenancy.outbox`,
        await tx`select count(*)::int as n from tenancy.kept_out`,
      ]
      expect(await purge(cast.acme, tx)).toBe(false)
      expect(await tx`select from organizations where id = ${cast.acme}`).toHaveLength(0)
      const entries = (await logOf(tx, cast.acme)).slice(log.length)
      expect(entries).toMatchObject([{ action: 'organization.purged', actor_type: 'system', after: null }])
      expect(await faultsOf(tx, cast.acme)).toEqual([])
      expect(await tx`select count(*)::int as n from tenancy.outbox`).toEqual([events])
      expect(await tx`select count(*)::int as n from tenancy.kept_out`).toEqual([keptOut])
    }))

  it('finds tables that were made since, in whatever order their rows must go', async () => {
    await own.sql`create table folders (id uuid primary key, created_at timestamptz not null default now(),
      parent_id uuid references folders)`
    await own.sql`create table notes (id uuid primary key default gen_random_uuid(),
      created_at timestamptz not null default now(), folder_id uuid not null references folders)`
    for (const table of ['folders', 'notes']) {
      await own.sql`select tenancy.protect(${table}::regclass, 'member', 'member', 'member', 'member')`
    }
    await own.sql`create table tenancy.figures (organization_id uuid not null, day date not null)`
    await own.sql`create table tenancy.letters (about jsonb not null, sent_at timestamptz not null default now())`
    const acme = await own.sql.begin((tx) => found(tx, 'Acme'))
    const [folder, child] = [crypto.randomUUID(), crypto.randomUUID()]
    await own.sql`insert into folders (id, organization_id, parent_id)
      values (${folder}, ${acme}, null), (${child}, ${acme}, ${folder})`
    await own.sql`insert into notes (folder_id, organization_id) values (${child}, ${acme}), (${folder}, ${acme})`
    await own.sql`insert into tenancy.figures values (${acme}, '2026-01-01'), (gen_random_uuid(), '2026-01-01')`
    await own.sql`insert into tenancy.letters values (${own.sql.json({ to: { id: acme } })}), ('{}')`
    await deleteSince(acme, '1 day')
    await purgeAll(acme)
    expect((await recordOf(acme))?.removed).toMatchObject({
      'public.notes': 2,
      'public.folders': 2,
      'tenancy.figures': 1,
      'tenancy.letters': 1,
    })
    expect(await own.sql`select from tenancy.figures`).toHaveLength(1)
    expect(await own.sql`select from tenancy.letters`).toHaveLength(1)
  })
})

describe('what is due', () => {
  it('is what nobody can restore any more, but the default organization', async () => {
    const [acme, globex, initech] = await own.sql.begin(async (tx) => [
      await found(tx, 'Acme'),
      await found(tx, 'Globex'),
      await found(tx, 'Initech'),
    ])
    const [{ id: standard }] = await own.sql`select tenancy.default_organization_id() as id` as [{ id: string }]
    await deleteSince(acme, '29 days 23 hours')
    await deleteSince(globex, '30 days')
    await deleteSince(standard, '300 days')
    try {
      for (let n = 0; n < 3; n++) await round()
      expect(await isThere(acme)).toBe(true)
      expect(await isThere(globex)).toBe(false)
      expect(await isThere(standard)).toBe(true)
      await rolledBack(own.sql, async (tx) => {
        const { refused } = await attempt(tx, (tx) => tx`select tenancy.purge_organization(${standard})`)
        expect(refused?.code).toBe('conflict')
      })
      await round('1 hour')
      expect(await isThere(acme)).toBe(false)
      expect(await isThere(initech)).toBe(true)
      expect(await own.sql`select from tenancy.purges where organization_id in ${own.sql([initech, standard])}`)
        .toHaveLength(0)
    } finally {
      await own.sql`update organizations set deleted_at = null where id = ${standard}`
    }
  })

  it('is sooner what an operator asks for, once it is deleted', async () => {
    const acme = await own.sql.begin((tx) => found(tx, 'Acme'))
    await rolledBack(own.sql, async (tx) => {
      const refusals = []
      for (const organization of [acme, crypto.randomUUID()]) {
        refusals.push(
          (await attempt(tx, (tx) => tx`select tenancy.purge_organization(${organization})`)).refused?.code,
        )
      }
      expect(refusals).toEqual(['conflict', 'not_found'])
      expect(await tx`select from tenancy.purges where organization_id = ${acme}`).toHaveLength(0)
    })
    await deleteSince(acme, '0')
    expect(await purge(acme)).toBe(false)
    await purgeAll(acme)
    // Once more changes nothing.
    const record = await recordOf(acme)
    expect(await purge(acme)).toBe(true)
    expect(await recordOf(acme)).toEqual(record)
  })

  it("is nobody else's to begin", () =>
    rolledBack(own.sql, async (tx) => {
      const cast = await stage(tx)
      await deleteSince(cast.acme, '40 days', tx)
      for (const role of ['authenticated', 'service_role', 'anon']) {
        await tx`select set_config('role', ${role}, true)`
        for (
          const call of [
            (tx: Transaction) => tx`select tenancy.purge_organization(${cast.acme})`,
            (tx: Transaction) => tx`select tenancy.purge_organizations()`,
            (tx: Transaction) => tx`select tenancy.begin_purge(${cast.acme})`,
            (tx: Transaction) => tx`select from tenancy.purges`,
            (tx: Transaction) => tx`insert into tenancy.purges values (${cast.acme})`,
          ]
        ) expect((await attempt(tx, call)).refused?.state, role).toBe('42501')
        await tx`select set_config('role', 'postgres', true)`
      }
      expect(await tx`select from organizations where id = ${cast.acme}`).toHaveLength(1)
    }))
})

describe('whoever would bring it back', () => {
  const restore = (cast: Cast) => ({
    user: cast.users.alice,
    run: (tx: Transaction) => tx`select restore_organization(${cast.acme})`,
  })
  const purgeIt = (cast: Cast) => ({
    user: cast.users.alice,
    run: async (tx: Transaction) => {
      await tx`select set_config('role', 'postgres', true)`
      await tx`select tenancy.begin_purge(${cast.acme})`
    },
  })
  const deleted = async () => {
    const cast = await own.sql.begin(stage)
    await deleteSince(cast.acme, '1 day')
    return cast
  }
  const stateOf = async ({ acme }: Cast) => {
    const [row] = await own.sql`select deleted_at is not null as deleted,
      exists (select from tenancy.purges where organization_id = ${acme}) as purged from organizations where id = ${acme}`
    return row
  }

  it('comes too late once it has begun', async () => {
    const cast = await deleted()
    await own.sql`select tenancy.begin_purge(${cast.acme})`
    await rolledBack(own.sql, async (tx) => {
      expect(await ask(tx, cast, 'alice', (tx) => tx`restore_organization(${cast.acme})`)).toBe('conflict')
      const bySql = await attempt(tx, (tx) => tx`update organizations set deleted_at = null where id = ${cast.acme}`)
      expect(bySql.refused?.code).toBe('conflict')
      await tx`set local role service_role`
      const byKey = await attempt(tx, (tx) => tx`update organizations set deleted_at = now() where id = ${cast.acme}`)
      expect(byKey.refused?.code).toBe('conflict')
    })
    expect(await stateOf(cast)).toEqual({ deleted: true, purged: true })
    await purgeAll(cast.acme)
  })

  it('at the same moment is first or too late, and nothing is half done', async () => {
    const early = await deleted()
    expect(await overtake(own.sql, runners, restore(early), purgeIt(early))).toEqual(['done', 'conflict'])
    expect(await stateOf(early)).toEqual({ deleted: false, purged: false })

    const late = await deleted()
    expect(await overtake(own.sql, runners, purgeIt(late), restore(late))).toEqual(['done', 'conflict'])
    expect(await stateOf(late)).toEqual({ deleted: true, purged: true })
  })

  it('with an older view of it fails instead of passing', async () => {
    const cast = await deleted()
    const began = Promise.withResolvers<void>()
    const committed = Promise.withResolvers<void>()
    const restoring = runners.begin('isolation level repeatable read', async (tx) => {
      await tx`select from organizations where id = ${cast.acme}`
      began.resolve()
      await committed.promise
      await tx`update organizations set deleted_at = null where id = ${cast.acme}`
    })
    await began.promise
    await own.sql`select tenancy.begin_purge(${cast.acme})`
    committed.resolve()
    await expect(restoring).rejects.toMatchObject({ code: '40001' })
    expect(await stateOf(cast)).toEqual({ deleted: true, purged: true })
  })
})

describe('a round', () => {
  const withLeads = async (count: number) => {
    const acme = await own.sql.begin((tx) => found(tx, 'Acme'))
    await own.sql`insert into leads (organization_id, phone_number) select ${acme}, '+1555' || n
      from generate_series(1, ${count}) as n`
    await deleteSince(acme, '1 day')
    await own.sql`select tenancy.begin_purge(${acme})`
    return acme
  }
  const leadsOf = async (organization: string) =>
    Number((await own.sql`select count(*) as n from leads where organization_id = ${organization}`)[0]?.n)
  /** A round whose time is over before it begins: one batch. */
  const batch = (organization: string, database: postgres.Sql | Transaction = own.sql) =>
    database`select tenancy.continue_purge(${organization}, '-infinity')`

  it('is short, and goes on where the one before it was stopped or undone', async () => {
    const acme = await withLeads(1_600)
    const left = []
    for (let n = 0; n < 6; n++) {
      // Killed before it committed: it never was.
      await rolledBack(own.sql, (tx) => batch(acme, tx).then(() => undefined))
      await batch(acme)
      left.push(await leadsOf(acme))
    }
    expect(left).toEqual([1_100, 600, 100, 0, 0, 0])
    await purgeAll(acme)
    expect((await recordOf(acme))?.removed).toMatchObject({ 'public.leads': 1_600 })
  })

  it('leaves to the other one what two would do at once', async () => {
    const acme = await withLeads(700)
    await runners.begin(async (tx) => {
      await batch(acme, tx)
      expect(await purge(acme)).toBe(false)
      await round()
      expect(await leadsOf(acme)).toBe(700)
    })
    expect(await leadsOf(acme)).toBe(200)
    await purgeAll(acme)
    expect((await recordOf(acme))?.removed).toMatchObject({ 'public.leads': 700 })
  })

  it('waits for nobody who has a row of it', async () => {
    const acme = await withLeads(3)
    await runners.begin(async (tx) => {
      await tx`select from leads where organization_id = ${acme} limit 1 for update`
      await batch(acme)
      expect(await leadsOf(acme)).toBe(1)
    })
    await runners.begin(async (tx) => {
      // Somebody with every right adds a row: it holds the organization until it is there or not.
      await tx`insert into leads (organization_id, phone_number) values (${acme}, '+15550199')`
      expect(await purge(acme)).toBe(false)
      expect(await isThere(acme)).toBe(true)
    })
    await purgeAll(acme)
    expect((await recordOf(acme))?.removed).toMatchObject({ 'public.leads': 4 })
  })

  it('takes no end while somebody could still add something', async () => {
    const acme = await withLeads(1)
    await runners.begin(async (tx) => {
      await tx`select tenancy.queue_event('other', 'key', ${tx.json({ organization_id: acme })})`
      expect(await purge(acme)).toBe(false)
      expect(await isThere(acme)).toBe(false)
      expect(await purge(acme)).toBe(false)
      expect(await recordOf(acme)).toBeUndefined()
    })
    await purgeAll(acme)
    expect(await remains(acme)).toEqual({})
    expect((await recordOf(acme))?.removed).toMatchObject({ 'tenancy.outbox': 1 })
  })

  it('goes on in a database that was restored from a dump in the middle of it', async () => {
    const acme = await withLeads(1)
    expect(await purge(acme)).toBe(false)
    await own.sql`update tenancy.purges set gone_in = '4000000000' where organization_id = ${acme}`
    expect(await purge(acme)).toBe(true)
  })

  it('takes an organization that somebody removed meanwhile for gone', async () => {
    const acme = await withLeads(700)
    await batch(acme)
    await own.sql`delete from organizations where id = ${acme}`
    await purgeAll(acme)
    expect(await remains(acme)).toEqual({})
    expect(await recordOf(acme)).toBeDefined()
  })

  it('that gets no further holds up no other, says why, and tries again', async () => {
    const [stuck, other] = [await withLeads(1), await withLeads(1)]
    await own.sql`create table tenancy.holders (lead_id uuid references leads)`
    await own.sql`insert into tenancy.holders select id from leads where organization_id = ${stuck}`
    await roundsUntilPurged(other)
    expect(await recordOf(stuck)).toBeUndefined()
    const [purging] = await own.sql`select last_error, removed from tenancy.purges where organization_id = ${stuck}`
    expect(purging).toEqual({ last_error: expect.stringContaining('holders_lead_id_fkey'), removed: {} })
    expect(await leadsOf(stuck)).toBe(1)
    await own.sql`drop table tenancy.holders`
    await roundsUntilPurged(stuck)
  })
})

describe('the audit log', () => {
  const removal = (organization: string) => (tx: Transaction) =>
    tx`delete from audit_log where organization_id = ${organization}`

  it('loses no entry of an organization that is there, deleted, or being purged', () =>
    rolledBack(own.sql, async (tx) => {
      const acme = await found(tx, 'Acme')
      const refused = async () => (await attempt(tx, removal(acme))).refused?.message
      expect(await refused()).toBe('The audit log is append-only.')
      await deleteSince(acme, '1 day', tx)
      expect(await refused()).toBe('The audit log is append-only.')
      await tx`select tenancy.begin_purge(${acme})`
      expect(await refused()).toBe('The audit log is append-only.')
      // Nor where somebody who could only writes that it is gone.
      await tx`update tenancy.purges set gone_at = now(), gone_in = pg_current_xact_id() where organization_id = ${acme}`
      expect(await refused()).toBe('The audit log is append-only.')
      expect(await logOf(tx, acme)).toHaveLength(2)
    }))

  it('loses none of one whose row somebody removed otherwise, and none of another beside one that may go', () =>
    rolledBack(own.sql, async (tx) => {
      const [acme, globex] = [await found(tx, 'Acme'), await found(tx, 'Globex')]
      await tx`delete from organizations where id = ${acme}`
      expect((await attempt(tx, removal(acme))).refused?.message).toBe('The audit log is append-only.')
      await deleteSince(globex, '1 day', tx)
      await purge(globex, tx)
      const both = await attempt(tx, (tx) => tx`delete from audit_log where organization_id in ${tx([acme, globex])}`)
      expect(both.refused?.message).toBe('The audit log is append-only.')
      // The control: its own would go.
      expect((await attempt(tx, removal(globex))).count).toBe(3)
    }))
})
