import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from './support/ask.ts'
import { faultsOf } from './support/audit.ts'
import { found, stage } from './support/cast.ts'
import { createMigrated, type NewDatabase } from './support/migrations.ts'
import { attempt, rolledBack, type Transaction } from './support/outcome.ts'

// What somebody with every right does to the log shows; and a long log is read as fast as a short one. In a database of
// its own, because the log's guard is taken off.

let own: NewDatabase
beforeAll(async () => {
  own = await createMigrated()
})
afterAll(() => own.drop())

describe('whatever is done to the log shows', () => {
  let acme: string
  beforeAll(async () => {
    await own.sql.begin(async (tx) => {
      acme = await found(tx, 'Acme')
      for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
        await tx`update organizations set name = ${name} where id = ${acme}`
      }
      // Every column has something in it that can be changed.
      await tx`select set_config('request.headers', '{"x-request-id":"trace-1"}', true),
        set_config('tenancy.on_behalf_of', ${crypto.randomUUID()}, true)`
      await tx`update organizations set name = 'Six' where id = ${acme}`
    })
  })

  /** Does it as whoever owns the database can: with the trigger, and the rules, out of the way. */
  const tamper = (how: (tx: Transaction) => Promise<unknown>, expected: (faults: postgres.Row[]) => void) =>
    rolledBack(own.sql, async (tx) => {
      await tx`alter table audit_log disable trigger refuse_to_rewrite, disable trigger refuse_to_forget`
      expect(await faultsOf(tx, acme)).toEqual([])
      await how(tx)
      expected([...await faultsOf(tx, acme)])
    })

  const edits: [string, string][] = [
    ['id', 'gen_random_uuid()'],
    ['occurred_at', "occurred_at + interval '1 microsecond'"],
    ['actor_type', "'service'"],
    ['actor_id', 'gen_random_uuid()'],
    ['actor_email', "'ceo@example.test'"],
    ['on_behalf_of', 'gen_random_uuid()'],
    ['action', "'organization.restored'"],
    ['object_type', "'member'"],
    ['object_id', 'gen_random_uuid()'],
    ['before', `'{"name": "Four "}'`],
    ['after', 'null'],
    ['request_id', "'trace-2'"],
    ['address', "'203.0.113.7'"],
    ['hash', "repeat('0', 64)"],
    ['position', '70'],
    ['organization_id', 'gen_random_uuid()'],
  ]

  it('an edit of any column, by the position of the entry', async () => {
    const columns = await own.sql`select attname as name from pg_attribute
      where attrelid = 'public.audit_log'::regclass and attnum > 0 and not attisdropped`
    expect(edits.map(([column]) => column).sort()).toEqual(columns.map(({ name }) => name).sort())
    for (const [column, value] of edits) {
      await tamper(
        (tx) =>
          tx.unsafe(`update audit_log set ${column} = ${value} where organization_id = $1 and position = 5`, [acme]),
        (faults) =>
          expect(faults[0]?.at_position, column).toBe(['position', 'organization_id'].includes(column) ? 6 : 5),
      )
    }
  })

  it('and a JSON null, which hashes could not tell from none, is refused by the table', () =>
    tamper(async (tx) => {
      for (const column of ['before', 'after']) {
        const edit = await attempt(
          tx,
          (tx) => tx.unsafe(`update audit_log set ${column} = 'null' where organization_id = $1`, [acme]),
        )
        expect(edit.refused?.constraint).toBe(`audit_log_${column}_is_an_object`)
      }
    }, (faults) => expect(faults).toEqual([])))

  it.each([1, 4, 7])('the removal of entry %i', (position) =>
    tamper(
      (tx) => tx`delete from audit_log where organization_id = ${acme} and position = ${position}`,
      (faults) => expect(faults[0]).toMatchObject({ at_position: position === 7 ? 7 : position + 1 }),
    ))

  it('the removal of all, with and without what is kept of its end', async () => {
    await tamper(
      (tx) => tx`delete from audit_log where organization_id = ${acme}`,
      (faults) => expect(faults).toEqual([{ at_position: 7, fault: 'the log does not end as it was written' }]),
    )
    await tamper(
      (tx) => tx`delete from tenancy.audit_heads where organization_id = ${acme}`,
      (faults) => expect(faults).toEqual([{ at_position: 1, fault: 'the log has no end' }]),
    )
  })

  it('another order', () =>
    tamper(
      (tx) =>
        tx`update audit_log set position = case position when 3 then 103 else 104 end
          where organization_id = ${acme} and position in (3, 4)`.then(() =>
          tx`update audit_log set position = case position when 103 then 4 else 3 end
            where organization_id = ${acme} and position > 100`
        ),
      (faults) => expect(faults.map(({ at_position }) => at_position)).toEqual([3, 4, 5]),
    ))

  const copy = (position: number) => (tx: Transaction) =>
    tx`insert into audit_log select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'position', ${position}::int))).*
      from audit_log as a where organization_id = ${acme} and position = 2`

  it('an entry more, at the end or in between', async () => {
    await tamper(copy(8), (faults) => expect(faults[0]).toMatchObject({ at_position: 7 }))
    await tamper(
      async (tx) => {
        await tx`update audit_log set position = position + 100 where organization_id = ${acme} and position > 4`
        await tx`update audit_log set position = position - 99 where organization_id = ${acme} and position > 100`
        await copy(5)(tx)
      },
      (faults) => expect(faults[0]).toMatchObject({ at_position: 5 }),
    )
  })

  it('a forged end that no entry has', () =>
    tamper(
      (tx) => tx`update tenancy.audit_heads set hash = repeat('0', 64) where organization_id = ${acme}`,
      (faults) => expect(faults).toEqual([{ at_position: 7, fault: 'the log does not end as it was written' }]),
    ))

  it('and is the same wherever and however somebody looks', async () => {
    for (const zone of ['UTC', 'Asia/Kathmandu', 'America/New_York']) {
      for (const style of ['ISO, DMY', 'German', 'SQL, MDY', 'Postgres']) {
        await rolledBack(own.sql, async (tx) => {
          await tx`select set_config('timezone', ${zone}, true), set_config('datestyle', ${style}, true),
            set_config('intervalstyle', 'sql_standard', true), set_config('extra_float_digits', '-3', true)`
          await tx`update organizations set name = ${zone}, trial_ends_at = now() where id = ${acme}`
          expect(await faultsOf(tx, acme), `${zone} ${style}`).toEqual([])
          await tx`select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, MDY', true)`
          expect(await faultsOf(tx, acme), `${zone} ${style}, elsewhere`).toEqual([])
        })
      }
    }
  })
})

