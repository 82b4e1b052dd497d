import postgres from 'postgres'
import { Failure } from '../local/failure.ts'
import type { Transaction } from '../tests/database/support/outcome.ts'
import { toFailure } from './unprovable.ts'

/** Which database was looked at; nothing secret. */
export interface Database {
  host: string
  port: string
  name: string
  user: string
  /** Version of Postgres. */
  server: string
  /** Version of the engine. */
  engine: string
}

const oldestServer = 15
const seconds = { toConnect: 10, toAnswer: 60 }

/** The parts of a connection string, or a {@link Failure}. */
export function toAddress(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['postgresql:', 'postgres:'].includes(parsed.protocol) || parsed.hostname === '') {
    throw new Failure('--url must look like postgresql://user:password@host:5432/database')
  }
  return parsed
}

/** Runs `work` in one transaction of a database that can't be changed by it, once it has an engine of this version. */
export async function inspect<T>(
  url: string,
  version: string,
  work: (tx: Transaction, database: Database) => Promise<T>,
): Promise<T> {
  const address = toAddress(url)
  const where = `${address.hostname}:${address.port || 5432}${address.pathname}`
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(address.hostname)
  const sql = postgres(url, {
    max: 1,
    connect_timeout: seconds.toConnect,
    // A pooler between here and there may not keep prepared statements.
    prepare: false,
    onnotice: () => undefined,
    ...(isLocal || address.searchParams.has('sslmode') ? {} : { ssl: 'prefer' as const }),
    connection: { application_name: 'dial-smart prove' },
  })
  let answer: { value: T } | undefined
  try {
    const connected = Promise.withResolvers<void>()
    const look = sql.begin('isolation level repeatable read read only', async (tx) => {
      connected.resolve()
      await tx`select set_config('default_transaction_read_only', 'on', true),
        set_config('statement_timeout', ${`${seconds.toAnswer}s`}, true), set_config('lock_timeout', '5s', true)`
      const { server, engine, user, name } = await requireEngine(tx, version)
      const port = address.port || '5432'
      answer = { value: await work(tx, { host: address.hostname, port, name, user, server, engine }) }
    })
    await within(seconds.toConnect, Promise.race([connected.promise, look]))
    await within(5 * seconds.toAnswer, look)
  } catch (cause) {
    throw toFailure(cause, where)
  } finally {
    await sql.end({ timeout: 1 }).catch(() => undefined)
  }
  if (!answer) throw new Failure(`${where}: nothing was answered`)
  return answer.value
}

async function requireEngine(tx: Transaction, version: string) {
  const [found] = await tx<Found[]>`
    select current_setting('server_version') as server, current_setting('server_version_num')::int / 10000 as major,
      current_user::text as user, current_database()::text as name, n.oid is not null as "hasEngine",
      p.oid is not null as "hasLaws",
      coalesce(has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute'), false)
        and (select r.rolbypassrls or r.rolsuper from pg_catalog.pg_roles as r where r.rolname = current_user) as "mayAsk"
    from (select 1) as always
    left join pg_catalog.pg_namespace as n on n.nspname = 'tenancy'
    left join pg_catalog.pg_proc as p on p.pronamespace = n.oid and p.proname = 'verify' and p.pronargs = 0`
  if (!found) throw new Failure('the database answered nothing')
  const reason = reasonAgainst(found, version)
  if (reason !== undefined) throw new Failure(`database ${found.name}: ${reason}`)
  const [{ engine }] = await tx`select tenancy.version() as engine` as [{ engine: string }]
  if (engine !== version) {
    throw new Failure(
      `database ${found.name}: its engine is version ${engine}, and this proves ${version}: use the same release`,
    )
  }
  return { ...found, engine }
}

/** What a database says of itself before it is proven. */
export interface Found {
  /** Version of Postgres, and its first number. */
  server: string
  major: number
  user: string
  name: string
  hasEngine: boolean
  hasLaws: boolean
  /** Whether the user may ask for the laws, and sees every row that they look at. */
  mayAsk: boolean
}

/** Why a database can't be proven; undefined when it can. */
export function reasonAgainst(found: Found, version: string): string | undefined {
  if (found.major < oldestServer) return `Postgres ${found.server} is too old; it takes ${oldestServer} or newer`
  if (!found.hasEngine) return 'it has no engine (no schema tenancy): apply supabase/migrations first'
  if (!found.hasLaws) return `its engine is older than ${version} and has no laws: apply supabase/migrations first`
  if (!found.mayAsk) {
    return `user ${found.user} may not ask for the laws: connect as the owner of the database (postgres)`
  }
  return undefined
}

/** What speaks another protocol may neither answer nor hang up. */
async function within(limit: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('late'), { code: 'CONNECT_TIMEOUT' })), limit * 1000)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
