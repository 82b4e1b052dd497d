import { type Actor, addressOf, type Cast, people, type Person, stage as stageIn } from '../../database/support/cast.ts'
import { sql } from '../../database/support/database.ts'
import { type Answer, type Request, send } from './http.ts'
import { stack } from './stack.ts'
import { type Algorithm, claimsFor, mint } from './tokens.ts'

export { type Actor, people, type Person }

/** Everybody who can ask. */
export const actors: Actor[] = [...people, 'anon']

/** The cast of one test, with whatever its requests need. All of it is new, so that tests never meet. */
export interface Stage extends Cast {
  emails: Record<Person, string>
  tokens: Record<Person, string>
  /** In every address that `address()` makes. */
  mark: string
  /** A fresh address for somebody who is not of the cast. */
  address(name: string): string
  /** A request to a function. Everybody sends the publishable key; `anon` nothing else. */
  call(actor: Actor, method: string, path: string, request?: Request): Promise<Answer>
  /** A request to the Data API. */
  rest(actor: Actor, method: string, path: string, request?: Request): Promise<Answer>
}

/** Brings the cast on stage: alice, adam, mona, mia at Acme, bob at Globex, eve nowhere. */
export async function stage(algorithm: Algorithm = 'ES256'): Promise<Stage> {
  const mark = crypto.randomUUID().slice(0, 8)
  const cast = await sql.begin((tx) => stageIn(tx, mark))
  const emails = forEachPerson((person) => addressOf(person, mark))
  const signedIn = await signIn({ ...cast, emails }, algorithm)
  return { ...cast, ...signedIn, emails, mark, address: (name) => `${name}.${mark}@example.test` }
}

/** New tokens for the cast, signed this way, and requests that carry them. */
export async function signIn(
  { users, emails }: Pick<Stage, 'users' | 'emails'>,
  algorithm: Algorithm,
): Promise<Pick<Stage, 'tokens' | 'call' | 'rest'>> {
  const signed = await Promise.all(people.map((person) => mint(algorithm, claimsFor(users[person], emails[person]))))
  const tokens = forEachPerson((person) => signed[people.indexOf(person)] ?? '')
  const on = (base: string) => (actor: Actor, method: string, path: string, { headers, ...request }: Request = {}) =>
    send(method, base + path, {
      ...request,
      headers: {
        apikey: stack('PUBLISHABLE_KEY'),
        ...(actor !== 'anon' && { authorization: `Bearer ${tokens[actor]}` }),
        ...headers,
      },
    })
  return { tokens, call: on(stack('FUNCTIONS_URL')), rest: on(stack('REST_URL')) }
}

function forEachPerson<Value>(value: (person: Person) => Value): Record<Person, Value> {
  const [alice, adam, mona, mia, bob, eve] = people
  return {
    alice: value(alice),
    adam: value(adam),
    mona: value(mona),
    mia: value(mia),
    bob: value(bob),
    eve: value(eve),
  }
}
