import { join } from 'node:path'
import type { AuthInstructions } from './auth/main.ts'
import type { LiteInstructions } from './data-api/lite.ts'
import { postgrestBinary, postgrestPart } from './data-api/postgrest.ts'
import { homeOf } from './database/account.ts'
import { markInitialized, startCluster } from './database/cluster.ts'
import { databaseUrl } from './database/connection.ts'
import { setDestinations } from './database/destinations.ts'
import { migrate } from './database/migrate.ts'
import { shareSecret } from './database/secret.ts'
import { seed } from './database/seed.ts'
import { startStandby } from './database/standby.ts'
import { createDatabases } from './database/template.ts'
import { Failure, messageOf } from './failure.ts'
import { functionsPart } from './functions/part.ts'
import { watchFunctions } from './functions/watch.ts'
import type { GatewayInstructions } from './gateway/instructions.ts'
import { type Keys, publicJwks } from './keys.ts'
import type { MailInstructions } from './mail/main.ts'
import { Part } from './part.ts'
import { freePort } from './ports.ts'
import { identityOf } from './processes.ts'
import type { RelayInstructions } from './relay/main.ts'
import { apiUrl, movedUrl, root, type Settings } from './settings.ts'
import { type State, type Status, writeState } from './state.ts'
import { builtDashboard } from './web/build.ts'
import type { WebInstructions } from './web/main.ts'

/** The parts of one running stack: starts them in order, and stops them in the opposite one. */
export class Stack {
  readonly #parts: Part[] = []
  readonly #died = Promise.withResolvers<never>()
  readonly #logs: string
  readonly #state: State = { pid: Deno.pid, processes: [] }
  #stopped: Promise<void> | undefined

  constructor(readonly settings: Settings, readonly keys: Keys, readonly status: Status) {
    this.#logs = join(settings.dataDir, 'logs')
    this.#died.promise.catch(() => undefined)
  }

  /** Rejects with a {@link Failure} that names the part which ended by itself. */
  get died(): Promise<never> {
    return this.#died.promise
  }

