import { Failure } from './failure.ts'
import type { Settings } from './settings.ts'

const uses = { api: 'the API', db: 'the database', mail: 'the mail page', smtp: 'mail', web: 'the dashboard' } as const

/** Names the first of the stack's ports that something else holds. */
export async function requireFreePorts(settings: Settings): Promise<void> {
  for (const key of ['api', 'db', 'mail', 'smtp', 'web'] as const) {
    const port = settings.ports[key]
    if (port === undefined || isFree(port) || !await isServed(port) && await becomesFree(port)) continue
    throw new Failure(
      `port ${port} (for ${uses[key]}) is taken: stop what uses it, or move all ports, as in PORT_OFFSET=100 npm start`,
    )
  }
}

/** These ports are ones that a system also gives to outgoing connections: such a one goes away by itself. */
async function becomesFree(port: number): Promise<boolean> {
  for (let waited = 0; waited < 5_000; waited += 100) {
    if (isFree(port)) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

async function isServed(port: number): Promise<boolean> {
  try {
    const connection = await Deno.connect({ hostname: '127.0.0.1', port })
    connection.close()
    return true
  } catch {
    return false
  }
}

/** A port that nothing listens on at the moment. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const { port } = listener.addr
  listener.close()
  return port
}

/** Whether nothing listens on a port. */
export function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: '127.0.0.1', port }).close()
    return true
  } catch {
    return false
  }
}
