import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import type { Request } from './support/http.ts'
import { rowsOf } from './support/world.ts'

// Existing code inserts through the Data API, and its rows are stamped too.

let cast: Stage

beforeAll(async () => {
  cast = await stage()
})

const insert = (path: string, json: object, prefer = '') =>
  cast.rest('mia', 'POST', path, { json, headers: { prefer: `return=representation,${prefer}` } })

const stamped = () => ({ organization_id: cast.acme, user_id: cast.users.mia })

describe('an insert', () => {
  it('of a thousand rows is stamped row by row', async () => {
    const rows = Array.from({ length: 1000 }, (_, n) => ({ phone_number: `+1555${String(n).padStart(7, '0')}` }))
    const answer = await insert('/leads', rows)
    expect(answer.status, answer.text).toBe(201)
    expect(answer.body).toHaveLength(1000)
    const [row] = await sql`select count(*)::int as n from leads
      where organization_id = ${cast.acme} and user_id = ${cast.users.mia}`
    expect(row?.n).toBe(1000)
  })

  it('with columns= and missing=default gives what a row leaves out its default', async () => {
    const rows = [{ phone_number: '+15550100' }, { phone_number: '+15550101', status: 'called' }]
    const answer = await insert('/leads?columns=phone_number,status', rows, 'missing=default')
    expect(answer.body).toMatchObject([{ ...stamped(), status: 'new' }, { ...stamped(), status: 'called' }])
  })

  it('with columns= that name the stamps has them stamped where rows leave them out', async () => {
    const rows = [{ phone_number: '+15550100' }, { phone_number: '+15550101', organization_id: cast.acme }]
    const answer = await insert('/leads?columns=phone_number,organization_id', rows, 'missing=default')
    expect(answer.body).toMatchObject([stamped(), stamped()])
  })

  it('of a batch with one foreign row stores nothing', async () => {
    const before = await rowsOf(cast)
    const rows = [{ phone_number: '+15550100' }, { phone_number: '+15550101', organization_id: cast.globex }]
    const answer = await insert('/leads?columns=phone_number,organization_id', rows, 'missing=default')
    expect(answer.status).toBe(403)
    expect(await rowsOf(cast)).toEqual(before)
  })

  it('of CSV and of a form is stamped', async () => {
    const send = (body: string, type: string) =>
      cast.rest('mia', 'POST', '/leads', { body, headers: { 'content-type': type, prefer: 'return=representation' } })
    expect((await send('phone_number\n+15550100\n+15550101\n', 'text/csv')).body).toMatchObject([stamped(), stamped()])
    const form = await send('phone_number=%2B15550102', 'application/x-www-form-urlencoded')
    expect(form.body).toMatchObject([{ ...stamped(), phone_number: '+15550102' }])
  })
})

describe('an upsert', () => {
  it('changes one’s own row and keeps its stamps', async () => {
    const [first] = Object(await insert('/leads', { phone_number: '+15550100' })).body
    const merged = await insert('/leads', { id: first.id, phone_number: '+15550321' }, 'resolution=merge-duplicates')
    expect(merged.body).toEqual([{ ...first, phone_number: '+15550321', updated_at: expect.any(String) }])
  })

  it('of a do-not-call number is by organization', async () => {
    const path = '/dnc_list?on_conflict=organization_id,phone_number'
    const add = (actor: 'adam' | 'bob', reason: string): Promise<unknown> => {
      const request: Request = {
        json: { phone_number: '+15550177', reason },
        headers: { prefer: 'resolution=merge-duplicates,return=representation' },
      }
      return cast.rest(actor, 'POST', path, request).then(({ body }) => body)
    }
    expect(await add('bob', 'theirs')).toMatchObject([{ organization_id: cast.globex, reason: 'theirs' }])
    expect(await add('adam', 'first')).toMatchObject([{ organization_id: cast.acme, reason: 'first' }])
    expect(await add('adam', 'second')).toMatchObject([{ organization_id: cast.acme, reason: 'second' }])
    const rows = await sql`select organization_id, reason from dnc_list where phone_number = '+15550177'
      and organization_id in ${sql([cast.acme, cast.globex])} order by reason`
    expect([...rows]).toEqual([
      { organization_id: cast.acme, reason: 'second' },
      { organization_id: cast.globex, reason: 'theirs' },
    ])
  })
})
