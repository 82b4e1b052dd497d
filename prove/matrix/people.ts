import type { Status } from '../../local/state.ts'
import { problems } from '../../shared/problems.ts'
import { claimsFor, signHs256 } from '../../tests/functions/support/mint.ts'
import { type Actor, type Cell, nameOf } from './cells.ts'
import { isPerson, people, type Person, type Stage } from './stage.ts'

/** A request of somebody. */
export interface Asked {
  actor: Actor
  method: string
  url: string
  organization?: string
  prefer?: string
  json?: unknown
}

/** What came back: the status, the parsed body, and of a refusal its code. */
export interface Told {
  status: number
  body: unknown
  code: string
  message: string
}

/** Sends requests as the people of a stage. */
export type Send = (asked: Asked) => Promise<Told>

/** Gives the people of a stage access tokens as Auth writes them, and sends requests with them. */
export async function giveTokens(status: Status, { users }: Stage): Promise<Send> {
  // ES256 would be most of what a request costs PostgREST, and which algorithms it takes is not the question here.
  const mint = async (person: Person): Promise<[Person, string]> => [
    person,
    await signHs256(status.JWT_SECRET, claimsFor(users[person], `${person}@example.test`)),
  ]
  const tokens = new Map<Actor, string>(await Promise.all(people.map(mint)))

  return async ({ actor, method, url, organization, prefer, json }) => {
    const response = await fetch(url, {
      method,
      headers: {
        apikey: actor === 'service' ? status.SECRET_KEY : status.PUBLISHABLE_KEY,
        ...(isPerson(actor) && { authorization: `Bearer ${tokens.get(actor)}` }),
        ...(organization !== undefined && { 'x-organization-id': organization }),
        ...(prefer !== undefined && { prefer }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      body: json === undefined ? undefined : JSON.stringify(json),
    })
    const text = await response.text()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    const { code, hint, message, detail } = Object(body)
    // What the database raised on purpose has its code in the hint, behind a state that is the status.
    const raised = typeof code === 'string' && code.startsWith('PT')
    return {
      status: response.status,
      body,
      code: String(raised ? hint : code),
      message: String(message ?? detail ?? ''),
    }
  }
}

const isProblem = (code: string): code is keyof typeof problems => Object.hasOwn(problems, code)

/** What is wrong with an answer that a cell had, or nothing. */
export function judge(cell: Cell, answer: string, { status, message }: Told): string[] {
  const expected: readonly string[] = cell.expected
  if (!expected.includes(answer)) {
    return [`${nameOf(cell)}: expected ${expected.join(' or ')}, was ${answer}${message && ` (${message})`}`]
  }
  const right = answer === '42501'
    ? [cell.actor === 'anonymous' ? 401 : 403]
    : isProblem(answer)
    ? [problems[answer].status]
    : [200, 201]
  return right.includes(status) ? [] : [`${nameOf(cell)}: ${answer} with status ${status}`]
}

/** Does work on every item, some at a time, and answers in their order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  const worker = async () => {
    for (const [at, item] of waiting) results[at] = await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
