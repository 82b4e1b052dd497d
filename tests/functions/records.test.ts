import { beforeAll, describe, expect, it } from 'vitest'
import { RecordsAnswer } from '../../shared/contract/records.ts'
import { type Audience, isAtLeast, protectedTables, tableAccess } from '../../shared/roles.ts'
import { rowFor, samples } from '../database/support/rows.ts'
import { sql } from '../database/support/database.ts'
import { type Actor, type Stage, stage } from './support/cast.ts'
import { expectProblem } from './support/problems.ts'
import { worldOf } from './support/world.ts'

// Rows that are stored: stamped by the database, all of a request or none.

let cast: Stage

beforeAll(async () => {
  cast = await stage()
})

const store = (actor: Actor, table: string, json: unknown, headers = {}) =>
  cast.call(actor, 'POST', `/records/${table}`, { json, headers })

const stored = async (actor: Actor, table: string, json: unknown) => {
  const answer = await store(actor, table, json)
  expect(answer.status, answer.text).toBe(201)
  return RecordsAnswer.parse(answer.body)
}

const countLeads = async (organization: string) =>
  (await sql`select count(*)::int as n from leads where organization_id = ${organization}`)[0]?.n

describe.each(protectedTables)('%s', (table) => {
  it('takes a row of whoever may create one, and stamps it', async () => {
    const least: Audience = tableAccess[table].create.any
    for (
      const [actor, role] of [['mia', 'member'], ['mona', 'manager'], ['adam', 'admin'], ['alice', 'owner']] as const
    ) {
      const own = await stage()
      const json = await rowFor(sql, table, own.acme)
      const before = await worldOf(own)
      const answer = await own.call(actor, 'POST', `/records/${table}`, { json })
      if (least !== 'nobody' && isAtLeast(role, least)) {
        expect(answer.status, answer.text).toBe(201)
        const { records: [record], count } = RecordsAnswer.parse(answer.body)
        expect(count).toBe(1)
        for (const [column, value] of Object.entries(json)) expect(String(record?.[column]), column).toBe(value)
        const stamps = {
          organization_id: own.acme,
          ...(!samples[table].authorless && { user_id: own.users[actor] }),
        }
        expect(record).toMatchObject(stamps)
        const rows = await sql`select to_jsonb(t) as row from ${sql(table)} as t where organization_id = ${own.acme}`
        expect(rows).toMatchObject([{ row: stamps }])
      } else {
        expectProblem(answer, 'forbidden', role)
        expect(await worldOf(own)).toEqual(before)
      }
    }
  })
})

describe('a request', () => {
  it('stores one object or a list, and answers the rows in the order they came', async () => {
    const one = await stored('mia', 'leads', { phone_number: '+15550100', first_name: 'Ada' })
    expect(one).toMatchObject({ count: 1, records: [{ phone_number: '+15550100', first_name: 'Ada', status: 'new' }] })
    const numbers = ['+15550103', '+15550101', '+15550102']
    const list = await stored('mia', 'leads', numbers.map((phone_number) => ({ phone_number })))
    expect(list.count).toBe(3)
    expect(list.records.map(({ phone_number }) => phone_number)).toEqual(numbers)
  })

  it('stores a thousand rows at once, and every one is stamped', async () => {
    const before = await countLeads(cast.acme)
    const rows = Array.from({ length: 1000 }, (_, n) => ({ phone_number: `+1555${String(n).padStart(7, '0')}` }))
    const { records, count } = await stored('mia', 'leads', rows)
    expect([count, records.length]).toEqual([1000, 1000])
    expect(records.map(({ phone_number }) => phone_number)).toEqual(rows.map(({ phone_number }) => phone_number))
    expect(new Set(records.map((row) => `${row.organization_id} ${row.user_id}`))).toEqual(
      new Set([`${cast.acme} ${cast.users.mia}`]),
    )
    expect(await countLeads(cast.acme)).toBe(before + 1000)
  })

  it('may hold rows that differ in their keys: what one leaves out gets its default, not null', async () => {
    const { records } = await stored('mia', 'leads', [
      { phone_number: '+15550100' },
      { phone_number: '+15550101', status: 'called', tags: ['warm'] },
      { phone_number: '+15550102', custom_fields: { a: [1, null] } },
    ])
    expect(records).toMatchObject([
      { status: 'new', tags: [], custom_fields: {} },
      { status: 'called', tags: ['warm'], custom_fields: {} },
      { status: 'new', tags: [], custom_fields: { a: [1, null] } },
    ])
  })

  it('may be a row without any value', async () => {
    const { records } = await stored('alice', 'ai_sms_settings', {})
    expect(records).toMatchObject([{ organization_id: cast.acme, user_id: cast.users.alice, enabled: false }])
  })

  it('may say its own organization and its own user', async () => {
    const { records } = await stored('mia', 'leads', {
      phone_number: '+15550100',
      organization_id: cast.acme,
      user_id: cast.users.mia,
    })
    expect(records).toMatchObject([{ organization_id: cast.acme, user_id: cast.users.mia }])
  })

  it('may point to rows of its own organization', async () => {
    const lead = await stored('adam', 'leads', { phone_number: '+15550100' })
    const log = await stored('mia', 'call_logs', { phone_number: '+15550100', lead_id: lead.records[0]?.id })
    expect(log.records).toMatchObject([{ lead_id: lead.records[0]?.id }])
  })

  it('acts where its header says', async () => {
    const answer = await store('bob', 'leads', { phone_number: '+15550100' }, { 'x-organization-id': cast.globex })
    expect(answer.body).toMatchObject({ records: [{ organization_id: cast.globex, user_id: cast.users.bob }] })
  })

  it('keeps text as text, whatever it looks like', async () => {
    const notes = `'); drop table leads; -- <script>alert(1)</script> \u{1F600} =1+1 \\ %00 \t`
    const { records } = await stored('mia', 'leads', { phone_number: '+15550100', notes })
    expect(records).toMatchObject([{ notes }])
  })
})
