import { describe, expect, it } from 'vitest'
import { customFieldFaults } from '../../shared/contract/custom-fields.ts'
import type { LeadField } from '../../shared/contract/lead-fields.ts'
import { ask, type Call } from './support/ask.ts'
import { as, type Cast, stage } from './support/cast.ts'
import { attempt, inTransaction, type Transaction } from './support/database.ts'

// The fields that an organization has its leads have, and what that means for leads.custom_fields.

const json = (tx: Transaction, value: unknown) => tx`${JSON.stringify(value)}::text::jsonb`

type Field = Pick<LeadField, 'key' | 'type'> & Partial<LeadField>

const create = (cast: Cast, { key, type, label, required, options, position }: Field): Call => (tx) =>
  tx`create_lead_field(${cast.acme}, ${key}, ${label ?? key}, ${type}, ${required ?? false}, ${options ?? null}::text[],
    ${position ?? null}::integer)`

/** Adds a field to Acme, as its admin. */
const add = async (tx: Transaction, cast: Cast, field: Field): Promise<LeadField> =>
  (await ask(tx, cast, 'adam', create(cast, field))).field

const fieldsOf = async (tx: Transaction, cast: Cast): Promise<LeadField[]> =>
  (await ask(tx, cast, 'mia', (tx) => tx`list_lead_fields(${cast.acme})`)).fields

/** A lead of Acme. */
async function lead(tx: Transaction, cast: Cast, custom_fields: object = {}): Promise<string> {
  const [row] = await tx`insert into leads (organization_id, user_id, phone_number, custom_fields)
    values (${cast.acme}, ${cast.users.mia}, '+14155550100', ${json(tx, custom_fields)}) returning id`
  return row?.id
}

const leadsOf = async (tx: Transaction, organization: string) =>
  (await tx`select phone_number, notes, custom_fields from leads where organization_id = ${organization}
    order by phone_number, id`).slice()

/** Changes a lead as a member does. */
const change = async (
  tx: Transaction,
  cast: Cast,
  id: string,
  values: { notes: string } | { custom_fields: unknown },
) => {
  const set = (tx: Transaction) =>
    'notes' in values ? tx`notes = ${values.notes}` : tx`custom_fields = ${json(tx, values.custom_fields)}`
  const { refused, count } = await as(
    tx,
    cast,
    'mia',
    (tx) => tx`update leads set ${set(tx)} where id = ${id}`,
    { organization: cast.acme },
  )
  return refused?.code ?? count
}

const budget: Field = { key: 'budget', label: 'Budget', type: 'number' }

describe('a value of a field', () => {
  const long = 'é'.repeat(1000)
  const samples: [LeadField['type'], good: unknown[], bad: unknown[]][] = [
    ['text', ['x', '', ' ', 'Zoë 🙂', long, null], [5, true, [], {}, `${long}é`, ['x']]],
    ['number', [0, -1.5, 1e300, 123456789012, null], ['5', '', true, [], {}]],
    ['boolean', [true, false, null], ['true', 1, 0, 'yes', [], {}]],
    [
      'date',
      ['2026-01-31', '2024-02-29', '1900-12-01', '9999-12-31', null],
      [
        '2026-02-29',
        '2026-13-01',
        '2026-1-5',
        '0000-01-01',
        '31.01.2026',
        '',
        'today',
        '2026-01-31T00:00',
        20260131,
        [],
      ],
    ],
    ['choice', ['Gold', 'Ünï 🙂', null], ['gold', 'Gold ', '', 5, ['Gold'], true]],
    [
      'email',
      ['iris@example.com', "o'neil+x@mail.example.co.uk", 'A.B@Example.COM', null],
      [
        'iris',
        'iris@',
        '@example.com',
        'iris@example',
        'iris @example.com',
        'zoë@example.com',
        'a@b.c',
        '',
        5,
        'a@b,c.de',
      ],
    ],
    [
      'url',
      ['https://example.com', 'http://example.com/a?b=c#d', 'https://example.com:8080/~x', null],
      [
        'example.com',
        'javascript:alert(1)',
        'ftp://example.com',
        'https://',
        'https:///x',
        'https://ex ample.com',
        '',
        5,
      ],
    ],
  ]

  const word = (required: boolean) => required ? 'that is required' : 'that is not required'

  it.each(
    samples.flatMap(([type, good, bad]) =>
      [true, false].map((required) => ({ type, good, bad, required, is: word(required) }))
    ),
  )(
    'of type $type $is is told by the database as by browsers',
    ({ type, good, bad, required }) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        const field = await add(tx, cast, {
          key: 'field',
          label: 'Field',
          type,
          required,
          ...(type === 'choice' && { options: ['Gold', 'Ünï 🙂'] }),
        })
        const objects: object[] = [...good, ...bad].map((field) => ({ field }))
        objects.push({}, { field: 'x', 'un/kno~wn': 1 }, { Field: 1 }, [], ['field'])
        const told = await tx`select place::int, key, code, message from tenancy.custom_field_faults(
          ${cast.acme}, array(select value from jsonb_array_elements(${json(tx, objects)})),
          array_fill(null::jsonb, array[${objects.length}::integer]))`
        const expected = objects.flatMap((values, n) =>
          customFieldFaults([field], values).map((fault) => ({ place: n + 1, ...fault, key: fault.key ?? null }))
        )
        expect(told.slice()).toEqual(expected)
        const wrong = new Set(told.map(({ place }) => place))
        // Nothing is a value where it is not required; a required text says something.
        const fits = good.map((value) =>
          !required || value !== null && !(type === 'text' && String(value).trim() === '')
        )
        expect(good.map((_, n) => !wrong.has(n + 1))).toEqual(fits)
        expect(bad.map((_, n) => wrong.has(good.length + n + 1))).toEqual(bad.map(() => true))
      }),
  )
})

