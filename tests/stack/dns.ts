/** What the stand-in answers for a name: its TXT records, or an answer of the test's own. */
export interface Zone {
  texts?: string[]
  status?: number
  body?: string
  headers?: Record<string, string>
}

/** A lookup as it arrived. */
export interface Lookup {
  method: string
  type: string | null
  accept: string | null
}

/**
 * Stands in for a server of DNS over HTTPS, on a free port: `/dns-query` is what functions ask, `/zones/<name>` is where
 * tests say (PUT) what a name has and see (GET) who asked. A name that nobody described does not exist.
 */
export function startDns(): { url: string; stop(): Promise<void> } {
  const zones = new Map<string, Zone>()
  const lookups = new Map<string, Lookup[]>()

  const answer = (name: string): Response => {
    const { texts, status = 200, body, headers } = zones.get(name) ?? {}
    if (body !== undefined || status !== 200) return new Response(body, { status, headers })
    const records = texts?.map((text) => ({ name, type: 16, TTL: 60, data: JSON.stringify(text) }))
    return Response.json(records ? { Status: 0, Answer: records } : { Status: 3 })
  }

  const server = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: () => {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/dns-query') {
      const name = searchParams.get('name') ?? ''
      const lookup = {
        method: request.method,
        type: searchParams.get('type'),
        accept: request.headers.get('accept'),
      }
      lookups.set(name, [...lookups.get(name) ?? [], lookup])
      return answer(name)
    }
    const name = decodeURIComponent(pathname.slice('/zones/'.length))
    if (request.method === 'PUT') zones.set(name, await request.json())
    return Response.json(lookups.get(name) ?? [])
  })
  return { url: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() }
}
