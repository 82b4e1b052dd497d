import { announce, instructions, listen } from '../speak.ts'
import { createCredentials } from './credentials.ts'
import { createPages } from './pages.ts'
import { createForwarder } from './forward.ts'
import type { GatewayInstructions, Upstreams } from './instructions.ts'

const told = instructions<GatewayInstructions>()
const upstreams: Upstreams = {}
const credentials = await createCredentials(told)
const forward = createForwarder(upstreams, credentials)
const pages = createPages(told, upstreams)

const server = Deno.serve({
  hostname: '127.0.0.1',
  port: told.port,
  onListen: ({ port }) => announce(port),
}, (request, { remoteAddr }) => {
  // Not `new URL`: this is on the path of every request, and the path is passed on as it came.
  const start = request.url.indexOf('/', 8)
  const path = start < 0 ? '/' : request.url.slice(start)
  return forward(request, path, remoteAddr.hostname) ?? pages(path)
})
Deno.addSignalListener('SIGTERM', () => server.shutdown().finally(() => Deno.exit(0)))
listen<Upstreams>((message) => Object.assign(upstreams, message))