describe('what does not fit', () => {
  const ways: [
    string,
    (
      tx: Transaction,
      cast: Cast,
      rows: { phone_number: string; custom_fields: object }[],
    ) => Promise<string | undefined>,
  ][] = [
    ['an insert of a member', async (tx, cast, rows) => {
      const insert = (tx: Transaction) =>
        tx`insert into leads (phone_number, custom_fields)
            select r.phone_number, r.custom_fields
            from jsonb_to_recordset(${json(tx, rows)}) as r (phone_number text, custom_fields jsonb)`
      return (await as(tx, cast, 'mia', insert, { organization: cast.acme })).refused?.code
    }],
    ['the entry point for rows', async (tx, cast, rows) => {
      const call = (tx: Transaction) => tx`select create_records('leads', ${json(tx, rows)})`
      return (await as(tx, cast, 'mia', call, { organization: cast.acme })).refused?.code
    }],
    ['the database owner', async (tx, cast, rows) => {
      const insert = (tx: Transaction) =>
        tx`insert into leads (organization_id, phone_number, custom_fields)
            select ${cast.acme}, r.phone_number, r.custom_fields
            from jsonb_to_recordset(${json(tx, rows)}) as r (phone_number text, custom_fields jsonb)`
      return (await attempt(tx, insert)).refused?.code
    }],
    ['an upsert that finds a row', async (tx, cast, rows) => {
      const id = await lead(tx, cast, { budget: 1 })
      const upsert = (tx: Transaction) =>
        tx`insert into leads (id, phone_number, custom_fields) values (${id}, '+14155550100', ${
          json(tx, rows.at(-1)?.custom_fields)
        }) on conflict (id) do update set custom_fields = excluded.custom_fields`
      const { refused } = await as(tx, cast, 'mia', upsert, { organization: cast.acme })
      await tx`delete from leads where id = ${id}`
      return refused?.code
    }],
    ['an update of many', async (tx, cast, rows) => {
      await lead(tx, cast)
      await lead(tx, cast)
      const update = (tx: Transaction) =>
        tx`update leads set custom_fields = ${
          json(tx, rows.at(-1)?.custom_fields)
        } where organization_id = ${cast.acme}`
      const { refused } = await as(tx, cast, 'alice', update, { organization: cast.acme })
      await tx`delete from leads where organization_id = ${cast.acme}`
      return refused?.code
    }],
  ]

  it.each(ways)('is refused to %s, and what fits is not', (_, write) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await add(tx, cast, budget)
      const good = { phone_number: '+14155550101', custom_fields: { budget: 5 } }
      for (const custom_fields of [{ budget: 'much' }, { budgt: 5 }, []]) {
        expect(await write(tx, cast, [good, { phone_number: '+14155550102', custom_fields }])).toBe('validation_failed')
        expect(await leadsOf(tx, cast.acme)).toEqual([])
      }
      expect(await write(tx, cast, [good, { phone_number: '+14155550102', custom_fields: {} }])).toBeUndefined()
    }))

  it('is not asked of an organization without fields, whatever others have', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await add(tx, cast, { ...budget, required: true })
      const insert = (custom_fields: unknown) => (tx: Transaction) =>
        tx`insert into leads (phone_number, custom_fields) values ('+14155550100', ${json(tx, custom_fields)})`
      for (const value of [{ anything: [{ deep: 1 }] }, [], 'text', {}]) {
        expect((await as(tx, cast, 'bob', insert(value), { organization: cast.globex })).refused).toBeUndefined()
      }
      expect((await as(tx, cast, 'mia', insert({}), { organization: cast.acme })).refused?.code).toBe(
        'validation_failed',
      )
      expect(await leadsOf(tx, cast.globex)).toHaveLength(4)
      // Rows of both in one statement, as only the database owner has them.
      const both = await attempt(tx, (tx) =>
        tx`insert into leads (organization_id, phone_number, custom_fields) values
          (${cast.globex}, '+14155550100', '{"x": 1}'), (${cast.acme}, '+14155550100', '{"x": 1}')`)
      expect(both.refused?.message).toBe('Row 2, x: Unknown field. (And 1 more.)')
    }))

  it('is told by row, field and reason', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await add(tx, cast, budget)
      await add(tx, cast, { key: 'tier', label: 'Tier', type: 'choice', options: ['Gold'] })
      const insert = (...rows: object[]) => (tx: Transaction) =>
        tx`insert into leads (phone_number, custom_fields) select '+14155550100', r.value
          from jsonb_array_elements(${json(tx, rows)}) with ordinality as r (value, n) order by r.n`
      const said = async (...rows: object[]) =>
        (await as(tx, cast, 'mia', insert(...rows), { organization: cast.acme })).refused?.message
      expect(await said({ budget: 'x' })).toBe('Budget: Must be a number.')
      expect(await said({ budget: 1 }, { budget: 2 }, { tier: 'x', budget: 'x' })).toBe(
        'Row 3, Budget: Must be a number. (And 1 more.)',
      )
      const id = await lead(tx, cast)
      const other = await lead(tx, cast)
      const update = (tx: Transaction) =>
        tx`update leads set custom_fields = case id when ${id} then '{"tier": "x"}' else '{"tier": "Gold"}' end::jsonb
          where id in (${id}, ${other})`
      expect((await as(tx, cast, 'mia', update, { organization: cast.acme })).refused?.message).toBe(
        `Lead ${id}, Tier: Must be one of the options.`,
      )
    }))
})

