import { join } from 'node:path'
import { publicJwks, readKeys, webhookSecrets } from '../local/keys.ts'
import { root } from '../local/settings.ts'
import { claimsFor, signEs256 } from '../tests/functions/support/mint.ts'
import { startStack, type TestStack } from '../tests/stack/start.ts'
import { median, spread, table } from './statistics.ts'

const starts = 7
const functions = join(root, 'supabase', 'functions')
// Of the seed.
const alice = ['a11ce000-0000-4000-8000-000000000001', 'alice@acme.test'] as const

/** What each function is asked first: something it reads, or of a webhook something that nobody signed. */
const asked: Record<string, { path: string; status: number; method?: 'POST'; body?: string }> = {
  'active-organization': { path: '', status: 200 },
  billing: { path: '/plans', status: 200 },
  'billing-webhook': { path: '', status: 401, method: 'POST', body: '{}' },
  branding: { path: '?host=app.example.test', status: 200 },
  health: { path: '/ready', status: 200 },
  invitations: { path: '', status: 200 },
  notices: { path: '', status: 401, method: 'POST', body: '{}' },
  openapi: { path: '', status: 200 },
  organizations: { path: '', status: 200 },
  records: { path: '/leads', status: 201, method: 'POST', body: '{"phone_number":"+15550100"}' },
  'signup-webhook': { path: '', status: 401, method: 'POST', body: '{}' },
  'stripe-webhook': { path: '', status: 401, method: 'POST', body: '{}' },
}
const empty = '(empty module)'

/** Milliseconds: importing, the first answer, and the one after it. */
type Start = [imported: number, first: number, second: number]

/**
 * How long a function takes to start under the platform's Deno, beside an empty module: to import, and to answer for the
 * first and the second time, from a stack. And how big its bundle is.
 */
export async function measureFunctions(): Promise<string> {
  const names: string[] = []
  for await (const { name, isDirectory } of Deno.readDir(functions)) {
    if (isDirectory && !name.startsWith('_')) names.push(name)
  }
  const stack = await startStack({ without: ['auth', 'mail', 'relay', 'web'] })
  const times = Object.fromEntries([empty, ...names.sort()].map((name) => [name, [] as Start[]]))
  try {
    const env = await environment(stack)
    const { status } = stack
    const token = await signEs256(status.SIGNING_KEY, claimsFor(...alice))
    const headers = {
      authorization: `Bearer ${token}`,
      apikey: status.PUBLISHABLE_KEY,
      'content-type': 'application/json',
    }
    for (let round = -1; round < starts; round++) {
      for (const name of Object.keys(times)) {
        const taken = await start(name, headers, env)
        if (round >= 0) times[name]!.push(taken)
      }
    }
  } finally {
    await stack.stop()
  }
  const rows: string[][] = []
  for (const [name, values] of Object.entries(times)) {
    const columns = [0, 1, 2].map((at) => values.map((value) => value[at]!)).map((column) =>
      column.some(Number.isNaN) ? '' : `${median(column).toFixed(0)} (${spread(column, 0)})`
    )
    const size = name === empty ? '' : `${(await bundleSize(name) / 1024).toFixed(0)} KiB`
    rows.push([name, ...columns, size])
  }
  return `## Functions

\`npm run bench -- functions\`. Each in a new process of Deno 2.1.4, ${starts} times, interleaved, after one to fill the caches:
importing, ≤ 150 wanted, then what it answers first, from a whole stack (webhooks refuse what nobody signed), and the same
once more. Milliseconds, median (range). Bundle: minified by \`deno bundle\`, with all packages, ≤ 1 MB wanted.

${table(['function', 'import', 'first answer', 'second answer', 'bundle'], rows)}`
}

/** What functions of this stack are told by their platform. */
async function environment({ status, dataDir }: TestStack): Promise<Record<string, string>> {
  const keys = await readKeys(dataDir)
  return {
    SUPABASE_URL: status.API_URL,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: status.PUBLISHABLE_KEY }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: status.SECRET_KEY }),
    SUPABASE_JWKS: JSON.stringify(publicJwks(keys)),
    JWT_SECRET: status.JWT_SECRET,
    FUNCTIONS_SECRET: keys.functionsSecret,
    ...webhookSecrets(keys),
    STRIPE_WEBHOOK_SECRET: `whsec_${'x'.repeat(32)}`,
    SITE_URL: status.API_URL,
    SMTP_URL: 'smtp://127.0.0.1:54325',
    MAIL_FROM: 'bench@example.test',
  }
}

/** Starts one in a process of its own, where the times are taken. Raises when it answers something else than it should. */
async function start(name: string, headers: Record<string, string>, env: Record<string, string>): Promise<Start> {
  const question = asked[name]
  if (name !== empty && !question) throw new Error(`nothing is known to ask of the function ${name}`)
  const script = `
    const begun = performance.now()
    const { default: app } = await import(${
    JSON.stringify(question ? `file://${join(functions, name, 'index.ts')}` : 'data:text/javascript,export default {}')
  })
    const times = [performance.now() - begun]
    const question = ${JSON.stringify(question ?? null)}
    for (let n = 0; question && n < 2; n++) {
      const sent = performance.now()
      const { path, method = 'GET', body, status } = question
      const request = new Request('http://127.0.0.1/${name}' + path, { method, body, headers: ${
    JSON.stringify(headers)
  } })
      const answer = await app.fetch(request)
      const text = await answer.text()
      times.push(performance.now() - sent)
      if (answer.status !== status) throw new Error('${name} answered ' + answer.status + ': ' + text)
    }
    console.log(JSON.stringify(times))
    Deno.exit(0)`
  const child = new Deno.Command(join(root, 'node_modules', 'deno-2-1', 'deno'), {
    args: [
      'run',
      '-A',
      '--no-lock',
      '--cached-only',
      '--node-modules-dir=manual',
      `--config=${join(functions, 'deno.json')}`,
      '-',
    ],
    stdin: 'piped',
    stdout: 'piped',
    stderr: 'piped',
    cwd: root,
    env,
  }).spawn()
  const writer = child.stdin.getWriter()
  await writer.write(new TextEncoder().encode(script))
  await writer.close()
  const { stdout, stderr, success } = await child.output()
  if (!success) throw new Error(new TextDecoder().decode(stderr))
  // Functions log what they answer before it.
  const [imported = NaN, first = NaN, second = NaN] = JSON.parse(
    new TextDecoder().decode(stdout).trimEnd().split('\n').at(-1)!,
  )
  return [imported, first, second]
}

async function bundleSize(name: string): Promise<number> {
  const output = await Deno.makeTempFile({ suffix: '.js' })
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ['bundle', '--quiet', '--platform', 'deno', '--minify', '-o', output, join(functions, name, 'index.ts')],
    cwd: root,
  }).output()
  if (!success) throw new Error(new TextDecoder().decode(stderr))
  const { size } = await Deno.stat(output)
  await Deno.remove(output)
  return size
}
