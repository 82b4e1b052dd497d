import type postgres from 'postgres'

interface Request {
  id: string
  method: string
  url: string
  params: Record<string, string>
  headers: Record<string, string>
  body: string | null
  timeout_milliseconds: number
}

/** How long answers can be read, as in pg_net. */
const ttl = '6 hours'

/** Sends what `net.http_post` queued, once its transaction has committed. At most once: a request is forgotten first. */
export async function deliverRequests(sql: postgres.Sql): Promise<void> {
  let again = false
  let running = false
  const drain = async () => {
    again = true
    if (running) return
    running = true
    try {
      while (again) {
        again = false
        const requests = await take(sql)
        if (requests.length > 0) again = true
        await Promise.all(requests.map((request) => send(sql, request)))
      }
    } catch (error) {
      console.warn(`webhooks: ${error instanceof Error ? error.message : error}`)
    } finally {
      running = false
    }
  }
  await sql.listen('net_http_request', drain)
  await drain()
  setInterval(drain, 5_000)
  setInterval(() => sql`delete from net._http_response where created < now() - ${ttl}::interval`.catch(() => 0), 60_000)
}

const take = (sql: postgres.Sql): Promise<Request[]> =>
  sql<Request[]>`
    delete from net.http_request_queue
    where id in (select id from net.http_request_queue order by id limit 50 for update skip locked)
    returning id, method, url, params, headers, body, timeout_milliseconds`

async function send(sql: postgres.Sql, request: Request): Promise<void> {
  try {
    const url = new URL(request.url)
    for (const [name, value] of Object.entries(request.params)) url.searchParams.append(name, value)
    const response = await fetch(url, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      signal: AbortSignal.timeout(request.timeout_milliseconds),
    })
    const content = await response.text()
    await sql`
      insert into net._http_response (id, status_code, content_type, headers, content, timed_out)
      values (${request.id}, ${response.status}, ${response.headers.get('content-type')},
        ${sql.json(Object.fromEntries(response.headers))}, ${content}, false)`
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError'
    const message = error instanceof Error ? error.message : String(error)
    console.warn(`webhook ${request.url}: ${message}`)
    await sql`
      insert into net._http_response (id, timed_out, error_msg) values (${request.id}, ${timedOut}, ${message})`
  }
}
