import { PostgrestClient } from '@supabase/postgrest-js'
import type { CreateRecords } from '../../../shared/contract/records.ts'
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

/** Rows as the Data API stored them: its own JSON text, which nobody needs to parse on the way to the client. */
export interface StoredRows {
  json: string
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
  const ask: typeof fetch = async (input, init) => {
    const response = await deps.fetch(input, init)
    if (response.headers.get('idempotent-replayed') === 'true') replayed = true
    return response
  }
  const postgrest = new PostgrestClient(url, { headers, fetch: ask, timeout, retry: false })

  /** Calls a function of the database; `must` checks what it answers. */
  const rpc = async <Name extends keyof Functions>(name: Name, ...[args]: Arguments<Name>): Promise<DataApiResult> =>
    await postgrest.rpc(name, args)

  /**
   * Stores a row or several, all or none. They may differ in their keys: a column that a row leaves out gets its
   * default. The client above would parse the answer, which costs more than the rest of a request with 1,000 rows.
   */
  async function insert(table: string, sent: CreateRecords, text: string): Promise<StoredRows> {
    const rows = [sent].flat()
    const columns = [...new Set(rows.flatMap(Object.keys))]
    if (columns.length > mostColumns) {
      throw new Problem('validation_failed', { detail: 'No table has that many columns.' })
    }
    // Every table has an id: without any column there would be one row, however many were sent.
    const query = encodeURIComponent((columns.length > 0 ? columns : ['id']).map(toQuotedName).join(','))
    const response = await ask(once ? `${url}/rpc/create_records` : `${url}/${table}?columns=${query}`, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        ...(!once && { prefer: 'return=representation,missing=default,count=exact' }),
      },
      // As it came: numbers that JavaScript can't hold reach the database as they are.
      body: once ? `{"table_name":${JSON.stringify(table)},"records":${text}}` : text,
      signal: AbortSignal.timeout(timeout),
    }).catch((cause) => {
      throw new Problem('unavailable', { cause })
    })
    if (!response.ok) throw toProblem(await readError(response), response.status, sent)
    const count = once ? undefined : response.headers.get('content-range')?.split('/')[1]
    return { json: await response.text(), count: Number(count ?? rows.length) }
  }

  /** Whether the database answered a request that was made before, and did nothing. */
  const isReplay = (): boolean => replayed

  return { rpc, insert, isReplay }
}

/** The Data API on somebody's behalf. */
export type DataApi = ReturnType<typeof createDataApi>

const toQuotedName = (column: string): string => `"${column.replace(/["\\]/g, '\\$&')}"`

async function readError(response: Response): Promise<DataApiError> {
  const text = await response.text()
  try {
    return Object(JSON.parse(text))
  } catch {
    return { message: text }
  }
}
