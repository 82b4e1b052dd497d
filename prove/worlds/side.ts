import { claimsFor, signEs256, signHs256 } from '../../tests/functions/support/mint.ts'
import type { Company } from './company.ts'
import type { Actor, Template } from './template.ts'
import { uuidOf } from './company.ts'
import type { World } from './worlds.ts'

const client = Deno.createHttpClient({ poolMaxIdlePerHost: 32, http2: false })

/** An answer as it came. */
export interface RawAnswer {
  status: number
  headers: Headers
  text: string
}

/** The tokens of a company's people at one world, signed when they are first needed. */
export class Tokens {
  readonly #tokens = new Map<Actor, Promise<string>>()

  constructor(readonly world: World, readonly company: Company) {}

  of(actor: Actor): Promise<string> {
    let token = this.#tokens.get(actor)
    if (!token) this.#tokens.set(actor, token = this.#sign(actor))
    return token
  }

  async #sign(actor: Actor): Promise<string> {
    const { ids, addresses, mark } = this.company
    const { SIGNING_KEY, JWT_SECRET } = this.world.status
    const claims = claimsFor(ids[`user:${actor}`] ?? ids['user:owner'] ?? '', addresses[actor] ?? '', {
      session_id: uuidOf(`${mark} session of ${actor}`),
    })
    if (actor === 'forger') return await signHs256(`not ${JWT_SECRET}`, claims)
    // Both kinds of token that projects have; either is the same in both worlds. One of ES256 takes PostgREST 12 longer to
    // read for the first time than all of a request.
    return actor === 'admin' ? await signEs256(SIGNING_KEY, claims) : await signHs256(JWT_SECRET, claims)
  }
}

/** Sends a request whose names are filled in, and reads the whole answer. */
export async function send(
  { status }: World,
  { api, method, path, headers, body }: Template,
  token: string | undefined,
): Promise<RawAnswer> {
  const response = await fetch((api === 'rest' ? status.REST_URL : status.FUNCTIONS_URL) + path, {
    method,
    headers: { apikey: status.PUBLISHABLE_KEY, ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body,
    redirect: 'manual',
    client,
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
