import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logOf } from './support/audit.ts'
import { found } from './support/cast.ts'
import { createMigrated, type NewDatabase } from './support/migrations.ts'
import { attempt, rolledBack, type Transaction } from './support/outcome.ts'

// What is kept of an organization that was purged, and how it is checked. In a database of its own, because the guard of the
// records is taken off.

let own: NewDatabase
let acme: string
let deletedAt: Date
let lastEntry: string
beforeAll(async () => {
  own = await createMigrated()
  acme = await own.sql.begin((tx) => found(tx, 'Acme'))
  await own.sql`insert into leads (organization_id, phone_number) values (${acme}, '+15550100')`
  const [row] = await own.sql`update organizations set deleted_at = now() - interval '3 days' where id = ${acme}
    returning deleted_at`
  deletedAt = row?.deleted_at
  // Once every transaction of the server that began before has ended; until the organization is gone its log grows.
  for (let done = false; !done;) {
    lastEntry = (await logOf(own.sql, acme)).at(-1)?.hash ?? lastEntry
    done = (await own.sql`select tenancy.purge_organization(${acme}) as done`)[0]?.done
  }
}, 240_000)
afterAll(() => own.drop())

const faultsOf = async (tx: Transaction, organization = acme) =>
  (await tx`select object, detail from tenancy.verify_deletion(${organization}) where not ok order by object`)
    .map(({ object, detail }) => `${object}: ${detail}`)

