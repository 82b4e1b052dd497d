import postgres from 'postgres'
import { startStack, type TestStack } from '../../tests/stack/start.ts'
import { claimsFor, signEs256 } from '../../tests/functions/support/mint.ts'
import { phase1, projectUpTo } from './project.ts'

/** How much a phase-1 system holds. */
export interface Size {
  people: number
  leads: number
  calls: number
}

/** A running phase-1 system with data and signed-in people. */
export interface Phase1 {
  stack: TestStack
  /** As the superuser, who sees every lock. */
  admin: postgres.Sql
  people: { id: string; headers: Record<string, string> }[]
  stop: () => Promise<void>
}

/** Starts a stack that knows nothing of organizations yet, and fills it. */
export async function startPhase1(size: Size): Promise<Phase1> {
  const workdir = await projectUpTo(phase1)
  const stack = await startStack({ seed: false, workdir, without: ['auth', 'mail', 'web'] })
  const admin = postgres(stack.status.ADMIN_DB_URL, { max: 2, onnotice: () => {} })
  const ids = await fill(admin, size)
  const people = await Promise.all(ids.map(async (id) => ({ id, headers: await headersOf(stack, id) })))
  return {
    stack,
    admin,
    people,
    stop: async () => {
      await admin.end({ timeout: 1 })
      await stack.stop()
      await Deno.remove(workdir, { recursive: true })
    },
  }
}

async function fill(admin: postgres.Sql, { people, leads, calls }: Size): Promise<string[]> {
  // Without triggers and checks of foreign keys, which these rows satisfy: otherwise this takes minutes.
  return await admin.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`create temporary table person on commit drop as
      select n, gen_random_uuid() as id from generate_series(0, ${people - 1}) as n`
    await tx`insert into auth.users (id, aud, role, email, email_confirmed_at, created_at)
      select id, 'authenticated', 'authenticated', 'person.' || n || '@example.test', now(), now() - interval '1 year' + n * interval '1 hour'
      from person`
    await tx`create temporary table lead on commit drop as
      select n, gen_random_uuid() as id from generate_series(0, ${leads - 1}) as n`
    await tx`create unique index on lead (n)`
    await tx`insert into public.leads (id, user_id, phone_number, first_name, last_name, email, created_at, updated_at)
      select l.id, p.id, '+1' || (2000000000 + l.n), 'First' || l.n % 1000, 'Last' || l.n % 5000, 'lead' || l.n || '@example.test',
        now() - interval '100 days' + l.n * interval '10 seconds', now() - interval '1 day'
      from lead as l join person as p on p.n = l.n % ${people}`
    await tx`insert into public.campaigns (user_id, name) select id, 'Campaign of ' || n from person`
    await tx`insert into public.call_logs (user_id, lead_id, campaign_id, phone_number, status, duration_seconds, created_at)
      select p.id, l.id, c.id, '+1' || (2000000000 + l.n), 'completed', k.n % 600, now() - interval '100 days' + k.n * interval '3 seconds'
      from generate_series(0, ${calls - 1}) as k (n)
      join lead as l on l.n = k.n % ${leads}
      join person as p on p.n = l.n % ${people}
      join public.campaigns as c on c.user_id = p.id`
    await tx`insert into public.dnc_list (user_id, phone_number, reason)
      select p.id, '+1' || (3000000000 + k.n % 1500), 'asked' from person as p cross join generate_series(0, 99) as k (n)`
    await tx`insert into public.ai_sms_settings (user_id) select id from person`
    return (await tx<{ id: string }[]>`select id from person order by n`).map((row) => row.id)
  }).finally(() => admin`vacuum analyze`)
}

async function headersOf({ status }: TestStack, user: string): Promise<Record<string, string>> {
  const token = await signEs256(status.SIGNING_KEY, claimsFor(user, `${user}@example.test`))
  return {
    apikey: status.PUBLISHABLE_KEY,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    prefer: 'return=representation',
  }
}
