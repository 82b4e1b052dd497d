import postgres from 'postgres'
import type { Status } from '../../local/state.ts'
import { isProblemCode, problems } from '../../shared/problems.ts'
import { attempt } from '../../tests/database/support/outcome.ts'
import { type Answer, send as sendTo } from '../../tests/functions/support/http.ts'
import { routeOf } from './routes.ts'
import { type Door, problemOf, type Reply, type Request, type Sender, type System } from './system.ts'
import { createTokens } from './tokens.ts'

/** The functions and the Data API of a running stack. What runs leave there stays, under ids of their own. */
export function createHttpDoor(status: Status, sql: postgres.Sql, facts: System['facts']): Door {
  const tokenOf = createTokens(status)

  async function ask(sender: Sender, method: string, url: string, json?: unknown, prefer = '') {
    const { organization } = sender
    return await sendTo(method, url, {
      json,
      headers: {
        apikey: status.PUBLISHABLE_KEY,
        authorization: `Bearer ${await tokenOf(sender)}`,
        ...(organization !== undefined && { 'x-organization-id': organization }),
        ...(prefer && { prefer }),
      },
    })
  }

  async function call(sender: Sender, name: string, args: Record<string, unknown>): Promise<Reply> {
    const route = routeOf(name, args)
    if (!route) return toReply(await ask(sender, 'POST', `${status.REST_URL}/rpc/${name}`, args))
    return toReply(await ask(sender, route.method, status.FUNCTIONS_URL + route.path, route.json))
  }

  async function touch(sender: Sender, request: Exclude<Request, { does: 'call' }>): Promise<Reply> {
    const back = 'return=representation'
    const table = `${status.REST_URL}/${request.table}`
    switch (request.does) {
      case 'insert': {
        const reply = toReply(
          await ask(sender, 'POST', `${status.FUNCTIONS_URL}/records/${request.table}`, request.row),
        )
        return 'body' in reply ? { body: Object(reply.body).records } : reply
      }
      case 'upsert':
        return toReply(await ask(sender, 'POST', table, request.row, `${back},resolution=merge-duplicates`))
      case 'update':
        return toReply(await ask(sender, 'PATCH', `${table}?id=eq.${request.id}`, request.change, back))
      case 'delete':
        return toReply(await ask(sender, 'DELETE', `${table}?id=eq.${request.id}`, undefined, back))
      case 'read':
        return toReply(await ask(sender, 'GET', request.id === undefined ? table : `${table}?id=eq.${request.id}`))
    }
  }

  async function look(sender: Sender, tables: string[]) {
    const seen: Record<string, unknown> = {}
    for (const table of tables) seen[table] = (await ask(sender, 'GET', `${status.REST_URL}/${table}`)).body
    return seen
  }

  const own: System['own'] = async (statement) => {
    const outcome = await sql.begin((tx) => attempt(tx, statement))
    return outcome.refused
      ? { refused: problemOf(outcome.refused.state, outcome.refused.code) }
      : { body: outcome.count }
  }
  const send: System['send'] = (sender, request) =>
    request.does === 'call' ? call(sender, request.name, request.args) : touch(sender, request)
  return { name: 'http', open: (run) => run({ name: 'http', facts, owner: sql, own, send, look }) }
}

/** Functions say the code themselves, the Data API in the state and the hint; the HTTP status must be the code's. */
function toReply({ status, body, text }: Answer): Reply {
  if (status < 300) return { body }
  const { code, hint } = Object(body)
  const refused = isProblemCode(code) ? code : problemOf(String(code), String(hint))
  if (isProblemCode(refused) && problems[refused].status === status) return { refused }
  return { refused: `${refused} with HTTP status ${status}: ${text.slice(0, 200)}` }
}
