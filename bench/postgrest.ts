import { postgrestBinary } from '../local/data-api/postgrest.ts'
import { freePort } from '../local/ports.ts'
import type { Status } from '../local/state.ts'

export interface DataApi {
  url: string
  /** How much memory it has now, in MiB; undefined where the system doesn't tell. */
  memory: () => Promise<number | undefined>
  stop: () => Promise<void>
}

/** A PostgREST of the bench's own on a stack's database: its port is known, and no gateway is before it. */
export async function startPostgrest({ ADMIN_DB_URL, JWT_SECRET }: Status): Promise<DataApi> {
  const command = await postgrestBinary()
  if (!command) throw new Error('there is no PostgREST for this platform')
  const port = freePort()
  const child = new Deno.Command(command, {
    clearEnv: true,
    env: {
      PGRST_DB_URI: ADMIN_DB_URL,
      PGRST_DB_SCHEMAS: 'public',
      PGRST_DB_EXTRA_SEARCH_PATH: 'public,extensions',
      PGRST_DB_MAX_ROWS: '1000',
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_DB_POOL: '10',
      // As the role authenticator is told by its settings.
      PGRST_DB_PRE_REQUEST: 'tenancy.check_request',
      PGRST_JWT_SECRET: JWT_SECRET,
      PGRST_JWT_CACHE_MAX_LIFETIME: '3600',
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
      PGRST_LOG_LEVEL: 'crit',
    },
    stdout: 'null',
    stderr: 'null',
  }).spawn()
  const url = `http://127.0.0.1:${port}`
  const until = performance.now() + 20_000
  // Its schema is read after it listens: until then it answers 503, or not at all.
  for (;;) {
    const answer = await fetch(url, { method: 'HEAD' }).catch(() => undefined)
    if (answer && answer.status !== 503) break
    if (performance.now() > until) throw new Error('PostgREST did not start')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    url,
    async memory() {
      const status = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => '')
      const kibibytes = /VmRSS:\s+(\d+)/.exec(status)?.[1]
      return kibibytes ? Math.round(Number(kibibytes) / 1024) : undefined
    },
    async stop() {
      child.kill('SIGTERM')
      await child.status
    },
  }
}
