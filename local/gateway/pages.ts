import { join } from 'node:path'
import type { GatewayInstructions, Upstreams } from './instructions.ts'

const assetTypes: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
}

/** The gateway's own pages: links, health, public keys, and the API's description made readable. */
export function createPages(told: GatewayInstructions, upstreams: Upstreams) {
  return async (path: string): Promise<Response> => {
    const [pathname = '/'] = path.split('?')
    if (pathname === '/') return html(linksPage(told.links))
    if (pathname === '/health') return health(upstreams)
    if (pathname === '/auth/v1/.well-known/jwks.json') return Response.json(told.jwks)
    if (pathname === '/docs' || pathname === '/docs/') return html(docsPage(told.publishableKey))
    const asset = pathname.match(/^\/docs\/([\w.-]+)$/)?.[1] ?? ''
    const type = assetTypes[asset]
    if (!type) return Response.json({ message: 'no Route matched with those values' }, { status: 404 })
    const file = await Deno.open(join(told.swagger, asset))
    return new Response(file.readable, { headers: { 'content-type': type, 'cache-control': 'max-age=3600' } })
  }
}

const html = (body: string): Response =>
  new Response(`<!doctype html><html lang="en"><meta charset="utf-8">${body}</html>`, {
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

const linksPage = (links: Record<string, string>): string =>
  '<title>Dial Smart</title><h1>Dial Smart</h1><table>' +
  Object.entries(links)
    .map(([name, url]) => `<tr><td>${escape(name)}<td><a href="${escape(url)}">${escape(url)}</a>`).join('') +
  '</table>'

const docsPage = (publishableKey: string): string =>
  `<title>Dial Smart API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><div id="docs"></div><script src="/docs/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({
  url: '/functions/v1/openapi',
  dom_id: '#docs',
  requestInterceptor: (request) => {
    request.headers.apikey = ${JSON.stringify(publishableKey)}
    return request
  },
})</script>`

function health(upstreams: Upstreams): Response {
  const parts = { rest: !!upstreams.rest, auth: !!upstreams.auth, functions: !!upstreams.functions }
  return Response.json(parts, { status: Object.values(parts).every(Boolean) ? 200 : 503 })
}
