import { linesOf } from './lines.ts'

/** What the supervisor told this part at its start, through the environment. */
export function instructions<T>(): T {
  const text = Deno.env.get('DIAL_SMART_PART') ?? ''
  Deno.env.delete('DIAL_SMART_PART')
  return JSON.parse(text)
}

/** Tells the supervisor that this part serves now. */
export const announce = (port: number): void => console.log(JSON.stringify({ ready: { port } }))

/** Serves on this machine alone, on a free port for 0, and says so; ends in good order when asked to. */
export function serve(port: number, handler: Deno.ServeHandler<Deno.NetAddr>): void {
  const server = Deno.serve({ hostname: '127.0.0.1', port, onListen: ({ port }) => announce(port) }, handler)
  Deno.addSignalListener('SIGTERM', () => server.shutdown().finally(() => Deno.exit(0)))
}

/** Calls `receive` for every message of the supervisor, and says so; ends the process when the supervisor is gone. */
export async function listen<T>(receive: (message: T) => void = () => undefined): Promise<void> {
  for await (const line of linesOf(Deno.stdin.readable)) {
    receive(JSON.parse(line))
    console.log(JSON.stringify({ heard: true }))
  }
  Deno.exit(0)
}
