import { importJWK, SignJWT } from 'jose'
import type { Status } from '../../local/state.ts'
import type { Sender } from './system.ts'

/** Mints access tokens as Auth would, one for each person and device, with the stack's own key. */
export function createTokens(status: Status): (sender: Sender) => Promise<string> {
  const jwk = JSON.parse(status.SIGNING_KEY)
  const minted = new Map<string, Promise<string>>()

  const mint = async ({ user_id, email, session_id }: Sender) =>
    await new SignJWT({ role: 'authenticated', session_id, email })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: jwk.kid })
      .setSubject(user_id)
      .setAudience('authenticated')
      .setExpirationTime('1h')
      .sign(await importJWK(jwk, 'ES256'))

  return (sender) => {
    const key = `${sender.user_id} ${sender.session_id}`
    const token = minted.get(key) ?? mint(sender)
    minted.set(key, token)
    return token
  }
}