describe('what was there before', () => {
  it('stays useful when a field becomes required', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const field = await add(tx, cast, budget)
      await add(tx, cast, { key: 'note', label: 'Note', type: 'text' })
      const id = await lead(tx, cast)
      await ask(tx, cast, 'adam', (tx) => tx`update_lead_field(${cast.acme}, ${field.id}, required => true)`)
      expect(await change(tx, cast, id, { notes: 'called' })).toBe(1)
      expect(await change(tx, cast, id, { custom_fields: { note: 'warm' } })).toBe(1)
      expect(await change(tx, cast, id, { custom_fields: { note: 'warm', budget: 5 } })).toBe(1)
      // Once it is there, it is not taken away.
      expect(await change(tx, cast, id, { custom_fields: { note: 'warm' } })).toBe('validation_failed')
      expect(await change(tx, cast, id, { custom_fields: { note: 'warm', budget: null } })).toBe('validation_failed')
      expect(await leadsOf(tx, cast.acme)).toMatchObject([{
        notes: 'called',
        custom_fields: { note: 'warm', budget: 5 },
      }])
    }))

  it('stays when an option is taken away, and is not chosen again', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const field = await add(tx, cast, {
        key: 'tier',
        label: 'Tier',
        type: 'choice',
        options: ['Gold', 'Tin'],
      })
      await add(tx, cast, budget)
      const id = await lead(tx, cast, { tier: 'Tin' })
      await ask(tx, cast, 'adam', (tx) => tx`update_lead_field(${cast.acme}, ${field.id}, options => '{Gold}')`)
      expect(await change(tx, cast, id, { custom_fields: { tier: 'Tin', budget: 5 } })).toBe(1)
      expect(await change(tx, cast, id, { custom_fields: { tier: 'Gold' } })).toBe(1)
      expect(await change(tx, cast, id, { custom_fields: { tier: 'Tin' } })).toBe('validation_failed')
    }))

  it('of a field that is removed stays or goes, and does not change', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const field = await add(tx, cast, budget)
      await add(tx, cast, { key: 'note', label: 'Note', type: 'text' })
      const id = await lead(tx, cast, { budget: 5 })
      expect((await ask(tx, cast, 'adam', (tx) => tx`remove_lead_field(${cast.acme}, ${field.id})`)).field).toEqual(
        field,
      )
      expect(await leadsOf(tx, cast.acme)).toMatchObject([{ custom_fields: { budget: 5 } }])
      expect(await change(tx, cast, id, { custom_fields: { budget: 5, note: 'warm' } })).toBe(1)
      expect(await change(tx, cast, id, { custom_fields: { budget: 6 } })).toBe('validation_failed')
      expect(await change(tx, cast, id, { custom_fields: { note: 'warm' } })).toBe(1)
      expect(await change(tx, cast, id, { custom_fields: { note: 'warm', budget: 5 } })).toBe('validation_failed')
    }))

  it('there were fields stays as it is, whatever it is', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const ids = [await lead(tx, cast, ['a']), await lead(tx, cast, { legacy: { deep: 1 } })]
      await add(tx, cast, { ...budget, required: true })
      for (const id of ids) expect(await change(tx, cast, id, { notes: 'called' })).toBe(1)
      expect(await change(tx, cast, ids[1] ?? '', { custom_fields: { legacy: { deep: 1 }, budget: 1 } })).toBe(1)
      expect(await change(tx, cast, ids[0] ?? '', { custom_fields: ['b'] })).toBe('validation_failed')
    }))
})

