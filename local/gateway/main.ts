import { announce, instructions, listen } from '../speak.ts'
import { createCredentials } from './credentials.ts'
import { serveConnection } from './exchange.ts'
import type { GatewayInstructions, Upstreams } from './instructions.ts'
import { createPages } from './pages.ts'
import { createRouter } from './routes.ts'
import { Wire } from './wire.ts'

const told = instructions<GatewayInstructions>()
const upstreams: Upstreams = {}
const gateway = {
  route: createRouter(upstreams, await createCredentials(told)),
  pages: createPages(told, upstreams),
}

const listener = Deno.listen({ hostname: '127.0.0.1', port: told.port })
announce(told.port)
listen<Upstreams>((message) => Object.assign(upstreams, message))

for await (const connection of listener) {
  serveConnection(new Wire(connection), connection.remoteAddr.hostname, gateway)
    .catch((error) => console.error('gateway:', error))
}
