import { describe, expect, it } from 'vitest'
import { CampaignStatus } from '../../shared/contract/campaigns.ts'
import { ask, type Call } from './support/ask.ts'
import { type Actor, as, type Cast, stage } from './support/cast.ts'
import { attempt, inTransaction, type Transaction } from './support/database.ts'

// When new campaigns call and which number they show, where nobody says.

const hours = { calling_hours_start: '08:30', calling_hours_end: '20:00' }
const usual = { calling_hours_start: '09:00:00', calling_hours_end: '17:00:00', timezone: 'America/New_York' }

const set = (cast: Cast, changes: object, organization = cast.acme): Call => (tx) =>
  tx`update_organization(${organization}, ${JSON.stringify(changes)}::text::jsonb)`

const number = async (tx: Transaction, organization: string, number: string, status = 'active') => {
  await tx`insert into phone_numbers (organization_id, number, status) values (${organization}, ${number}, ${status})`
  return number
}

/** Inserts a row as a person would, and answers what it has. */
async function insert(
  tx: Transaction,
  cast: Cast,
  actor: Actor = 'mia',
  values: Record<string, string | null> = {},
  table = 'campaigns',
) {
  const organization = actor === 'bob' ? cast.globex : cast.acme
  const { rows, refused } = await as(
    tx,
    cast,
    actor,
    (tx) => tx`insert into ${tx(table)} ${tx({ name: 'Spring', ...values })} returning *`,
    { organization },
  )
  return refused?.code ?? rows[0]
}

describe('a new campaign', () => {
  it('calls when its organization does, in its time zone, and shows its number', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const shown = await number(tx, cast.acme, '+14155550100')
      expect(await insert(tx, cast)).toMatchObject({ ...usual, caller_id: null })
      await ask(tx, cast, 'adam', set(cast, { ...hours, timezone: 'Europe/Berlin', default_caller_id: shown }))
      const defaults = { calling_hours_start: '08:30:00', calling_hours_end: '20:00:00', timezone: 'Europe/Berlin' }
      expect(await insert(tx, cast, 'mia', {}, 'voice_broadcasts')).toMatchObject(defaults)
      expect(await insert(tx, cast)).toMatchObject({ ...defaults, caller_id: shown })
      // What is given is what it has.
      const given = { calling_hours_start: '10:00:00', timezone: 'UTC', caller_id: null }
      expect(await insert(tx, cast, 'mia', given)).toMatchObject({ ...given, calling_hours_end: '20:00:00' })
      // Others have their own.
      expect(await insert(tx, cast, 'bob')).toMatchObject({ ...usual, caller_id: null })
      await ask(
        tx,
        cast,
        'adam',
        set(cast, { calling_hours_start: null, calling_hours_end: null, default_caller_id: null }),
      )
      expect(await insert(tx, cast)).toMatchObject({ ...usual, caller_id: null })
    }))

  it('has them by the entry point for rows, and by the secret key that names an organization', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'adam', set(cast, hours))
      const { rows: [made] } = await as(
        tx,
        cast,
        'mia',
        (tx) => tx`select create_records('campaigns', '[{"name": "A"}, {"name": "B", "timezone": "UTC"}]') as answer`,
        { organization: cast.acme },
      )
      expect(made?.answer).toMatchObject([
        { calling_hours_start: '08:30:00', timezone: 'UTC' },
        { calling_hours_start: '08:30:00', timezone: 'UTC' },
      ])
      await tx`select set_config('request.headers', ${JSON.stringify({ 'x-organization-id': cast.acme })}, true)`
      const [row] = await tx`insert into campaigns (name) values ('C') returning calling_hours_end, organization_id`
      expect(row).toEqual({ calling_hours_end: '20:00:00', organization_id: cast.acme })
    }))

  it('does not show a number that was released or is gone', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const shown = await number(tx, cast.acme, '+14155550100')
      await ask(tx, cast, 'adam', set(cast, { default_caller_id: shown }))
      const shows = async () => Reflect.get(Object(await insert(tx, cast)), 'caller_id')
      expect(await shows()).toBe(shown)
      await tx`update phone_numbers set status = 'released' where organization_id = ${cast.acme}`
      expect(await shows()).toBeNull()
      // What else is changed meanwhile is not held up by it.
      expect((await ask(tx, cast, 'adam', set(cast, { name: 'Acme & Sons' }))).organization.default_caller_id).toBe(
        shown,
      )
      await tx`update phone_numbers set status = 'quarantined' where organization_id = ${cast.acme}`
      expect(await shows()).toBe(shown)
      await tx`delete from phone_numbers where organization_id = ${cast.acme}`
      expect(await shows()).toBeNull()
    }))
})

