import { instructions, listen, serve } from '../speak.ts'
import { createCredentials } from './credentials.ts'
import { forward } from './forward.ts'
import type { GatewayInstructions, Upstreams } from './instructions.ts'
import { createPages } from './pages.ts'
import { createRouter } from './routes.ts'

const told = instructions<GatewayInstructions>()
const upstreams: Upstreams = {}
const route = createRouter(upstreams, await createCredentials(told))
const pages = createPages(told, upstreams)

serve(told.port, (request, { remoteAddr }) => {
  // Not `new URL`: this is on the path of every request, and the path is passed on as it came.
  const start = request.url.indexOf('/', 8)
  const path = start < 0 ? '/' : request.url.slice(start)
  const to = route(request.method, path, request.headers)
  if (to.kind === 'answer') return to.response
  return to.kind === 'own' ? pages(path) : forward(request, to, remoteAddr.hostname)
})
listen<Upstreams>((message) => Object.assign(upstreams, message))
