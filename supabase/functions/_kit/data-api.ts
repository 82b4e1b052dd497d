import type { CreateRecords, NewRecord } from '../../../shared/contract/records.ts'
import type { Database } from '../../../shared/database.types.ts'
import type { Deps } from './deps.ts'
import { type DataApiError, toProblem } from './data-api-problem.ts'
import type { DataApiResult } from './must.ts'
import { Problem } from './problem.ts'

type Functions = Database['public']['Functions']
type Arguments<Name extends keyof Functions> = Functions[Name]['Args'] extends Record<PropertyKey, never> ? []
  : [args: Functions[Name]['Args']]

const timeout = 10_000
const mostColumns = 100

/** On whose behalf a request to the Data API is made; without a token, on nobody's. */
export interface OnBehalfOf {
  requestId: string
  token?: string
  organizationId?: string
  /** What `signClientAddress` gave for the request. */
  clientAddress?: Record<string, string>
  once?: Once
}

/** What makes a request and its retry one: the database does it once and answers both. See idempotency.ts. */
export interface Once {
  key: string
  /** The route, as the contract names it. */
  route: string
  /** The organization that the path names, else the header. */
  organizationId?: string
  /** A hash of all that makes another request under the same key another one. */
  fingerprint: string
}

/** Rows as the Data API stored them: its own JSON, which nobody needs to read on the way to the client. */
export interface StoredRows {
  json: Uint8Array
  count: number
}

/** Builds a client of the Data API that carries the publishable key and the caller's own token, never a secret key. */
export function createDataApi(
  deps: Deps,
  { requestId, token, organizationId, clientAddress, once }: OnBehalfOf,
) {
  const url = `${deps.supabaseUrl}/rest/v1`
  const headers = {
    apikey: deps.publishableKeys[0],
    // Between two servers that stand side by side, packing and unpacking costs more than sending.
    'accept-encoding': 'identity',
    'content-type': 'application/json',
    'x-request-id': requestId,
    ...clientAddress,
    ...(token && { authorization: `Bearer ${token}` }),
    ...(organizationId && { 'x-organization-id': organizationId }),
    ...(once && {
      'x-idempotency-key': once.key,
      'x-idempotency-route': once.route,
      'x-idempotency-fingerprint': once.fingerprint,
      ...(once.organizationId && { 'x-idempotency-organization': once.organizationId }),
    }),
  }
  let replayed = false

  /** One request, and its answer read to the end. Raises `unavailable` where none comes, or not in time. */
  async function post<Body>(
    path: string,
    body: string,
    read: (response: Response) => Promise<Body>,
    more: Record<string, string> = {},
  ): Promise<{ response: Response; body: Body }> {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(new Error(`No answer within ${timeout} ms.`)), timeout)
    try {
      const response = await deps.fetch(`${url}/${path}`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body,
        signal: controller.signal,
      })
      if (response.headers.get('idempotent-replayed') === 'true') replayed = true
      return { response, body: await read(response) }
    } catch (cause) {
      throw new Problem('unavailable', { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Calls a function of the database; `must` checks what it answers. */
  async function rpc<Name extends keyof Functions>(name: Name, ...[args]: Arguments<Name>): Promise<DataApiResult> {
    const { response, body } = await post(`rpc/${name}`, JSON.stringify(args ?? {}), (response) => response.text())
    const { ok, status } = response
    return ok
      ? { data: body === '' ? null : JSON.parse(body), error: null, status }
      : { data: null, error: toError(body), status }
  }

  /**
   * Stores a row or several, all or none. They may differ in their keys: a column that a row leaves out gets its
   * default. The answer stays as it is: reading and writing it again would cost more than the rest of a request with
   * 1,000 rows.
   */
  async function insert(table: string, sent: CreateRecords, text: string): Promise<StoredRows> {
    const rows = [sent].flat()
    const { columns, areAlike } = columnsOf(rows)
    if (columns.length > mostColumns) {
      throw new Problem('validation_failed', { detail: 'No table has that many columns.' })
    }
    // Every table has an id: without any column there would be one row, however many were sent.
    const query = encodeURIComponent((columns.length > 0 ? columns : ['id']).map(toQuotedName).join(','))
    const read = (response: Response) => response.bytes()
    // As it came: numbers that JavaScript can't hold reach the database as they are.
    const { response, body: json } = once
      ? await post('rpc/create_records', `{"table_name":${JSON.stringify(table)},"records":${text}}`, read)
      : await post(`${table}?columns=${query}`, text, read, {
        // Filling in defaults takes the database as long as storing the rows: only where something is left out.
        prefer: `return=representation,count=exact${areAlike ? '' : ',missing=default'}`,
      })
    if (!response.ok) throw toProblem(toError(new TextDecoder().decode(json)), response.status, sent)
    const count = once ? undefined : response.headers.get('content-range')?.split('/')[1]
    return { json, count: Number(count ?? rows.length) }
  }

  /** Whether the database answered a request that was made before, and did nothing. */
  const isReplay = (): boolean => replayed

  return { rpc, insert, isReplay }
}

/** The Data API on somebody's behalf. */
export type DataApi = ReturnType<typeof createDataApi>

/** The columns that rows name, and whether every row names them all. */
function columnsOf(rows: NewRecord[]): { columns: string[]; areAlike: boolean } {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return { columns, areAlike: columns.length > 0 && rows.every((row) => Object.keys(row).length === columns.length) }
}

const toQuotedName = (column: string): string => `"${column.replace(/["\\]/g, '\\$&')}"`

function toError(text: string): DataApiError {
  try {
    return Object(JSON.parse(text))
  } catch {
    return { message: text }
  }
}
