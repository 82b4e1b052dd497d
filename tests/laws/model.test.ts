import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createHttpDoor } from '../../prove/model/http-door.ts'
import { search } from '../../prove/model/search.ts'
import { createSqlDoor } from '../../prove/model/sql-door.ts'
import type { System } from '../../prove/model/system.ts'
import { readTableFacts } from '../../prove/model/tables.ts'
import { sql } from '../database/support/database.ts'
import { createMigrated, type NewDatabase } from '../database/support/migrations.ts'

// The reference model beside the real system: a few random runs here, thousands in `npm run prove`.

const seed = Date.now() % 2 ** 31
let facts: System['facts']

beforeAll(async () => {
  facts = await readTableFacts(sql)
})

it('answers, stores and shows what the model says, asked in SQL', async () => {
  const { runs, findings } = await search({ door: createSqlDoor(sql, facts), facts, runs: 90, seed })
  expect(findings.map(({ detail }) => detail).join('\n')).toBe('')
  expect(runs).toBe(90)
}, 120_000)

it('answers, stores and shows what the model says, asked over HTTP', async () => {
  const door = createHttpDoor(inject('stack'), sql, facts)
  const { runs, commands, refused, findings } = await search({ door, facts, runs: 6, seed })
  expect(findings.map(({ detail }) => detail).join('\n')).toBe('')
  expect(runs).toBe(6)
  // The control: neither side refuses everything.
  expect(commands).toBeGreaterThan(refused)
}, 120_000)

/** Digs a hole, and answers how to fill it. */
type Plant = (sql: postgres.Sql) => Promise<() => Promise<unknown>>

const letSuspendedPeopleIn: Plant = async (sql) => {
  const check = '\n            and ou.suspended_at is null'
  const [found] = await sql`select pg_get_functiondef('tenancy.current_organization_id'::regproc) as definition`
  // Once for reading and once for writing.
  expect(found?.definition.split(check)).toHaveLength(3)
  await sql.unsafe(found?.definition.replaceAll(check, ''))
  return () => sql.unsafe(found?.definition)
}

const letMembersChangeLeads: Plant = async (sql) => {
  const protect = (role: string) =>
    sql`select tenancy.protect('public.leads', 'member', 'member', ${role}, 'manager', '{update}')`
  await protect('member')
  return () => protect('manager')
}

describe('a planted hole', () => {
  let database: NewDatabase

  beforeAll(async () => {
    database = await createMigrated()
  }, 120_000)

  afterAll(() => database.drop())

  it('is told in few commands, with what both sides say and how to see it again', async () => {
    const door = createSqlDoor(database.sql, facts)
    const fill = await letSuspendedPeopleIn(database.sql)
    const { findings } = await search({ door, facts, runs: 300, seed: 42, about: ['leads'] })
    expect(findings).toHaveLength(1)
    const [found, tables, ...story] = findings[0]!.detail.split('\n')
    expect(found).toMatch(/^found in run \d+, shortened \d+ times; repeat with seed 42 and path [\d:]+$/)
    expect(tables).toMatch(/^sql: tables leads/)
    expect(story.join('\n')).toMatch(/ is suspended at /)
    expect(story.at(-2)).toMatch(/^ {2}the model expects /)
    expect(story.at(-1)).toMatch(/^ {2}the system answers /)
    expect(story.length).toBeLessThan(15)

    // The path leads straight to it, and nowhere once the hole is filled.
    const path = /path ([\d:]+)$/.exec(found!)?.[1]
    const again = () => search({ door, facts, runs: 1, seed: 42, about: ['leads'], path })
    expect((await again()).findings[0]?.detail).toContain(story.join('\n'))
    await fill()
    expect((await again()).findings).toEqual([])
  }, 120_000)

  it('is found in a policy as well', async () => {
    const fill = await letMembersChangeLeads(database.sql)
    const door = createSqlDoor(database.sql, facts)
    const { findings } = await search({ door, facts, runs: 300, seed: 42, about: ['leads'], shorten: false })
    expect(findings.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/ of leads.*\n.*\n.*$| into leads.*\n.*\n.*$/),
    ])
    await fill()
  }, 120_000)
})
