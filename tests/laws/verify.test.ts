import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { rolledBack, type Transaction } from '../database/support/outcome.ts'
import { createMigrated, type NewDatabase } from '../database/support/migrations.ts'
import { type Hole, holes } from './support/holes.ts'

// tenancy.verify() finds nothing in a database that is as it should be, and every hole that somebody leaves in one.

let own: NewDatabase
let superuser: postgres.Sql
beforeAll(async () => {
  own = await createMigrated()
  const url = new URL(inject('stack').ADMIN_DB_URL)
  url.pathname = new URL(own.url).pathname
  superuser = postgres(url.href, { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await superuser.end()
  await own.drop()
})

interface Row {
  law: string
  object: string
  ok: boolean
  detail: string | null
  consequence: string | null
  mend: string | null
}

const verify = (tx: Transaction | postgres.Sql) => tx<Row[]>`select * from tenancy.verify()`

const broken = async (tx: Transaction | postgres.Sql) => (await verify(tx)).filter(({ ok }) => !ok)

const inOwnDatabase = (
  { superuser: asSuperuser }: Pick<Hole, 'superuser'>,
  story: (tx: Transaction) => Promise<void>,
) => rolledBack(asSuperuser ? superuser : own.sql, story)

const isAbout = (one: Hole, other: Hole): boolean =>
  one.object.startsWith(other.object) || other.object.startsWith(one.object)

/**
 * Holes in different objects are planted together, because looking for one takes as long as looking for many; what is
 * found in an object is still found because of one hole alone.
 */
const groups = holes.reduce<Hole[][]>((groups, hole) => {
  const fitting = groups.find((group) =>
    group.every((other) => !other.alone && other.superuser === hole.superuser && !isAbout(other, hole))
  )
  if (fitting && !hole.alone) fitting.push(hole)
  else groups.push([hole])
  return groups
}, [])

async function plant(tx: Transaction, { name, plant }: Hole): Promise<void> {
  try {
    if (typeof plant === 'string') await tx.unsafe(plant)
    else await plant(tx)
  } catch (cause) {
    throw new Error(`${name} can't be planted`, { cause })
  }
}

describe('a database as migrations leave it', () => {
  it('keeps every law, and says of each what it looked at', async () => {
    const rows = await verify(own.sql)
    expect(rows.filter(({ ok }) => !ok)).toEqual([])
    for (const row of rows) expect(row).toMatchObject({ ok: true, detail: null, consequence: null, mend: null })

    const laws = await own.sql`select name from tenancy.laws`
    expect(new Set(rows.map(({ law }) => law))).toEqual(new Set(laws.map(({ name }) => name)))
    const keys = rows.map(({ law, object }) => `${law} ${object}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('is looked at table by table, from the catalog', async () => {
    const rows = await verify(own.sql)
    const about = (law: string) => rows.filter((row) => row.law === law).map(({ object }) => object).sort()
    const tables = await own.sql`select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname = 'public' order by 1`
    expect(about('row_security_is_forced')).toEqual(tables.map(({ name }) => name))
    const functions = await own.sql`select count(*)::int as n from pg_proc
      where pronamespace in ('public'::regnamespace, 'tenancy'::regnamespace)`
    expect(about('functions_pin_their_search_path')).toHaveLength(functions[0]?.n)
  })

  it('is proven within a second, with 60 tables and more', () =>
    inOwnDatabase({}, async (tx) => {
      const [{ missing }] = await tx`select 65 - count(*)::int as missing from tenancy.protected_tables` as [
        { missing: number },
      ]
      for (let i = 1; i <= missing; i++) {
        const parent = i > 1 ? `more_${i - 1}` : 'leads'
        await tx.unsafe(`create table public.more_${i} (
            id uuid primary key default gen_random_uuid(),
            user_id uuid references auth.users (id),
            parent_id uuid references public.${parent} (id),
            created_at timestamptz not null default now()
          );
          select tenancy.protect('public.more_${i}', 'member', 'member', 'manager', 'admin', '{update}')`)
      }
      const times: number[] = []
      for (let run = 0; run < 3; run++) {
        const start = performance.now()
        expect(await broken(tx)).toEqual([])
        times.push(performance.now() - start)
      }
      // Whatever else runs on the machine only adds to it.
      expect(Math.min(...times)).toBeLessThan(1000)
    }))

  it('is proven without a change, for the database owner alone', async () => {
    await rolledBack(own.sql, async (tx) => {
      await tx`set transaction read only`
      expect(await broken(tx)).toEqual([])
    })
    for (const role of ['anon', 'authenticated', 'service_role']) {
      const [right] = await own.sql`select has_function_privilege(${role}, 'tenancy.verify()', 'execute') as has`
      expect(right?.has, role).toBe(false)
    }
  })
})

describe('the condition of a policy', () => {
  const questions = ['member', 'manager', 'admin', 'owner', null].flatMap((role) =>
    [true, false].flatMap((own) => ['select', 'insert', 'update', 'delete'].map((command) => ({ role, own, command })))
  ).filter(({ role, own, command }) => (role !== null || own) && !(own && command === 'insert'))

  it('is known as Postgres prints it, for every role and command', () =>
    inOwnDatabase({}, async (tx) => {
      for (const { role, own, command } of questions) {
        await tx`select tenancy.write_policy('public.leads', ${command}, ${role}, ${own}, true)`
        const checked = command === 'update' && !own ? 'member' : role
        const [policy] = await tx`select
            array[tenancy.canonical_expression(qual), tenancy.canonical_expression(with_check)] as stored,
            array[
              case when ${command !== 'insert'} then tenancy.printed_policy(${role}, ${own}, ${
          command !== 'select'
        }, false) end,
              case when ${command === 'insert' || command === 'update'}
                then tenancy.printed_policy(${checked}, ${own}, ${command === 'insert'}, ${command === 'insert'}) end
            ] as expected
          from pg_policies where tablename = 'leads' and cmd = ${command.toUpperCase()}`
        expect(policy?.stored, `${command} ${role} ${own}`).toEqual(policy?.expected)
      }
    }))

  it.each([
    [
      `(organization_id = ( SELECT tenancy.current_organization_id('member'::public.organization_role, false) AS a))`,
      false,
    ],
    ['(id = ANY (( SELECT tenancy.co_member_ids() AS co_member_ids)::uuid[]))', false],
    [`((name)::character varying(10) = 'f(x)'::text)`, false],
    ['app.may_see(organization_id)', true],
    ['( SELECT app.may_see(leads.organization_id) AS may_see)', true],
    ['(organization_id = ( SELECT "Odd"."Name"(leads.id) AS "Name"))', true],
    ['(organization_id IN ( SELECT ou.organization_id FROM public.organization_users ou))', true],
    ['true', false],
  ])('%s is asked for each row: %s', async (expression, asks) => {
    const [answer] = await own.sql`select tenancy.asks_for_each_row(${expression}) as asks`
    expect(answer?.asks).toBe(asks)
  })
})

describe('a planted hole', () => {
  /** What was found while a hole was there, and what was left of it after mending. */
  const told = new Map<Hole, { findings: Row[]; left: Row[] }>()

  beforeAll(async () => {
    for (const group of groups) {
      await inOwnDatabase({ superuser: group[0]?.superuser }, async (tx) => {
        for (const hole of group) await plant(tx, hole)
        const findings = await broken(tx)
        // Mending one thing can bring another to light: a new owner lacks the grants that the one before gave itself.
        let left = findings
        for (let round = 0; round < 3 && left.length > 0; round++) {
          for (const { mend } of left) await tx.unsafe(mend ?? '')
          left = await broken(tx)
        }
        for (const hole of group) told.set(hole, { findings, left })
      })
    }
  }, 180_000)

  it.each(holes)('is found and mended: $name', (hole) => {
    const { findings, left } = told.get(hole) ?? { findings: [], left: [] }
    const found = findings.filter(({ law, object }) => law === hole.law && object.startsWith(hole.object))
    expect(found, JSON.stringify(findings, null, 2)).not.toEqual([])
    for (const { detail, consequence, mend } of findings) {
      expect(detail).toMatch(/\w/)
      expect(consequence).toMatch(/\w.*\.$/)
      expect(mend).toMatch(/;$/)
    }
    expect(left).toEqual([])
  })

  it('has been planted for every law', async () => {
    const laws = await own.sql`select name from tenancy.laws`
    const unplanted = laws.map(({ name }) => name).filter((name) => !holes.some(({ law }) => law === name))
    expect(unplanted).toEqual([])
  })
})