describe('a deletion record', () => {
  it('says what was purged and when, and not whose it was', async () => {
    const [record] = await own.sql`select * from tenancy.deletion_records where organization_id = ${acme}`
    expect(record).toEqual({
      organization_id: acme,
      name_hash: createHash('sha256').update(`${acme}\nAcme`).digest('hex'),
      deleted_at: deletedAt,
      purged_at: expect.any(Date),
      removed: expect.objectContaining({
        'public.organizations': 1,
        'public.organization_users': 0,
        'public.leads': 1,
        'public.audit_log': 3,
      }),
      audit_head: lastEntry,
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(lastEntry).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(record)).not.toMatch(/Acme|15550100/)
  })

  it('is checked, with every column that could name the organization', () =>
    rolledBack(own.sql, async (tx) => {
      expect(await faultsOf(tx)).toEqual([])
      const checked = (await tx`select object from tenancy.verify_deletion(${acme})`).map(({ object }) => object)
      const named = await tx`
        select format('%I.%I.%I', table_schema, table_name, column_name) as name from information_schema.columns
        join information_schema.tables using (table_schema, table_name)
        where column_name = 'organization_id' and table_type = 'BASE TABLE' and table_schema in ('public', 'tenancy')
          and table_name not in ('purges', 'deletion_records')`
      expect(named.length).toBeGreaterThan(50)
      expect(checked).toEqual(expect.arrayContaining(named.map(({ name }) => name)))
    }))

  it('is the same wherever and however somebody looks', () =>
    rolledBack(own.sql, async (tx) => {
      for (const [zone, style] of [['Asia/Kathmandu', 'German'], ['America/New_York', 'SQL, MDY']] as const) {
        await tx`select set_config('timezone', ${zone}, true), set_config('datestyle', ${style}, true),
          set_config('extra_float_digits', '-3', true)`
        expect(await faultsOf(tx), zone).toEqual([])
      }
    }))

  it.each([
    ['name_hash', "repeat('0', 64)"],
    ['deleted_at', "deleted_at - interval '1 microsecond'"],
    ['purged_at', "purged_at + interval '1 microsecond'"],
    ['removed', `removed || '{"public.leads": 2}'`],
    ['audit_head', 'null'],
    ['signature', "repeat('0', 64)"],
  ])('shows that its %s is another', (column, value) =>
    rolledBack(own.sql, async (tx) => {
      await tx`alter table tenancy.deletion_records disable trigger refuse_to_alter_records`
      await tx.unsafe(`update tenancy.deletion_records set ${column} = ${value} where organization_id = $1`, [acme])
      expect(await faultsOf(tx)).toEqual(['tenancy.deletion_records: the record is not as it was signed'])
    }))

  it('of one organization is none of another', () =>
    rolledBack(own.sql, async (tx) => {
      const other = crypto.randomUUID()
      await tx`insert into tenancy.deletion_records select (jsonb_populate_record(d,
        jsonb_build_object('organization_id', ${other}::uuid))).* from tenancy.deletion_records as d`
      expect(await faultsOf(tx, other)).toEqual(['tenancy.deletion_records: the record is not as it was signed'])
    }))

  it('can not be signed without the key, nor checked', () =>
    rolledBack(own.sql, async (tx) => {
      await tx`delete from tenancy.secrets where name = 'deletion_records'`
      expect(await faultsOf(tx)).toEqual(['tenancy.deletion_records: the record is not as it was signed'])
      const globex = await found(tx, 'Globex')
      await tx`update organizations set deleted_at = now() where id = ${globex}`
      await tx`select tenancy.purge_organization(${globex})`
      await tx`update tenancy.purges set gone_in = '3' where organization_id = ${globex}`
      expect((await attempt(tx, (tx) => tx`select tenancy.purge_organization(${globex})`)).refused?.state).toBe('23502')
      expect(await tx`select from tenancy.purges where organization_id = ${globex}`).toHaveLength(1)
    }))

  it('is altered and taken away by nobody, and read by nobody but the owner of the database', () =>
    rolledBack(own.sql, async (tx) => {
      const before = await tx`select * from tenancy.deletion_records order by organization_id`
      const writes: ((tx: Transaction) => Promise<never>)[] = [
        (tx) => tx`update tenancy.deletion_records set removed = '{}'` as never,
        (tx) => tx`delete from tenancy.deletion_records` as never,
        (tx) => tx`truncate tenancy.deletion_records` as never,
      ]
      for (const role of ['postgres', 'service_role', 'authenticated', 'anon']) {
        await tx`select set_config('role', ${role}, true)`
        for (const write of writes) expect((await attempt(tx, write)).refused?.state, role).toBe('42501')
        const read = await attempt(tx, (tx) => tx`select from tenancy.deletion_records`)
        const key = await attempt(tx, (tx) => tx`select from tenancy.secrets`)
        const check = await attempt(tx, (tx) => tx`select from tenancy.verify_deletion(${acme})`)
        const expected = role === 'postgres' ? undefined : '42501'
        expect([read, key, check].map(({ refused }) => refused?.state), role).toEqual([expected, expected, expected])
        await tx`select set_config('role', 'postgres', true)`
      }
      expect(await tx`select * from tenancy.deletion_records order by organization_id`).toEqual(before)
    }))
})

describe('the proof', () => {
  it('finds whatever is there again, wherever it is', () =>
    rolledBack(own.sql, async (tx) => {
      await tx`insert into organizations (id, name, slug) values (${acme}, 'Acme', 'acme-again')`
      await tx`insert into leads (organization_id, phone_number) values (${acme}, '+15550100')`
      await tx`insert into tenancy.rate_limit_buckets values ('invitations_per_organization', ${acme}, 1, now())`
      await tx`select tenancy.queue_event('other', 'key', ${tx.json({ at: { some: ['place', acme.toUpperCase()] } })})`
      const faults = (await faultsOf(tx)).filter((fault) => !/^tenancy\.(usage|lead_texts)/.test(fault))
      expect(faults).toEqual([
        'public.audit_log.organization_id: 1 rows',
        'public.leads.organization_id: 1 rows',
        'public.organizations.id: 1 rows',
        'tenancy.audit_heads.organization_id: 1 rows',
        'tenancy.outbox.payload: 1 rows',
        'tenancy.rate_limit_buckets.key: 1 rows',
      ])
    }))

  it('is none while a purge is under way, and of what was never purged', () =>
    rolledBack(own.sql, async (tx) => {
      const globex = await found(tx, 'Globex')
      await tx`update organizations set deleted_at = now() where id = ${globex}`
      await tx`select tenancy.purge_organization(${globex})`
      await tx`update tenancy.purges set last_error = 'no room' where organization_id = ${globex}`
      expect(await faultsOf(tx, globex)).toEqual(expect.arrayContaining([
        'tenancy.deletion_records: there is no record',
        'tenancy.purges: it is still being purged: no room',
      ]))
      expect(await faultsOf(tx, crypto.randomUUID())).toEqual(['tenancy.deletion_records: there is no record'])
    }))
})
