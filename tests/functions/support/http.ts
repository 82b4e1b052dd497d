/** What a request says besides method and address. `json` is sent as JSON, `body` as it is. */
export interface Request {
  json?: unknown
  body?: BodyInit
  headers?: Record<string, string>
}

/** An answer, read to its end; `body` is the parsed JSON, and undefined where there is none. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  body: unknown
}

/** Sends a request and reads the whole answer. */
export async function send(method: string, url: string, { json, body, headers }: Request = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: json === undefined ? body : JSON.stringify(json),
  })
  const text = await response.text()
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
  }
}
