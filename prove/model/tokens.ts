import type { Status } from '../../local/state.ts'
import { claimsFor, signEs256 } from '../../tests/functions/support/mint.ts'
import type { Sender } from './system.ts'

/** Mints access tokens as Auth would, one for each person and device, with the stack's own key. */
export function createTokens(status: Status): (sender: Sender) => Promise<string> {
  const minted = new Map<string, Promise<string>>()
  const mint = ({ user_id, email, session_id }: Sender) =>
    signEs256(status.SIGNING_KEY, claimsFor(user_id, email, { session_id }))

  return (sender) => {
    const key = `${sender.user_id} ${sender.session_id}`
    const token = minted.get(key) ?? mint(sender)
    minted.set(key, token)
    return token
  }
}
