import { join } from 'node:path'
import { exists } from '../database/binaries.ts'
import { databaseUrl } from '../database/connection.ts'
import { type Keys, publicJwks, webhookSecrets } from '../keys.ts'
import type { PartOptions } from '../part.ts'
import { apiUrl, movedUrl, root, type Settings } from '../settings.ts'
import type { FunctionsInstructions } from './serve.ts'

/** The functions, served by the Deno version of the platform, with its variables and without its missing rights. */
export async function functionsPart(settings: Settings, keys: Keys, logs: string): Promise<PartOptions> {
  const folder = join(settings.workdir, 'supabase', 'functions')
  const secrets = secretsOf(settings)
  return {
    name: 'functions',
    command: await platformDeno(),
    args: [
      'run',
      '--allow-net',
      '--allow-env',
      '--allow-read',
      '--allow-sys',
      '--no-prompt',
      '--no-lock',
      '--cached-only',
      // Every package comes from the project's node_modules, in the versions of package-lock.json.
      '--node-modules-dir=manual',
      `--config=${join(folder, 'deno.json')}`,
      ...(await exists(secrets) ? [`--env-file=${secrets}`] : []),
      join(root, 'local', 'functions', 'serve.ts'),
    ],
    clearEnv: true,
    env: { ...inherited(), ...platformEnvironment(settings, keys), DIAL_SMART_PART: JSON.stringify(listed(settings)) },
    cwd: settings.workdir,
    logs,
    speaks: true,
  }
}

const secretsOf = (settings: Settings): string => join(settings.workdir, 'supabase', 'functions', '.env')

/** What functions lack to take payments: without the key nothing is bought, without the secret nobody hears of it. */
export async function missingForPayments(settings: Settings): Promise<string[]> {
  const secrets = await Deno.readTextFile(secretsOf(settings)).catch(() => '')
  return ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET']
    .filter((name) => !settings.stripe[name] && !new RegExp(`^\\s*${name}\\s*=\\s*["']?\\w`, 'm').test(secrets))
}

function listed(settings: Settings): FunctionsInstructions {
  const folder = join(settings.workdir, 'supabase')
  return {
    functions: Object.entries(settings.config.functions).filter(([, { enabled }]) => enabled).map(([name, config]) => ({
      name,
      entrypoint: join(folder, config.entrypoint ?? join('functions', name, 'index.ts')),
      verifyJwt: config.verify_jwt,
    })),
  }
}

function platformEnvironment(settings: Settings, keys: Keys): Record<string, string> {
  return {
    SUPABASE_URL: apiUrl(settings),
    SUPABASE_DB_URL: databaseUrl(settings, keys, 'postgres'),
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
    SUPABASE_JWKS: JSON.stringify(publicJwks(keys)),
    JWT_SECRET: keys.jwtSecret,
    FUNCTIONS_SECRET: keys.functionsSecret,
    ...webhookSecrets(keys),
    SITE_URL: movedUrl(settings, settings.config.auth.site_url),
    SMTP_URL: `smtp://127.0.0.1:${settings.ports.smtp}`,
    MAIL_FROM: 'Dial Smart <no-reply@dial-smart.test>',
    ...(settings.dnsOverHttpsUrl && { DNS_OVER_HTTPS_URL: settings.dnsOverHttpsUrl }),
    ...settings.stripe,
  }
}

/** What Deno itself needs to find its cache. */
function inherited(): Record<string, string> {
  const found = ['PATH', 'HOME', 'DENO_DIR'].map((name) => [name, Deno.env.get(name)] as const)
  return Object.fromEntries(found.flatMap(([name, value]) => value === undefined ? [] : [[name, value]]))
}

/** npm's install script puts the binary into the package; where scripts may not run, its own wrapper does it. */
async function platformDeno(): Promise<string> {
  const folder = join(root, 'node_modules', 'deno-2-1')
  const binary = join(folder, 'deno')
  if (!await exists(binary)) {
    await new Deno.Command('node', { args: [join(folder, 'bin.cjs'), '--version'], stdout: 'null' }).output()
  }
  return binary
}
