import { describe, expect, it } from 'vitest'
import { as, stage } from './support/cast.ts'
import { inTransaction, sql } from './support/database.ts'

describe('foreign keys between core tables', () => {
  it('all compare the organization', async () => {
    const loose = await sql`
      select con.conrelid::regclass::text as child, con.conname
      from pg_constraint as con
      join pg_attribute as own on own.attrelid = con.conrelid and own.attname = 'organization_id'
      join pg_attribute as other on other.attrelid = con.confrelid and other.attname = 'organization_id'
      where con.contype = 'f' and con.confrelid <> 'organization_users'::regclass
        and con.conrelid::regclass::text <> 'organization_invitations'
        and not (own.attnum = any (con.conkey) and other.attnum = any (con.confkey))`
    expect(loose).toEqual([])
  })

  it('a disposition is set by somebody of the organization', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const insert = (set_by_user_id: string) =>
        as(
          tx,
          cast,
          'mia',
          (tx) => tx`insert into disposition_metrics ${tx({ disposition_name: 'x', set_by_user_id })}`,
        )
      expect((await insert(cast.users.alice)).count).toBe(1)
      const foreign = await insert(cast.users.bob)
      expect(foreign.refused?.state).toBe('23503')
      expect(foreign).toEqual(await insert(crypto.randomUUID()))

      // Nor does it tell who belongs to an organization that is not one's own.
      const spy = (set_by_user_id: string, organization_id: string) =>
        as(tx, cast, 'mia', (tx) =>
          tx`insert into disposition_metrics ${tx({ disposition_name: 'x', set_by_user_id, organization_id })}`)
      const member = await spy(cast.users.bob, cast.globex)
      expect(member.refused?.state).toBe('42501')
      expect(member).toEqual(await spy(cast.users.eve, cast.globex))
      expect(member).toEqual(await spy(crypto.randomUUID(), crypto.randomUUID()))
    }))
})

it('calendars: admins see which are connected, without tokens, and can disconnect them', () =>
  inTransaction(async (tx) => {
    const cast = await stage(tx)
    const [calendar] = await tx`insert into calendar_integrations ${
      tx({ organization_id: cast.acme, user_id: cast.users.mia, provider: 'google', access_token_encrypted: 'secret' })
    } returning id`
    const overview = (actor: 'alice' | 'adam' | 'mona' | 'mia' | 'bob' | 'eve') =>
      as(tx, cast, actor, (tx) => tx`select * from calendar_integrations_overview`)
    const disconnect = (actor: 'adam' | 'mona' | 'bob') =>
      as(tx, cast, actor, (tx) => tx`delete from calendar_integrations_overview where id = ${calendar?.id}`)
    for (const actor of ['mona', 'mia', 'bob', 'eve'] as const) expect((await overview(actor)).count).toBe(0)
    for (const actor of ['alice', 'adam'] as const) {
      const { rows } = await overview(actor)
      expect(rows).toMatchObject([{ id: calendar?.id, provider: 'google' }])
      expect(JSON.stringify(rows)).not.toContain('secret')
    }
    expect((await disconnect('mona')).count + (await disconnect('bob')).count).toBe(0)
    const left = () => tx`select id from calendar_integrations where organization_id = ${cast.acme}`
    expect(await left()).toHaveLength(1)
    await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
    expect((await disconnect('adam')).refused?.code).toBe('organization_suspended')
    await tx`update organizations set subscription_status = 'active' where id = ${cast.acme}`
    expect((await disconnect('adam')).count).toBe(1)
    expect(await left()).toHaveLength(0)
    expect((await as(tx, cast, 'anon', (tx) => tx`select * from calendar_integrations_overview`)).refused?.state).toBe(
      '42501',
    )
  }))
