import { instructions, listen, serve } from '../speak.ts'
import { readFiles, type WebFile } from './files.ts'
import { securityHeaders } from '../../web/headers.ts'

/** What the dashboard's server is told. */
export interface WebInstructions {
  port: number
  /** The address under which people, and functions that look at the origin, know it. */
  url: string
  /** The built dashboard. */
  folder: string
  /** Answer of `/config.json`: what the built files don't know. */
  config: { api_url: string; publishable_key: string }
}

const told = instructions<WebInstructions>()
const files = await readFiles(told.folder)
const common = securityHeaders(told.config.api_url)

const answer = (status: number, body: BodyInit | null, headers: Record<string, string>): Response =>
  new Response(body, { status, headers: { ...common, ...headers } })

function send({ type, plain, gzip }: WebFile, request: Request, caching: string): Response {
  const packed = gzip !== undefined && /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
  return answer(200, packed ? gzip : plain, {
    'content-type': type,
    'cache-control': caching,
    vary: 'accept-encoding',
    ...(packed && { 'content-encoding': 'gzip' }),
  })
}

serve(told.port, (request) => {
  const { host, pathname, search } = new URL(request.url)
  if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, null, { allow: 'GET, HEAD' })
  // One origin: sessions and what the API allows belong to it.
  const home = new URL(told.url)
  if (host !== home.host) return answer(307, null, { location: home.origin + pathname + search })

  if (pathname === '/config.json') {
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
    return answer(200, JSON.stringify(told.config), headers)
  }
  const file = files.get(pathname)
  // The names of assets change with what is in them.
  if (file) return send(file, request, pathname.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache')
  const index = files.get('/index.html')
  // Every other address is one of the app's own pages.
  return index && !pathname.startsWith('/assets/') ? send(index, request, 'no-cache') : answer(404, 'Not found', {})
})
listen()
