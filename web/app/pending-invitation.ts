// An invitation's token outlives the way to an account: signing up goes by a mail, whose link opens another tab. It
// stays in this browser until the invitation is answered, and leaves the address bar at once.

const key = 'dial-smart.invitation'

/** Takes the token out of the address, and keeps it. */
export function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token) {
    localStorage.setItem(key, token)
    history.replaceState(history.state, '', location.pathname)
  }
  return localStorage.getItem(key)
}

export const pendingToken = (): string | null => localStorage.getItem(key)

export const forgetToken = (): void => localStorage.removeItem(key)
