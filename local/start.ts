import { join } from 'node:path'
import { postgrestBinary } from './data-api/postgrest.ts'
import { databaseUrl } from './database/connection.ts'
import { Failure, runCommand } from './failure.ts'
import { missingForPayments } from './functions/part.ts'
import { type Keys, readKeys } from './keys.ts'
import { requireFreePorts } from './ports.ts'
import { stopLeftovers } from './processes.ts'
import { apiUrl, movedUrl, readSettings, type Settings } from './settings.ts'
import { Stack } from './stack.ts'
import { lockDataDir, readState, removeState, type Status } from './state.ts'

// `npm start`: the whole backend on this machine, until Ctrl-C.

const demoPassword = 'dial-smart-demo'
const demoLogins = [
  ['owner of Acme', 'alice@acme.test'],
  ['admin of Acme', 'adam@acme.test'],
  ['manager of Acme', 'mona@acme.test'],
  ['member of Acme', 'mia@acme.test'],
  ['owner of Globex', 'bob@globex.test'],
  ['no organization', 'eve@nowhere.test'],
] as const

await runCommand(async () => {
  const began = performance.now()
  const settings = await readSettings()
  const lock = await takeDataDir(settings.dataDir)
  if (!lock) throw new Failure(`already running with the data folder ${settings.dataDir}: see npm run -s status`)
  const leftovers = await stopLeftovers(await readState(settings.dataDir))
  if (leftovers.length > 0) console.log(`stopped what the last run left: ${leftovers.join(', ')}`)
  await requireFreePorts(settings)

  const keys = await readKeys(settings.dataDir)
  const stack = new Stack(settings, keys, statusOf(settings, keys))
  const asked = askedToStop(settings)
  try {
    await Promise.race([stack.start(), stack.died, asked])
    await greet(settings, stack.status, performance.now() - began)
    await Promise.race([stack.died, asked])
    console.log('stopping …')
  } finally {
    await stack.stop()
    await removeState(settings.dataDir)
    lock.close()
  }
  Deno.exit(0)
})

/** A stack that is just stopping gets a moment to end. */
async function takeDataDir(dataDir: string): Promise<Deno.FsFile | undefined> {
  for (let tries = 0; tries < 20; tries++) {
    const lock = lockDataDir(dataDir)
    if (lock) return lock
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function askedToStop(settings: Settings): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) Deno.addSignalListener(signal, () => resolve())
  if (settings.stopWithStdin) {
    ;(async () => {
      for await (const _ of Deno.stdin.readable);
    })().finally(resolve)
  }
  return promise
}

function statusOf(settings: Settings, keys: Keys): Status {
  const url = apiUrl(settings)
  return {
    API_URL: url,
    REST_URL: `${url}/rest/v1`,
    AUTH_URL: `${url}/auth/v1`,
    FUNCTIONS_URL: `${url}/functions/v1`,
    DOCS_URL: `${url}/docs`,
    DB_URL: databaseUrl(settings, keys, 'postgres'),
    ADMIN_DB_URL: databaseUrl(settings, keys, 'supabase_admin'),
    WEB_URL: movedUrl(settings, settings.config.auth.site_url),
    MAIL_URL: `http://127.0.0.1:${settings.ports.mail}`,
    SMTP_URL: `smtp://127.0.0.1:${settings.ports.smtp}`,
    PUBLISHABLE_KEY: keys.publishableKey,
    SECRET_KEY: keys.secretKey,
    JWT_SECRET: keys.jwtSecret,
    SIGNING_KEY: JSON.stringify(keys.signingKey),
    LOGS: join(settings.dataDir, 'logs'),
  }
}

async function greet(settings: Settings, status: Status, took: number): Promise<void> {
  const rows = [
    'WEB_URL',
    'API_URL',
    'DOCS_URL',
    'MAIL_URL',
    'DB_URL',
    'REPLICA_DB_URL',
    'PUBLISHABLE_KEY',
    'SECRET_KEY',
    'LOGS',
  ] as const
  for (const name of rows) if (status[name]) console.log(`${name.padEnd(16)} ${status[name]}`)
  if (settings.seed) {
    console.log(`\ndemo logins (password ${demoPassword})`)
    for (const [who, email] of demoLogins) console.log(`${who.padEnd(16)} ${email}`)
  }
  if (settings.dataApi === 'lite' || !await postgrestBinary()) {
    console.log('\nthe Data API is the one of @supabase/lite: slower, HS256 tokens only, errors without hint')
  }
  const missing = await missingForPayments(settings)
  if (missing.length > 0) {
    console.log(`\npayments are not set up: there is no ${missing.join(' and no ')} (docs/how-to/take-payments.md)`)
  }
  console.log(`\nready in ${(took / 1000).toFixed(1)} s; Ctrl-C stops it`)
}
