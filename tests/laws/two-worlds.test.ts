import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { channels } from '../../prove/allowed-differences.ts'
import { type Compared, compareWorlds, type Comparison } from '../../prove/worlds/compare.ts'
import { readSchema } from '../../prove/worlds/schema.ts'
import { fewest } from '../../prove/worlds/sequence.ts'
import { visit } from '../../prove/worlds/run.ts'
import { openWorlds, type Worlds } from '../../prove/worlds/worlds.ts'
import { proveChannel } from './support/channels.ts'

// What a company is answered doesn't depend on what other companies have. `npm run prove -- --long` runs 10,000 sequences.

let worlds: Worlds

beforeAll(async () => {
  worlds = await openWorlds()
}, 120_000)

afterAll(() => worlds.stop())

const compare = (runs: number, narrowed: Partial<Comparison> = {}, between = worlds): Promise<Compared> =>
  compareWorlds(between, { runs, seed: Math.floor(Math.random() * 1e6), report: () => undefined, ...narrowed })

it('answers 200 random sequences alike, with and without another company', async () => {
  const { sequences, requests, tally, findings } = await compare(200)
  expect(findings.map(({ detail }) => detail)).toEqual([])
  expect(sequences).toBe(200)
  expect(requests).toBeGreaterThan(200 * 30)
  const served = [...tally].filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0)
  expect(served, 'requests that were served').toBeGreaterThan(requests / 4)
}, 240_000)

it('takes no cursor for another because its row was made at another moment', async () => {
  const { ask } = await visit(worlds, { tables: ['leads'], mark: 'q0cursor' })
  const ours = { actor: 'owner', ordered: true } as const
  const body = JSON.stringify([1, 2].map((n) => ({ id: `{new:${n}}`, phone_number: `+1555018${n}` })))
  const headers = { 'content-type': 'application/json' }
  await ask({ ...ours, api: 'rest', method: 'POST', path: '/leads', headers, body })
  const path = '/records/leads/search?q=15550&limit=1'
  const [one, other] = await ask({ ...ours, api: 'functions', method: 'GET', path, headers: {} })
  expect(one.body).toMatch(/"next_cursor":"<[^>]+> at [1-3]<time>:/)
  expect(one.text).toBe(other.text)
})

// The same hole in both worlds' schema: it shows because their rows differ.
describe('a planted hole', () => {
  const both = (statements: string) => Promise.all(worlds.pair.map(({ sql }) => sql.unsafe(statements)))

  /** Waits until both Data APIs have noticed a new function. */
  const noticed = (name: string) =>
    Promise.all(worlds.pair.map(async ({ status }) => {
      const ask = () => fetch(`${status.REST_URL}/rpc/${name}`, { headers: { apikey: status.PUBLISHABLE_KEY } })
      await expect.poll(async () => (await ask()).status, { timeout: 10_000 }).not.toBe(404)
    }))

  const stepsOf = (detail = '') => detail.match(/^ *\d+\. /gm)?.length ?? NaN

  it('is found, and the requests that it doesn’t take are left out: a second permissive policy', async () => {
    await both('create policy leak on public.leads for select to authenticated using (true)')
    try {
      const { findings } = await compare(200, { about: ['leads'], shrinkFor: 5_000 })
      expect(findings.map(({ law }) => law)).toContain('two worlds answer alike')
      expect(findings.length).toBe(1)
      expect(stepsOf(findings[0]?.detail)).toBeLessThan(fewest)
    } finally {
      await both('drop policy leak on public.leads')
    }
  }, 240_000)

  it('is found and named: a definer function that counts', async () => {
    await both(`
      create function public.count_leads() returns bigint language sql stable security definer set search_path = ''
      as 'select count(*) from public.leads where phone_number like ''+1666%''';
      grant execute on function public.count_leads() to authenticated`)
    try {
      await noticed('count_leads')
      const { routines, ...schema } = await readSchema(worlds.pair[1].sql)
      const counting = routines.filter(({ name }) => name === 'count_leads')
      const between = { ...worlds, schema: { ...schema, routines: counting } }
      const { findings } = await compare(200, { about: ['leads'], shrinkFor: 0 }, between)
      expect(findings.map(({ object }) => object)).toContainEqual(
        expect.stringMatching(/^(GET|HEAD|POST) \/rest\/v1\/rpc\/count_leads$/),
      )
    } finally {
      await both('drop function public.count_leads()')
    }
  }, 240_000)
})

// The last: one that is known leaves the two worlds different.
describe('a channel', () => {
  it.each(channels)('is as it is published: $name, $state', ({ name }) => proveChannel(worlds, name), 60_000)
})
