import postgres from 'postgres'
import { startStack } from '../tests/stack/start.ts'
import { median, spread, table } from './statistics.ts'

const perPeriod = 1_000_000
const rounds = 200

/**
 * Reading the usage of a busy organization, in the database: 90 days, each quarter hour of which has calls, and the 90 days
 * before; beside it counting the rows themselves.
 */
export async function measureUsage(): Promise<string> {
  const stack = await startStack({ seed: false })
  const sql = postgres(stack.status.DB_URL, { max: 1, onnotice: () => {} })
  try {
    const { organization, user } = await found(sql)
    await call(sql, organization)
    const plain = [`current_date - 89`, `current_date`, `'day'`, `false`]
    const compared = [`current_date - 89`, `current_date`, `'day'`, `true`]
    const months = [`(current_date - interval '35 months')::date`, `current_date`, `'month'`, `true`]
    const moveTo = (zone: string) => sql`update organizations set timezone = ${zone} where id = ${organization}`
    const read = (arguments_: string[], times = rounds) =>
      take(sql, user, `select get_usage('${organization}', ${arguments_.join(', ')})`, times)

    await moveTo('America/New_York')
    const counted = await take(sql, null, countRows(organization), 5)
    const alone = await read(plain)
    const newYork = await read(compared)
    await moveTo('Asia/Kathmandu')
    const kathmandu = await read(compared)
    const byMonth = await read(months)
    // What a minute of 50 writers leaves until the next round of folding.
    await sql`insert into tenancy.usage_changes (organization_id, bucket, calls)
      select ${organization}, date_bin('15 minutes', now(), '2000-01-01 00:00+00'), 1 from generate_series(1, 3000)`
    const unfolded = await read(compared)
    const row = (name: string, times: number[], wanted = '') => [
      name,
      Math.min(...times).toFixed(1),
      median(times).toFixed(1),
      spread(times, 1),
      wanted,
    ]
    return `## Reading usage

\`npm run bench -- usage\`. An organization with ${
      perPeriod.toLocaleString('en')
    } call logs in the last 90 days and as many in the 90 before, in every
quarter hour; \`get_usage\` as its owner, in the database: planning and execution as \`explain analyze\` says, ${rounds} times
each, rows counted 5 times; milliseconds.

${
      table(['', 'least', 'median', 'range', 'wanted'], [
        row('counting the rows, 90 days and 90 before (control)', counted),
        row('90 days, New York', alone, '≤ 5'),
        row('90 days and 90 before, New York', newYork, '≤ 5'),
        row('the same, Kathmandu', kathmandu, '≤ 5'),
        row('the same, with 3,000 statements not folded yet', unfolded),
        row('36 months and 36 before', byMonth),
      ])
    }`
  } finally {
    await sql.end()
    await stack.stop()
  }
}

async function found(sql: postgres.Sql): Promise<{ organization: string; user: string }> {
  const [organization, user] = [crypto.randomUUID(), crypto.randomUUID()]
  await sql`insert into auth.users ${sql({ id: user, email: 'owner@bench.test', email_confirmed_at: new Date() })}`
  await sql`insert into organizations ${
    sql({ id: organization, name: 'Bench', slug: 'bench-usage', subscription_tier: 'enterprise' })
  }`
  await sql`insert into organization_users ${sql({ organization_id: organization, user_id: user, role: 'owner' })}`
  return { organization, user }
}

/** Calls all day and all night, written in portions past the triggers, counted at once, and folded. */
async function call(sql: postgres.Sql, organization: string): Promise<void> {
  const portion = 100_000
  await sql`alter table call_logs disable trigger user`
  for (let written = 0; written < 2 * perPeriod; written += portion) {
    await sql`insert into call_logs (organization_id, phone_number, created_at, answered_at, duration_seconds)
      select ${organization}, '+14155550100', t.at, case when n % 3 = 0 then t.at end, n % 200
      from (
        select n, now() - interval '180 days' * (n::float8 / ${2 * perPeriod}) as at
        from generate_series(${written + 1}::int, ${written + portion}::int) as n
      ) as t`
  }
  await sql`alter table call_logs enable trigger user`
  await sql`select tenancy.recount_usage(${organization})`
  await sql`select tenancy.fold_usage()`
  for (const name of ['public.call_logs', 'tenancy.usage_counts', 'tenancy.usage_changes', 'tenancy.usage_blocks']) {
    await sql`vacuum analyze ${sql(name)}`
  }
}

const countRows = (organization: string): string =>
  `select (created_at at time zone 'America/New_York')::date, count(*), count(answered_at), sum(duration_seconds)
  from call_logs
  where organization_id = '${organization}' and created_at >= now() - interval '180 days'
  group by 1`

/** Milliseconds that the database takes for a statement, as this person or as its owner. */
async function take(sql: postgres.Sql, user: string | null, statement: string, times: number): Promise<number[]> {
  const taken: number[] = []
  await sql.begin(async (tx) => {
    if (user) {
      await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true),
        set_config('role', 'authenticated', true)`
    }
    // The first few plan what later ones only execute, as in the Data API's pool.
    for (let round = -10; round < times; round++) {
      const [row] = await tx.unsafe(`explain (analyze, timing off, format json) ${statement}`)
      const [plan] = row?.['QUERY PLAN']
      if (round >= 0) taken.push(plan['Planning Time'] + plan['Execution Time'])
    }
  })
  return taken
}