describe('fields', () => {
  const admins = [['alice', 'object'], ['adam', 'object'], ['mona', 'forbidden'], ['mia', 'forbidden'], [
    'bob',
    'not_found',
  ], [
    'eve',
    'not_found',
  ]] as const

  it.each(admins)('are added, changed and removed by %s: %s', (actor, expected) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const field = await add(tx, cast, budget)
      const before = await tx`select * from lead_fields where organization_id = ${cast.acme}`
      const answers = [
        await ask(tx, cast, actor, create(cast, { key: 'note', type: 'text' })),
        await ask(tx, cast, actor, (tx) => tx`update_lead_field(${cast.acme}, ${field.id}, 'Money')`),
        await ask(tx, cast, actor, (tx) => tx`remove_lead_field(${cast.acme}, ${field.id})`),
      ]
      expect(answers.map((answer) => typeof answer === 'object' ? 'object' : answer)).toEqual([
        expected,
        expected,
        expected,
      ])
      const after = await tx`select * from lead_fields where organization_id = ${cast.acme}`
      if (expected === 'object') expect(after).toMatchObject([{ key: 'note' }])
      else expect(after).toEqual(before)
    }))

  it('are read by members, here and in the Data API, and by nobody else', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await add(tx, cast, budget)
      for (const actor of ['alice', 'adam', 'mona', 'mia'] as const) {
        expect((await ask(tx, cast, actor, (tx) => tx`list_lead_fields(${cast.acme})`)).fields).toMatchObject([budget])
        expect((await as(tx, cast, actor, (tx) => tx`select key from lead_fields`)).rows).toEqual([{ key: 'budget' }])
      }
      for (const actor of ['bob', 'eve'] as const) {
        expect(await ask(tx, cast, actor, (tx) => tx`list_lead_fields(${cast.acme})`)).toBe('not_found')
        expect((await as(tx, cast, actor, (tx) => tx`select key from lead_fields`)).rows).toEqual([])
      }
      const write = await as(tx, cast, 'alice', (tx) =>
        tx`insert into lead_fields (organization_id, key, label, type) values (${cast.acme}, 'x', 'X', 'text')`)
      expect(write.refused?.state).toBe('42501')
    }))

  it('are not changed while the organization is suspended, and are read', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const field = await add(tx, cast, budget)
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect([
        await ask(tx, cast, 'alice', create(cast, { key: 'note', type: 'text' })),
        await ask(tx, cast, 'alice', (tx) => tx`update_lead_field(${cast.acme}, ${field.id}, 'Money')`),
        await ask(tx, cast, 'alice', (tx) => tx`remove_lead_field(${cast.acme}, ${field.id})`),
      ]).toEqual(['organization_suspended', 'organization_suspended', 'organization_suspended'])
      expect(await fieldsOf(tx, cast)).toEqual([field])
    }))

  it('of another organization are not there', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const field = await add(tx, cast, budget)
      expect(await ask(tx, cast, 'bob', (tx) => tx`update_lead_field(${cast.globex}, ${field.id}, 'Money')`)).toBe(
        'not_found',
      )
      expect(await ask(tx, cast, 'bob', (tx) => tx`remove_lead_field(${cast.globex}, ${field.id})`)).toBe('not_found')
      expect(await fieldsOf(tx, cast)).toEqual([field])
    }))

  it('have a key of their own, and are fifty at most', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await add(tx, cast, budget)
      expect(await ask(tx, cast, 'adam', create(cast, budget))).toBe('conflict')
      await tx`insert into lead_fields (organization_id, key, label, type)
        select ${cast.acme}, 'field_' || n, 'Field', 'text' from generate_series(2, 50) as n`
      expect(await ask(tx, cast, 'adam', create(cast, { key: 'more', type: 'text' }))).toBe('conflict')
      expect(await fieldsOf(tx, cast)).toHaveLength(50)
      await tx`delete from lead_fields where organization_id = ${cast.acme} and key = 'field_2'`
      expect((await ask(tx, cast, 'adam', create(cast, { key: 'more', type: 'text' }))).field.key).toBe('more')
    }))

  it('keep their key and type, also from SQL', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const field = await add(tx, cast, budget)
      for (const [column, value] of [['key', 'money'], ['type', 'text'], ['organization_id', cast.globex]] as const) {
        const { refused } = await attempt(tx, (tx) =>
          tx`update lead_fields set ${tx(column)} = ${value} where id = ${field.id}`)
        expect(refused?.code).toBe('conflict')
      }
      expect(await fieldsOf(tx, cast)).toEqual([field])
    }))

  it('have places, and make room', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const a = await add(tx, cast, { key: 'a', type: 'text' })
      const b = await add(tx, cast, { key: 'b', type: 'text' })
      const c = await add(tx, cast, { key: 'c', type: 'text' })
      const order = async () => (await fieldsOf(tx, cast)).map(({ key, position }) => `${key}${position}`).join(' ')
      const move = (field: LeadField, position: number) =>
        ask(tx, cast, 'adam', (tx) => tx`update_lead_field(${cast.acme}, ${field.id}, "position" => ${position})`)
      expect(await order()).toBe('a1 b2 c3')
      await move(c, 1)
      expect(await order()).toBe('c1 a2 b3')
      await move(c, 2)
      expect(await order()).toBe('a1 c2 b3')
      await move(a, 99)
      expect(await order()).toBe('c1 b2 a3')
      await ask(tx, cast, 'adam', create(cast, { key: 'd', type: 'text', position: 2 }))
      expect(await order()).toBe('c1 d2 b3 a4')
      await ask(tx, cast, 'adam', (tx) => tx`remove_lead_field(${cast.acme}, ${b.id})`)
      expect(await order()).toBe('c1 d2 a3')
    }))

  it('leave one entry of each change, and none where nothing changed', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const entries = async () =>
        (await tx`select action, object_type, object_id, actor_id, before, after from audit_log
          where organization_id = ${cast.acme} order by position`).slice()
      const from = (await entries()).length
      const a = await add(tx, cast, { key: 'a', type: 'text' })
      const b = await add(tx, cast, { key: 'b', type: 'text' })
      const update: Call = (tx) => tx`update_lead_field(${cast.acme}, ${b.id}, required => true, "position" => 1)`
      await ask(tx, cast, 'alice', update)
      await ask(tx, cast, 'alice', update)
      await ask(tx, cast, 'mona', update)
      await ask(tx, cast, 'alice', create(cast, { key: 'a', type: 'text' }))
      await ask(tx, cast, 'alice', (tx) => tx`remove_lead_field(${cast.acme}, ${b.id})`)
      await tx`delete from lead_fields where id = ${a.id}`
      const { adam, alice } = cast.users
      expect((await entries()).slice(from)).toMatchObject([
        {
          action: 'lead_field.created',
          object_type: 'lead_field',
          object_id: a.id,
          actor_id: adam,
          before: null,
          after: { key: 'a' },
        },
        { action: 'lead_field.created', actor_id: adam, after: { key: 'b', position: 2 } },
        {
          action: 'lead_field.changed',
          object_id: b.id,
          actor_id: alice,
          before: { required: false, position: 2 },
          after: { required: true, position: 1 },
        },
        { action: 'lead_field.removed', actor_id: alice, before: { key: 'b' }, after: null },
        { action: 'lead_field.removed', actor_id: null, before: { key: 'a' } },
      ])
      expect((await entries()).slice(from)).toHaveLength(5)
      expect(await tx`select * from tenancy.verify_audit(${cast.acme})`).toEqual([])
    }))

  it('are exported with their organization', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await add(tx, cast, budget)
      const rows =
        await tx`select row from tenancy.export_organization(${cast.acme}) where table_name = 'public.lead_fields'`
      expect(rows.map(({ row }) => row.key)).toEqual(['budget'])
    }))
})
