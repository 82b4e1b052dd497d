import { describe, expect, it } from 'vitest'
import type { Call } from './support/ask.ts'
import { type Cast, found, stage } from './support/cast.ts'
import { attempt, inTransaction, type Transaction } from './support/database.ts'
import { single } from './support/rows.ts'

// States that the tables refuse whoever writes, the database owner included.

const refusal = async (tx: Transaction, statement: Call) => {
  const { refused } = await attempt(tx, statement)
  return refused?.constraint ?? 'accepted'
}

/** An object so many levels deep. */
const nested = (levels: number): object => levels > 1 ? { a: nested(levels - 1) } : {}

describe('organizations', () => {
  it.each([
    [{ subscription_tier: 'gold' }, 'organizations_tier_is_known'],
    [{ subscription_status: 'sleeping' }, 'organizations_status_is_known'],
    [{ max_users: -1 }, 'organizations_limits_are_not_negative'],
    [{ monthly_call_limit: -1 }, 'organizations_limits_are_not_negative'],
    [{ metadata: [] }, 'organizations_metadata_is_a_small_object'],
    [{ metadata: { note: 'x'.repeat(17_000) } }, 'organizations_metadata_is_a_small_object'],
    [{ settings: { note: 'x'.repeat(17_000) } }, 'organizations_settings_are_a_small_object'],
    [{ slug: 'Acme' }, 'organizations_slug_is_well_formed'],
    [{ slug: 'billing' }, 'organizations_slug_is_not_reserved'],
    [{ name: ' Acme' }, 'organizations_name_is_readable'],
    [{ owner_email: 'Alice@acme.test' }, 'organizations_owner_email_is_an_address'],
    [{ owner_email: 'alice@acme.test, bob@globex.test' }, 'organizations_owner_email_is_an_address'],
    [{ settings: nested(66) }, 'organizations_settings_are_a_small_object'],
    [{ metadata: nested(66) }, 'organizations_metadata_is_a_small_object'],
    [{ settings: { branding: { color: '#123456' }, deep: nested(60) } }, 'accepted'],
    [{ name: 'Paypal\u202egro.live' }, 'organizations_name_is_readable'],
    [{ name: 'two\u2028lines' }, 'organizations_name_is_readable'],
    [{ contact_phone: '030 901820' }, 'organizations_contact_phone_is_e164'],
    [{ timezone: 'Mars/Olympus' }, 'organizations_timezone_is_known'],
    [{ max_users: 0, monthly_call_limit: 1_000, metadata: {} }, 'accepted'],
  ])('%j: %s', (values, expected) =>
    inTransaction(async (tx) => {
      const id = await found(tx, 'Acme')
      const json = Object.fromEntries(
        Object.entries(values).map((
          [key, value],
        ) => [key, typeof value === 'object' ? tx.json(value as never) : value]),
      )
      expect(await refusal(tx, (tx) => tx`update organizations set ${tx(json)} where id = ${id}`)).toBe(expected)
    }))
})

describe('once per organization', () => {
  const twice = async (tx: Transaction, cast: Cast, table: string, row: Record<string, string>) => {
    const insert = (organization_id: string) => (tx: Transaction) =>
      tx`insert into ${tx(table)} ${tx({ ...row, organization_id })}`
    expect(await refusal(tx, insert(cast.acme))).toBe('accepted')
    expect(await refusal(tx, insert(cast.globex))).toBe('accepted')
    return await refusal(tx, insert(cast.acme))
  }

  it('a number is blocked once', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      expect(await twice(tx, cast, 'dnc_list', { phone_number: '+15550100' })).toBe('dnc_list_number_is_listed_once')
    }))

  it.each(single)('%s', (table) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      expect(await twice(tx, cast, table, {})).toBe(`${table}_are_one_per_organization`)
    }))

  it('a person connects a calendar once, in each organization', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const row = { user_id: cast.users.mia, provider: 'google', calendar_id: 'primary' }
      expect(await twice(tx, cast, 'calendar_integrations', row)).toBe('calendar_integrations_are_connected_once')
    }))
})

describe('invitations', () => {
  const invite = async (tx: Transaction, cast: Cast) =>
    (await tx`insert into organization_invitations ${
      tx({
        organization_id: cast.acme,
        email: 'new@example.test',
        role: 'member',
        invited_by: cast.users.adam,
        valid_for: '7 days',
        expires_at: new Date(Date.now() + 7 * 86_400_000),
      })
    } returning id`)[0]?.id as string

  it('have one outcome', () =>
    inTransaction(async (tx) => {
      const id = await invite(tx, await stage(tx))
      const end = (tx: Transaction) =>
        tx`update organization_invitations set accepted_at = now(), revoked_at = now() where id = ${id}`
      expect(await refusal(tx, end)).toBe('invitations_have_one_outcome')
    }))

  it('outlive the people they name, but not their organization; and a token its invitation', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const id = await invite(tx, cast)
      await tx`update organization_invitations set accepted_at = now(), accepted_by = ${cast.users.eve} where id = ${id}`
      await tx`select tenancy.new_invitation_token(${id})`
      await tx`delete from auth.users where id in (${cast.users.adam}, ${cast.users.eve})`
      const people = await tx`select invited_by, accepted_by from organization_invitations where id = ${id}`
      expect(people).toEqual([{ invited_by: null, accepted_by: null }])
      await tx`delete from organizations where id = ${cast.acme}`
      expect(await tx`select id from organization_invitations where id = ${id}`).toEqual([])
      expect(await tx`select 1 from tenancy.invitation_tokens where invitation_id = ${id}`).toEqual([])
    }))

  it('never share a token', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const first = await invite(tx, cast)
      await tx`update organization_invitations set revoked_at = now() where id = ${first}`
      const second = await invite(tx, cast)
      const store = (id: string) => (tx: Transaction) =>
        tx`insert into tenancy.invitation_tokens (invitation_id, token_hash) values (${id}, sha256('one'))`
      expect(await refusal(tx, store(first))).toBe('accepted')
      expect(await refusal(tx, store(second))).toBe('invitation_tokens_token_hash_key')
    }))
})

it('a choice of organization ends with the membership, in the same transaction', () =>
  inTransaction(async (tx) => {
    const cast = await stage(tx)
    await tx`insert into tenancy.active_organizations (user_id, session_id, organization_id)
      values (${cast.users.mia}, gen_random_uuid(), ${cast.acme})`
    await tx`delete from organization_users where user_id = ${cast.users.mia}`
    expect(await tx`select 1 from tenancy.active_organizations where user_id = ${cast.users.mia}`).toEqual([])
  }))

it('the engine knows no other commands for own rows, and no problem that is not an error', () =>
  inTransaction(async (tx) => {
    expect(
      await refusal(
        tx,
        (tx) => tx`update tenancy.protected_tables set own_rows = '{insert}' where table_name = 'leads'`,
      ),
    )
      .toBe('protected_tables_own_rows_are_commands')
    expect(await refusal(tx, (tx) => tx`insert into tenancy.problems values ('fine', 200)`)).toBe(
      'problems_status_is_an_error',
    )
  }))