it('a campaign is in one of the states that the contract names', () =>
  inTransaction(async (tx) => {
    const [rule] =
      await tx`select pg_get_constraintdef(oid) as text from pg_constraint where conname = 'campaigns_status_is_known'`
    const known = [...String(rule?.text).matchAll(/'([^']+)'/g)].map(([, name]) => name)
    expect(known).toEqual(CampaignStatus.options)
  }))

describe('the defaults', () => {
  it('are set by admins and above', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const answers = []
      for (const actor of ['mona', 'mia', 'bob', 'eve', 'adam'] as const) {
        const answer = await ask(tx, cast, actor, set(cast, hours))
        answers.push(typeof answer === 'object' ? answer.organization.calling_hours_start : answer)
      }
      expect(answers).toEqual(['forbidden', 'forbidden', 'not_found', 'not_found', '08:30:00'])
    }))

  it('are a number of the organization that is not released, whoever sets it', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const own = await number(tx, cast.acme, '+14155550100')
      const wrong = [
        await number(tx, cast.acme, '+14155550101', 'released'),
        await number(tx, cast.globex, '+14155550102'),
        '+14155550103',
        '',
      ]
      for (const default_caller_id of wrong) {
        expect(await ask(tx, cast, 'adam', set(cast, { default_caller_id }))).toBe('validation_failed')
        const bySql = await attempt(tx, (tx) =>
          tx`update organizations set ${tx({ default_caller_id })} where id = ${cast.acme}`)
        expect(bySql.refused?.code).toBe('validation_failed')
      }
      const founding = await attempt(tx, (tx) =>
        tx`insert into organizations (name, slug, default_caller_id) values ('X', 'x-y-z', ${own})`)
      expect(founding.refused?.code).toBe('validation_failed')
      expect((await ask(tx, cast, 'adam', set(cast, { default_caller_id: own }))).organization.default_caller_id).toBe(
        own,
      )
    }))

  it('have a start and an end, in this order', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      for (
        const changes of [
          { calling_hours_start: '09:00' },
          { calling_hours_end: '17:00' },
          { calling_hours_start: '17:00', calling_hours_end: '09:00' },
          { calling_hours_start: '09:00', calling_hours_end: '09:00' },
        ]
      ) expect(await ask(tx, cast, 'adam', set(cast, changes))).toBe('23514')
      const [row] = await tx`select calling_hours_start, calling_hours_end from organizations where id = ${cast.acme}`
      expect(row).toEqual({ calling_hours_start: null, calling_hours_end: null })
    }))

  it('leave one entry of each change', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const shown = await number(tx, cast.acme, '+14155550100')
      const entries = async () =>
        (await tx`select action, before, after from audit_log where organization_id = ${cast.acme} order by position`)
          .slice()
      const from = (await entries()).length
      await ask(tx, cast, 'adam', set(cast, { ...hours, default_caller_id: shown }))
      await ask(tx, cast, 'adam', set(cast, { ...hours, default_caller_id: shown }))
      expect((await entries()).slice(from)).toEqual([{
        action: 'organization.updated',
        before: { calling_hours_start: null, calling_hours_end: null, default_caller_id: null },
        after: { calling_hours_start: '08:30:00', calling_hours_end: '20:00:00', default_caller_id: shown },
      }])
    }))
})
