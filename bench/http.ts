import { join } from 'node:path'
import autocannon from 'autocannon'
import { parse } from 'csv-parse/sync'
import postgres from 'postgres'
import type { Status } from '../local/state.ts'
import { signUp } from '../tests/database/support/cast.ts'
import { claimsFor, signHs256 } from '../tests/functions/support/mint.ts'
import { startStack } from '../tests/stack/start.ts'
import { startPostgrest } from './postgrest.ts'
import { median, spread, table } from './statistics.ts'

const isSmall = Deno.env.get('BENCH_SIZE') === 'small'
const rounds = isSmall ? 2 : 6
const seconds = isSmall ? 3 : 4
const connections = [1, 8, 32]
const organizations = isSmall ? 20 : 1_000
const leadsOfEach = 200

interface Request {
  url: string
  method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  headers: Record<string, string>
  body?: string
}

/** The same thing asked in two ways, of which the first is the control. */
interface Pair {
  name: string
  wanted: string
  control: Request
  ours: Request
}

interface Load {
  perSecond: number
  p50: number
  p99: number
}

/** Whole requests: row-level security against the secret key, and functions against the Data API itself. */
export async function measureHttp(): Promise<string> {
  const stack = await startStack()
  const dataApi = await startPostgrest(stack.status)
  try {
    const pairs = await createPairs(stack.status, dataApi.url)
    const before = await dataApi.memory()
    const rows: string[][] = []
    for (const pair of pairs) {
      for (const count of connections) {
        rows.push(await measurePair(pair, count))
        console.log(`  ${rows.at(-1)?.join(' | ')}`)
      }
    }
    return `## Whole requests

\`${isSmall ? 'BENCH_SIZE=small ' : ''}npm run bench -- http\`. ${
      organizations.toLocaleString('en')
    } organizations with ${leadsOfEach} leads each; ${rounds} rounds of ${seconds} s
each way, interleaved, after one to warm up. Requests/s as the median, latency in milliseconds as the median of the
rounds' 50th and 99th percentiles; the ratio is ours to the control's requests/s of the same round. PostgREST asked
directly, by a member and by the secret key, which names the organization in its filter or its rows; then the functions
through the gateway, and PostgREST through the same gateway. PostgREST has ${before ?? '?'} MiB before and ${
      await dataApi.memory() ?? '?'
    } MiB after.

${
      table(
        [
          '',
          'connections',
          'control, requests/s',
          'p50',
          'p99',
          'ours, requests/s',
          'p50',
          'p99',
          'ratio',
          'wanted',
        ],
        rows,
      )
    }`
  } finally {
    await dataApi.stop()
    await stack.stop()
  }
}

async function measurePair({ name, wanted, control, ours }: Pair, count: number): Promise<string[]> {
  const loads = { control: [] as Load[], ours: [] as Load[] }
  for (let round = -1; round < rounds; round++) {
    // Who comes first changes: the machine may be slower later.
    for (
      const [way, request] of round % 2 === 0
        ? [['control', control], ['ours', ours]] as const
        : [['ours', ours], ['control', control]] as const
    ) {
      const load = await run(`${name}, ${way}`, request, count)
      if (round >= 0) loads[way].push(load)
    }
  }
  const ratios = loads.ours.map(({ perSecond }, round) => perSecond / loads.control[round]!.perSecond)
  const figures = (of: Load[]) => [
    median(of.map(({ perSecond }) => perSecond)).toFixed(0),
    median(of.map(({ p50 }) => p50)).toFixed(1),
    median(of.map(({ p99 }) => p99)).toFixed(1),
  ]
  return [
    name,
    String(count),
    ...figures(loads.control),
    ...figures(loads.ours),
    `${median(ratios).toFixed(2)} (${spread(ratios, 2)})`,
    wanted,
  ]
}

async function run(name: string, request: Request, count: number): Promise<Load> {
  const { requests, latency, non2xx, errors } = await autocannon({ ...request, connections: count, duration: seconds })
  if (non2xx + errors > 0) throw new Error(`${name}: ${non2xx} refused, ${errors} failed`)
  if (requests.total === 0) throw new Error(`${name}: nothing was answered within ${seconds} s`)
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99 }
}

