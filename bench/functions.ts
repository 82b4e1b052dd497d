import { join } from 'node:path'
import { root } from '../local/settings.ts'
import { median, spread, table } from './statistics.ts'

const imports = 7
const functions = join(root, 'supabase', 'functions')
// As long as real ones; nothing is signed with it.
const secret = `whsec_${'x'.repeat(32)}`

/** How long a function takes to import under the platform's Deno, beside an empty module, and how big its bundle is. */
export async function measureFunctions(): Promise<string> {
  const names: string[] = []
  for await (const { name, isDirectory } of Deno.readDir(functions)) {
    if (isDirectory && !name.startsWith('_')) names.push(name)
  }
  const times = Object.fromEntries(['(empty module)', ...names.sort()].map((name) => [name, [] as number[]]))
  for (let round = -1; round < imports; round++) {
    for (const name of Object.keys(times)) {
      const target = name === '(empty module)'
        ? 'data:text/javascript,export default {}'
        : join(functions, name, 'index.ts')
      const took = await importUnderPlatform(target)
      if (round >= 0) times[name]!.push(took)
    }
  }
  const rows: string[][] = []
  for (const [name, values] of Object.entries(times)) {
    const size = name.startsWith('(') ? '' : `${(await bundleSize(name) / 1024).toFixed(0)} KiB`
    rows.push([name, median(values).toFixed(0), spread(values, 0), size])
  }
  return `## Functions

\`npm run bench -- functions\`. Import in a new process of Deno 2.1.4, ${imports} times each, interleaved, after one to fill the caches;
milliseconds, ≤ 400 wanted. Bundle: minified by \`deno bundle\`, with all packages, mail included.

${table(['function', 'import, median', 'range', 'bundle'], rows)}`
}

/** Milliseconds that `import()` of a module takes, measured inside the process. */
async function importUnderPlatform(target: string): Promise<number> {
  const script = `const start = performance.now(); await import(${
    JSON.stringify(target.startsWith('/') ? `file://${target}` : target)
  });
    console.log(performance.now() - start); Deno.exit(0)`
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
    env: {
      SUPABASE_URL: 'http://127.0.0.1:54321',
      SUPABASE_PUBLISHABLE_KEYS: '{"default":"sb_publishable_bench"}',
      SUPABASE_JWKS: '{"keys":[]}',
      JWT_SECRET: 'x'.repeat(40),
      SITE_URL: 'http://127.0.0.1:54321',
      SMTP_URL: 'smtp://127.0.0.1:54325',
      MAIL_FROM: 'bench@example.test',
      SUPABASE_SECRET_KEYS: '{"default":"sb_secret_bench"}',
      FUNCTIONS_SECRET: secret,
      NOTICES_SECRET: secret,
      SIGNUP_WEBHOOK_SECRET: secret,
      STRIPE_WEBHOOK_SECRET: secret,
    },
  }).spawn()
  const writer = child.stdin.getWriter()
  await writer.write(new TextEncoder().encode(script))
  await writer.close()
  const { stdout, stderr, success } = await child.output()
  if (!success) throw new Error(new TextDecoder().decode(stderr))
  return Number(new TextDecoder().decode(stdout))
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