  /** Starts everything and resolves once it serves. */
  async start(): Promise<void> {
    await Deno.mkdir(this.#logs, { recursive: true })
    await Deno.mkdir(join(this.settings.dataDir, 'mails'), { recursive: true })
    const [gateway, mail, functions] = await Promise.all([
      this.#startOwn('gateway', this.#gatewayInstructions()),
      this.#startWanted<MailInstructions>('mail', {
        pagePort: this.settings.ports.mail,
        smtpPort: this.settings.ports.smtp,
        folder: join(this.settings.dataDir, 'mails'),
      }),
      this.#startFunctions(),
      this.#startDatabase(),
      this.#startWeb(),
    ])
    const [rest, replica, auth] = await Promise.all([
      this.#startDataApi(),
      this.#startReplica(),
      this.#startWanted<AuthInstructions>('auth', this.#authInstructions()),
      this.#startWanted<RelayInstructions>('relay', {
        queueUrl: databaseUrl(this.settings, this.keys, 'supabase_admin'),
        jobUrl: databaseUrl(this.settings, this.keys, 'postgres'),
      }),
    ])
    const urlOf = (port: number) => `http://127.0.0.1:${port}`
    await gateway.part.tell({
      ...rest,
      ...replica,
      auth: auth && urlOf(auth.port),
      functions: urlOf(functions.port),
    })
    this.#reloadFunctions(functions.part, gateway.part)
    await mail?.part.ready()
    this.#state.status = this.status
    writeState(this.settings.dataDir, this.#state)
  }

  /** Stops every part: first those that take requests, the database last. */
  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      const database = this.#parts.find((part) => part.name === 'database')
      await Promise.all(this.#parts.filter((part) => part !== database).map((part) => part.stop()))
      await database?.stop()
    })()
    return this.#stopped
  }

  async #startDatabase(): Promise<void> {
    const { part, isNew } = await startCluster(this.settings, this.keys, this.#logs, (part) => this.#watch(part))
    if (isNew) {
      await createDatabases(this.settings, this.keys)
      await markInitialized(homeOf(this.settings.dataDir), this.keys)
    }
    await migrate(this.settings, this.keys, this.#logs)
    await shareSecret(this.settings, this.keys)
    await setDestinations(this.settings, this.keys)
    if (this.settings.seed) await seed(this.settings, this.keys)
    if (part.stopping) throw new Failure('the database was stopped')
  }

  async #startDataApi(): Promise<{ rest: string; restPrefix?: string }> {
    const binary = await this.#postgrest()
    if (!binary) {
      const { port } = await this.#startOwn<LiteInstructions>('data-api', {
        databaseUrl: databaseUrl(this.settings, this.keys, 'postgres'),
        jwtSecret: this.keys.jwtSecret,
        jwks: publicJwks(this.keys),
        api: this.settings.config.api,
      }, 'data-api/lite.ts')
      return { rest: `http://127.0.0.1:${port}`, restPrefix: '/rest/v1' }
    }
    return { rest: await this.#startPostgrest('data-api', binary) }
  }

  async #postgrest(): Promise<string | undefined> {
    return this.settings.dataApi === 'lite' ? undefined : await postgrestBinary()
  }

  /** A standby with a Data API of its own. */
  async #startReplica(): Promise<{ replica?: string }> {
    if (!this.settings.replica) return {}
    const binary = await this.#postgrest()
    if (!binary) throw new Failure('READ_REPLICA=yes needs PostgREST, which npm does not have for this platform')
    const standby = await startStandby(this.settings, this.keys, this.#logs, (part) => this.#watch(part))
    this.status.REPLICA_DB_URL = databaseUrl(standby, this.keys, 'supabase_admin')
    return { replica: await this.#startPostgrest('replica', binary, standby) }
  }

  async #startPostgrest(name: 'data-api' | 'replica', binary: string, settings = this.settings): Promise<string> {
    const port = freePort()
    const part = await this.#watch(new Part(postgrestPart(name, settings, this.keys, binary, port, this.#logs)))
    let ended = false
    part.ended.then(() => ended = true)
    const url = `http://127.0.0.1:${port}`
    while (!ended) {
      const response = await fetch(url).catch(() => undefined)
      await response?.body?.cancel()
      if (response && response.status < 500) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return url
  }

  async #startWeb(): Promise<void> {
    const { web } = this.settings.ports
    if (web === undefined || this.settings.without.includes('web')) return
    await this.#startOwn<WebInstructions>('web', {
      port: web,
      url: this.status.WEB_URL,
      folder: await builtDashboard(this.#logs),
      config: { api_url: this.status.API_URL, publishable_key: this.keys.publishableKey },
    })
  }

  async #startFunctions(): Promise<{ part: Part; port: number }> {
    const part = await this.#watch(new Part(await functionsPart(this.settings, this.keys, this.#logs)))
    return { part, port: await serving(part) }
  }

  /** Replaces the functions server after a change; the old one answers until the new one is ready. */
  #reloadFunctions(running: Part, gateway: Part): void {
    watchFunctions(this.settings, async () => {
      if (this.#stopped) return
      try {
        const { part, port } = await this.#startFunctions()
        await gateway.tell({ functions: `http://127.0.0.1:${port}` })
        const old = running
        running = part
        await old.stop()
        this.#forget(old)
        console.log('functions reloaded')
      } catch (error) {
        console.error(`functions not reloaded: ${messageOf(error)}`)
      }
    })
  }

  #forget(part: Part): void {
    this.#parts.splice(this.#parts.indexOf(part), 1)
    this.#state.processes = this.#state.processes.filter(({ pid }) => pid !== part.pid)
    if (!this.#stopped) writeState(this.settings.dataDir, this.#state)
  }

  async #startWanted<T>(name: string, told: T): Promise<{ part: Part; port: number } | undefined> {
    return this.settings.without.includes(name) ? undefined : await this.#startOwn(name, told)
  }

  async #startOwn<T>(name: string, told: T, file = `${name}/main.ts`): Promise<{ part: Part; port: number }> {
    const part = await this.#watch(
      new Part({
        name,
        command: Deno.execPath(),
        args: ['run', '-A', '--no-lock', '--cached-only', join(root, 'local', file)],
        env: { DIAL_SMART_PART: JSON.stringify(told), DO_NOT_TRACK: '1', LITE_TELEMETRY: '0' },
        logs: this.#logs,
        speaks: true,
      }),
    )
    return { part, port: await serving(part) }
  }

  /** Notes the process for the next start, should this one be killed, and its end, should it not be asked for. */
  async #watch(part: Part): Promise<Part> {
    if (this.#stopped) {
      await part.stop()
      throw new Failure('stopped while starting')
    }
    this.#parts.push(part)
    part.ended.then(({ code, signal }) => {
      if (part.stopping || this.#stopped) return
      const how = signal ?? `exit code ${code}`
      this.#died.reject(new Failure(`${part.name} ended unexpectedly (${how}): see ${join(this.#logs, part.name)}.log`))
    })
    this.#state.processes.push({ name: part.name, pid: part.pid, identity: await identityOf(part.pid) ?? '' })
    writeState(this.settings.dataDir, this.#state)
    return part
  }

  #gatewayInstructions(): GatewayInstructions {
    const { WEB_URL, API_URL, DOCS_URL, MAIL_URL, REST_URL, AUTH_URL, FUNCTIONS_URL } = this.status
    return {
      port: this.settings.ports.api,
      publishableKey: this.keys.publishableKey,
      secretKey: this.keys.secretKey,
      jwtSecret: this.keys.jwtSecret,
      jwks: publicJwks(this.keys),
      links: { WEB_URL, API_URL, DOCS_URL, MAIL_URL, REST_URL, AUTH_URL, FUNCTIONS_URL },
      swagger: join(root, 'node_modules', 'swagger-ui-dist'),
    }
  }

  #authInstructions(): AuthInstructions {
    const { auth } = this.settings.config
    return {
      databaseUrl: databaseUrl(this.settings, this.keys, 'supabase_auth_admin'),
      jwtSecret: this.keys.jwtSecret,
      siteUrl: movedUrl(this.settings, auth.site_url),
      apiUrl: apiUrl(this.settings),
      redirectUrls: auth.additional_redirect_urls.map((url) => movedUrl(this.settings, url)),
      smtpPort: this.settings.ports.smtp,
      auth,
    }
  }
}

async function serving(part: Part): Promise<number> {
  const ready = await part.ready()
  if (!ready) throw new Failure(`${part.name} did not start`)
  return ready.port
}