describe('a long log', () => {
  interface Plan {
    'Node Type': string
    'Index Name'?: string
    Plans?: Plan[]
  }
  const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

  it('is read page by page without a sort or a look at all of it', () =>
    rolledBack(own.sql, async (tx) => {
      const cast = await stage(tx)
      await tx`insert into audit_log (organization_id, position, occurred_at, actor_type, actor_id, action, object_type, object_id, after, hash)
        select ${cast.acme}, 1000 + n, now() + n * interval '1 second', 'user',
          case when n % 5000 = 7 then ${cast.users.mia}::uuid else ${cast.users.adam}::uuid end,
          case when n % 5000 = 9 then 'organization.deleted' else 'member.role_changed' end, 'member',
          case when n % 5000 = 11 then ${cast.users.mia}::uuid else gen_random_uuid() end, '{"role": "member"}', 'x'
        from generate_series(1, 50000) as n`
      await tx`analyze audit_log`

      const explain = async (condition: string, order = 'desc') => {
        const [row] = await tx.unsafe(
          `explain (format json) select * from audit_log where organization_id = '${cast.acme}' and position <= 9000000 ${condition}
           order by position ${order} limit 101`,
        )
        const nodes = nodesOf(row?.['QUERY PLAN'][0].Plan)
        return {
          types: nodes.map((node) => node['Node Type']),
          indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
        }
      }
      const plain = { types: ['Limit', 'Index Scan'], indexes: ['audit_log_has_one_entry_at_a_position'] }
      expect(await explain('')).toEqual({ ...plain, types: expect.not.arrayContaining(['Sort', 'Seq Scan']) })
      expect((await explain('', 'asc')).types).not.toContain('Sort')
      expect(await explain(`and actor_id = '${cast.users.mia}'`)).toMatchObject({ indexes: ['audit_log_actor_idx'] })
      expect(await explain(`and object_id = '${cast.users.mia}'`)).toMatchObject({ indexes: ['audit_log_object_idx'] })
      expect(await explain(`and action = 'organization.deleted'`)).toMatchObject({ indexes: ['audit_log_action_idx'] })

      // The entry point itself reads the rows of its page, and no more than a few beyond.
      const rowsRead = async () => {
        const [row] = await tx`select seq_tup_read + idx_tup_fetch as n from pg_stat_xact_user_tables
          where relid = 'public.audit_log'::regclass`
        return Number(row?.n)
      }
      const filters: [string, number][] = [
        ['page_limit => 100', 100],
        ["page_limit => 100, page_cursor => '20000'", 100],
        [`actor_id => '${cast.users.mia}'`, 10],
        [`object_id => '${cast.users.mia}'`, 11],
        ["action => 'organization.deleted'", 10],
        ["occurred_from => now() + interval '30 seconds', occurred_to => now() + interval '40 seconds'", 10],
      ]
      for (const [filter, count] of filters) {
        const before = await rowsRead()
        const page = await ask(tx, cast, 'alice', (tx) => tx`list_audit(${cast.acme}, ${tx.unsafe(filter)})`)
        expect(page.entries.length, filter).toBe(count)
        expect(await rowsRead() - before, filter).toBeLessThan(count + 5)
      }
    }), 60_000)
})
