import { join } from 'node:path'
import postgres from 'postgres'
import { exists } from '../../local/database/binaries.ts'
import { linesOf } from '../../local/lines.ts'
import { isFree } from '../../local/ports.ts'
import { removeStack } from '../../local/removal.ts'
import { root } from '../../local/settings.ts'
import type { Status } from '../../local/state.ts'
import { restoreSnapshot } from './snapshot.ts'

/** How a stack of its own is started; everything has a default. */
export interface StackOptions {
  /** Kept by `stop()` when given; otherwise a temporary one, removed by `stop()`. */
  dataDir?: string
  /** Moves all ports; otherwise free ones are looked for. */
  portOffset?: number
  /** Seeds the cast. Default true. */
  seed?: boolean
  /** The folder that holds `supabase/`. Default: this repository. */
  workdir?: string
  /** Makes the database anew instead of copying the one of tests/stack/snapshot.ts. Default false. */
  fresh?: boolean
  /** True keeps the limits as they are delivered. Default false: tests ask for more in a minute than people do. */
  limits?: boolean
  /** False shows what the stack prints. Default true. */
  quiet?: boolean
  env?: Record<string, string>
  /** Parts that nobody asks: each takes a second of a processor to start. */
  without?: ('auth' | 'mail' | 'relay' | 'web')[]
}

/** A running stack. */
export interface TestStack {
  status: Status
  dataDir: string
  portOffset: number
  /** The supervisor's process. */
  pid: number
  /** What it printed so far, both streams. */
  output(): string
  /** Resolves with the exit code when the supervisor has ended. */
  ended: Promise<number>
  /** Stops it, and removes a temporary data folder. */
  stop(): Promise<void>
}

/** A start that ended before it was ready. */
export class StartFailure extends Error {
  constructor(readonly code: number, readonly output: string) {
    super(`the stack ended with exit code ${code}: ${output}`)
  }
}

/**
 * Starts a stack on free ports with a data folder of its own, and resolves once it is ready. Its database doesn't wait
 * for the disk. It stops when this process ends, however that happens.
 *
 * @example
 * const stack = await startStack()
 * await fetch(`${stack.status.REST_URL}/campaigns`, { headers: { apikey: stack.status.PUBLISHABLE_KEY } })
 * await stack.stop()
 */
export async function startStack(options: StackOptions = {}): Promise<TestStack> {
  const dataDir = options.dataDir ?? await Deno.makeTempDir({ prefix: 'dial-smart-' })
  const portOffset = options.portOffset ?? freePortOffset()
  const isNew = !await exists(join(dataDir, 'keys.json'))
  if (isNew && !options.fresh && !options.workdir) await restoreSnapshot(dataDir)
  const env = {
    DIAL_SMART_DATA: dataDir,
    PORT_OFFSET: String(portOffset),
    DIAL_SMART_DURABLE: 'no',
    DIAL_SMART_STOP_WITH_STDIN: 'yes',
    DIAL_SMART_SEED: options.seed === false ? 'no' : 'yes',
    DIAL_SMART_WORKDIR: options.workdir ?? root,
    ...(options.without && { DIAL_SMART_WITHOUT: options.without.join(',') }),
    ...options.env,
  }
  const child = new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-lock', '--cached-only', join(root, 'local', 'start.ts')],
    env,
    stdin: 'piped',
    stdout: 'piped',
    stderr: 'piped',
  }).spawn()

  const printed: string[] = []
  const ready = Promise.withResolvers<void>()
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const line of linesOf(stream)) {
      printed.push(line)
      if (options.quiet === false) console.log(line)
      if (line.startsWith('ready in ')) ready.resolve()
    }
  }
  const reading = Promise.all([read(child.stdout), read(child.stderr)])
  const ended = child.status.then(async ({ code }) => {
    await reading
    return code
  })
  const output = () => printed.join('\n')
  const cleanUp = () => options.dataDir === undefined ? removeData(dataDir) : Promise.resolve()

  const code = await Promise.race([ready.promise, ended])
  if (code !== undefined) {
    await cleanUp()
    throw new StartFailure(code, output())
  }
  const { status } = JSON.parse(await Deno.readTextFile(join(dataDir, 'state.json')))
  if (!options.limits) await liftLimits(status.DB_URL)
  const stop = async () => {
    await child.stdin.close().catch(() => undefined)
    await ended
    await cleanUp()
  }
  return { status, dataDir, portOffset, pid: child.pid, output, ended, stop }
}

async function liftLimits(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const [table] = await sql`select to_regclass('tenancy.rate_limits') as found`
    if (table?.found) await sql`update tenancy.rate_limits set capacity = 1000000`
  } finally {
    await sql.end()
  }
}

/** Removes what stacks with this data folder left, as `npm run reset` does. */
export const removeData = (dataDir: string): Promise<void> => removeStack(dataDir, () => undefined)

/** An offset at which none of config.toml's ports is taken, below the range that outgoing connections use. */
export function freePortOffset(): number {
  for (;;) {
    // In steps, so that the ports of two stacks never mix.
    const offset = -24_000 - Math.floor(Math.random() * 2_000) * 10
    if ([54321, 54322, 54324, 54325, 54330].every((port) => isFree(port + offset))) return offset
  }
}
