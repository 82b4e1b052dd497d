import { join } from 'node:path'
import { linesOf } from './lines.ts'
import { root } from './settings.ts'

/** How to run one part of the stack. */
export interface PartOptions {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  /** Only these variables, instead of those of this process and `env`. */
  clearEnv?: boolean
  cwd?: string
  uid?: number
  gid?: number
  logs: string
  /** The signal that asks the part to end in good order. */
  stopSignal?: Deno.Signal
  /**
   * Our own parts speak: warnings (stderr) go to the screen too; on stdout `{"ready": …}` says that they serve, and
   * `{"heard":true}` that they know what they were told last.
   */
  speaks?: boolean
}

/** One running process of the stack. */
export class Part {
  readonly name: string
  readonly pid: number
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<Deno.CommandStatus>
  readonly #child: Deno.ChildProcess
  readonly #input: WritableStreamDefaultWriter<Uint8Array>
  readonly #stopSignal: Deno.Signal
  readonly #ready = Promise.withResolvers<{ port: number }>()
  /** What is called, one after the other, when the part has heard what it was told. */
  readonly #told: (() => void)[] = []
  #stopping = false

  constructor(options: PartOptions) {
    const { name, command, args, env, clearEnv, cwd, uid, gid } = options
    this.name = name
    this.#stopSignal = options.stopSignal ?? 'SIGTERM'
    // A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops the parts in order.
    this.#child = new Deno.Command(command, {
      args,
      env: { ...env, NO_COLOR: '1' },
      clearEnv,
      cwd: cwd ?? root,
      uid,
      gid,
      detached: true,
      stdin: 'piped',
      stdout: 'piped',
      stderr: 'piped',
    }).spawn()
    this.pid = this.#child.pid
    this.#input = this.#child.stdin.getWriter()
    this.#input.closed.catch(() => undefined)
    const log = Deno.openSync(join(options.logs, `${name}.log`), { create: true, append: true })
    const reading = [
      this.#read(this.#child.stdout, log, options.speaks ? (line) => this.#hear(line) : undefined),
      this.#read(this.#child.stderr, log, options.speaks ? (line) => this.#warn(line) : undefined),
    ]
    this.ended = this.#child.status.then(async (status) => {
      await Promise.all(reading)
      log.close()
      return status
    })
  }

  /** True when the end of the process was asked for. */
  get stopping(): boolean {
    return this.#stopping
  }

  /** Waits until the part says that it serves, and on which port; `undefined` when it ended instead. */
  ready(): Promise<{ port: number } | undefined> {
    return Promise.race([this.#ready.promise, this.ended.then(() => undefined)])
  }

  /** Sends the part one line of JSON on its standard input, and waits until it has taken it in, or has ended. */
  async tell(message: unknown): Promise<void> {
    const { promise: heard, resolve } = Promise.withResolvers<void>()
    this.#told.push(resolve)
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`)).catch(() => undefined)
    await Promise.race([heard, this.ended])
  }

  /** Asks the process to end, and insists after a while. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#signal(this.#stopSignal)
    const insist = setTimeout(() => this.#signal('SIGKILL'), 8_000)
    await this.ended
    clearTimeout(insist)
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal)
    } catch {
      // It has ended already.
    }
  }

  #hear(line: string): void {
    if (line.startsWith('{"ready":')) this.#ready.resolve(JSON.parse(line).ready)
    if (line === '{"heard":true}') this.#told.shift()?.()
  }

  /** The lines that say what went wrong; the indented ones below them (stacks, dumps) are in the log. */
  #warn(line: string): void {
    if (/^[^\s{}]/.test(line)) console.error(`[${this.name}] ${line}`)
  }

  async #read(stream: ReadableStream<Uint8Array>, log: Deno.FsFile, onLine?: (line: string) => void): Promise<void> {
    async function* copied() {
      for await (const chunk of stream) {
        log.writeSync(chunk)
        if (onLine) yield chunk
      }
    }
    for await (const line of linesOf(copied())) onLine?.(line)
  }
}
