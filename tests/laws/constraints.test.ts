import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkConstraints, type Rule, rulesOf, violationOf } from '../../prove/constraints.ts'
import { isProtectedTable } from '../../shared/roles.ts'
import { inTransaction, sql } from '../database/support/database.ts'
import { createMigrated, type NewDatabase } from '../database/support/migrations.ts'

// Every constraint is taken at its word: what its name forbids is tried, and that constraint is the one that refuses.

const rules = await rulesOf(sql)
const tables = [...new Set(rules.map(({ table }) => table))]

it('every constraint says what it refuses', () => {
  expect(rules.length).toBeGreaterThan(400)
  expect(rules.filter((rule) => violationOf(rule, {}) === undefined).map(({ name }) => name)).toEqual([])
})

it('no unique rule spans organizations, where a refusal would tell what others have', () => {
  const unique = rules.filter(({ kind, table }) => kind === 'unique' && isProtectedTable(table))
  expect(unique.length).toBeGreaterThan(10)
  const spanning = unique.filter(({ columns }) => columns[0]?.name !== 'organization_id')
  expect(spanning.map(({ name }) => name)).toEqual([])
})

it.each(tables)('%s refuses what its constraints say, by their names', (table) =>
  inTransaction(async (tx) => {
    expect(await checkConstraints(tx, table)).toEqual([])
  }))

describe('a constraint that is gone', () => {
  let own: NewDatabase
  beforeAll(async () => {
    own = await createMigrated()
  })
  afterAll(() => own.drop())

  const named = (name: string): Rule => {
    const rule = rules.find((rule) => rule.name === name)
    if (!rule) throw new Error(`There is no ${name}.`)
    return rule
  }

  it.each([
    'leads_priority_is_not_negative',
    'voice_broadcasts_counters_are_not_negative',
    'calendar_availability_ends_after_it_begins',
    'organizations_slug_is_not_reserved',
    'dialing_queues_lead_id_fkey',
    'campaigns_belong_to_an_organization',
    'disposition_metrics_set_by_user_id_fkey',
    'leads_pkey',
    'dnc_list_number_is_listed_once',
    'workflow_steps_have_one_place',
  ])('is noticed: %s', (name) =>
    inTransaction(async (tx) => {
      const { table } = named(name)
      expect(await checkConstraints(tx, table, rules)).toEqual([])
      await tx`alter table ${tx(table)} drop constraint ${tx(name)} cascade`
      expect(await checkConstraints(tx, table, rules)).toEqual([name])
    }, own.sql))

  it('is noticed where it is an index only', () =>
    inTransaction(async (tx) => {
      await tx`drop index invitations_are_pending_once`
      expect(await checkConstraints(tx, 'organization_invitations', rules)).toEqual(['invitations_are_pending_once'])
    }, own.sql))

  it('is noticed when it forbids less than it says', () =>
    inTransaction(async (tx) => {
      await tx`alter table leads drop constraint leads_phone_number_is_at_most_32_characters,
        add constraint leads_phone_number_is_at_most_32_characters check (char_length(phone_number) <= 33)`
      expect(await checkConstraints(tx, 'leads')).toEqual(['leads_phone_number_is_at_most_32_characters'])
    }, own.sql))
})
