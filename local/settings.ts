import { join, resolve } from 'node:path'
import { type Config, readConfig } from './config.ts'
import { Failure } from './failure.ts'

/** The folder of this repository: where `node_modules` and `local/` are. */
export const root = resolve(import.meta.dirname ?? '.', '..')

/** Everything a start of the stack depends on; made once, from config.toml and a few environment variables. */
export interface Settings {
  /** The folder that holds `supabase/`. */
  workdir: string
  /** Keys, logs, mails and (unless run by root) the database. */
  dataDir: string
  config: Config
  ports: Record<'api' | 'db' | 'mail' | 'smtp', number> & {
    /** Of the dashboard: the port of `site_url`; absent where that is elsewhere. */
    web?: number
  }
  /** False only for throwaway stacks: the database may then lose its last writes in a power cut. */
  durable: boolean
  seed: boolean
  dataApi: 'postgrest' | 'lite'
  /** Whether a standby of the database answers what only reads. */
  replica: boolean
  /** Where functions look up DNS records; a public server without it. */
  dnsOverHttpsUrl?: string
  /** The variables of Stripe that functions get; those that are not here may be in supabase/functions/.env. */
  stripe: Record<string, string>
  /** For tests: stop when the process that started this one is gone. */
  stopWithStdin: boolean
  /** For tests: what nobody there asks is not started. */
  without: string[]
}

/** Where the stack keeps its data: `.dial-smart/`, or what DIAL_SMART_DATA says. */
export const dataDirOf = (env = Deno.env): string => resolve(env.get('DIAL_SMART_DATA') ?? join(root, '.dial-smart'))

/**
 * Reads the settings of this run.
 *
 * Environment: PORT_OFFSET moves all ports, DIAL_SMART_DATA is the data folder, DIAL_SMART_DATA_API=lite forces the
 * fallback Data API, READ_REPLICA=yes starts a standby that answers reads, DNS_OVER_HTTPS_URL says where functions look up DNS records, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET
 * and STRIPE_URL how they reach Stripe. For tests: DIAL_SMART_WORKDIR (another folder with `supabase/`),
 * DIAL_SMART_DURABLE=no, DIAL_SMART_SEED=no, DIAL_SMART_STOP_WITH_STDIN=yes, DIAL_SMART_WITHOUT=auth,mail,relay,web.
 */
export async function readSettings(env = Deno.env): Promise<Settings> {
  const workdir = resolve(env.get('DIAL_SMART_WORKDIR') ?? root)
  const config = await readConfig(workdir)
  const offset = portOffset(env.get('PORT_OFFSET') ?? '0')
  const web = webPort(config)
  return {
    workdir,
    dataDir: dataDirOf(env),
    config,
    ports: {
      api: moved(config.api.port, offset),
      db: moved(config.db.port, offset),
      mail: moved(config.local_smtp.port, offset),
      smtp: moved(config.local_smtp.smtp_port, offset),
      ...(web !== undefined && { web: moved(web, offset) }),
    },
    durable: env.get('DIAL_SMART_DURABLE') !== 'no',
    seed: config.db.seed.enabled && env.get('DIAL_SMART_SEED') !== 'no',
    dataApi: env.get('DIAL_SMART_DATA_API') === 'lite' ? 'lite' : 'postgrest',
    replica: env.get('READ_REPLICA') === 'yes',
    dnsOverHttpsUrl: env.get('DNS_OVER_HTTPS_URL'),
    stripe: given(['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'STRIPE_URL'], env),
    stopWithStdin: env.get('DIAL_SMART_STOP_WITH_STDIN') === 'yes',
    without: env.get('DIAL_SMART_WITHOUT')?.split(',') ?? [],
  }
}

const given = (names: string[], env: typeof Deno.env): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => {
    const value = env.get(name)
    return value ? [[name, value]] : []
  }))

function portOffset(text: string): number {
  if (!/^-?\d{1,5}$/.test(text)) throw new Failure(`PORT_OFFSET must be a whole number, not "${text}"`)
  return Number(text)
}

function moved(port: number, offset: number): number {
  const result = port + offset
  if (result < 1024 || result > 65535) throw new Failure(`PORT_OFFSET=${offset} moves port ${port} out of 1024–65535`)
  return result
}

const isHere = (url: URL): boolean => url.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname)

/** The dashboard is the app at `site_url`, where that is on this machine and not the API itself. */
function webPort({ api, auth }: Config): number | undefined {
  const url = new URL(auth.site_url)
  const port = Number(url.port)
  return isHere(url) && port > 0 && port !== api.port ? port : undefined
}

/** A URL that names this machine's api or web port in config.toml follows PORT_OFFSET; any other stays as it is. */
export function movedUrl(settings: Settings, text: string): string {
  const { config, ports } = settings
  const url = new URL(text)
  const port = new Map([[webPort(config), ports.web], [config.api.port, ports.api]]).get(Number(url.port))
  if (!isHere(url) || port === undefined) return text
  url.port = String(port)
  return url.href.replace(/\/$/, text.endsWith('/') ? '/' : '')
}

export const apiUrl = (settings: Settings): string => `http://127.0.0.1:${settings.ports.api}`