async function createPairs(status: Status, dataApi: string): Promise<Pair[]> {
  const { organization, user, lead } = await found(status.ADMIN_DB_URL)
  const member = await signHs256(status.JWT_SECRET, claimsFor(user, `${organization}@example.test`))
  const secret = await signHs256(status.JWT_SECRET, { role: 'service_role' })
  const json = { 'content-type': 'application/json' }
  const asMember = {
    authorization: `Bearer ${member}`,
    apikey: status.PUBLISHABLE_KEY,
    'x-organization-id': organization,
    ...json,
  }
  const asSecret = { authorization: `Bearer ${secret}`, ...json }
  const own = `organization_id=eq.${organization}`
  const leads: Record<string, string>[] = parse(
    await Deno.readTextFile(join(import.meta.dirname!, '..', 'demo', 'leads.csv')),
    {
      columns: true,
    },
  )
  const stamped = (rows: Record<string, string>[]) =>
    JSON.stringify(rows.map((row) => ({ ...row, organization_id: organization, user_id: user })))
  const [one, thousand] = [leads.slice(0, 1), leads]

  const direct = (
    name: string,
    method: Request['method'],
    path: string,
    filtered: string,
    body?: { control: string; ours: string },
  ): Pair => ({
    name: `PostgREST: ${name}`,
    wanted: '≥ 0.93',
    control: { url: `${dataApi}${filtered}`, method, headers: asSecret, body: body?.control },
    ours: { url: `${dataApi}${path}`, method, headers: asMember, body: body?.ours },
  })
  const routed = (
    name: string,
    wanted: string,
    control: Pick<Request, 'url' | 'method' | 'body'>,
    ours: Pick<Request, 'url' | 'method' | 'body'>,
  ): Pair => ({
    name: `functions: ${name}`,
    wanted,
    control: { ...control, headers: { ...asMember, prefer: 'return=representation' } },
    ours: { ...ours, headers: asMember },
  })
  const newest = 'order=created_at.desc&limit=20'
  const change = JSON.stringify({ priority: 2 })
  const chosen = JSON.stringify({ organization_id: organization })
  return [
    direct('newest 20', 'GET', `/leads?${newest}`, `/leads?${own}&${newest}`),
    direct('by id', 'GET', `/leads?id=eq.${lead}`, `/leads?${own}&id=eq.${lead}`),
    direct('update by id', 'PATCH', `/leads?id=eq.${lead}`, `/leads?${own}&id=eq.${lead}`, {
      control: change,
      ours: change,
    }),
    direct('one lead', 'POST', '/leads', '/leads', { control: stamped(one), ours: JSON.stringify(one) }),
    routed(
      'organizations',
      '≥ 0.65',
      { url: `${status.REST_URL}/rpc/list_organizations`, method: 'POST', body: '{}' },
      { url: `${status.FUNCTIONS_URL}/organizations`, method: 'GET' },
    ),
    routed(
      'where one acts',
      '≥ 0.65',
      { url: `${status.REST_URL}/rpc/active_organization`, method: 'POST', body: '{}' },
      { url: `${status.FUNCTIONS_URL}/active-organization`, method: 'GET' },
    ),
    routed(
      'switch',
      '≥ 0.6',
      { url: `${status.REST_URL}/rpc/set_active_organization`, method: 'POST', body: chosen },
      { url: `${status.FUNCTIONS_URL}/active-organization`, method: 'PUT', body: chosen },
    ),
    routed(
      'one lead',
      '≥ 0.6',
      { url: `${status.REST_URL}/leads`, method: 'POST', body: JSON.stringify(one) },
      { url: `${status.FUNCTIONS_URL}/records/leads`, method: 'POST', body: JSON.stringify(one) },
    ),
    routed(
      '1,000 leads',
      '≥ 0.9',
      { url: `${status.REST_URL}/leads`, method: 'POST', body: JSON.stringify(thousand) },
      { url: `${status.FUNCTIONS_URL}/records/leads`, method: 'POST', body: JSON.stringify(thousand) },
    ),
  ]
}

/** Many organizations with leads, and somebody who is an owner in one of them. */
async function found(url: string): Promise<{ organization: string; user: string; lead: string }> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const [organization, lead] = [crypto.randomUUID(), crypto.randomUUID()]
  const user = await sql.begin((tx) => signUp(tx, `${organization}@example.test`))
  await sql`insert into organizations (id, name, slug)
    select case when n = 0 then ${organization}::uuid else gen_random_uuid() end, 'Bench', 'bench-' || n
    from generate_series(0, ${organizations - 1}) as n`
  await sql`insert into organization_users ${sql({ organization_id: organization, user_id: user, role: 'owner' })}`
  await sql`insert into leads (id, organization_id, user_id, phone_number)
    values (${lead}, ${organization}, ${user}, '+14155550100')`
  await sql`insert into leads (organization_id, phone_number, created_at)
    select o.id, '+1415' || n, now() - n * interval '1 hour'
    from organizations as o cross join generate_series(1, ${leadsOfEach}) as n where o.slug like 'bench-%'`
  await sql`vacuum analyze`
  await sql.end()
  return { organization, user, lead }
}
