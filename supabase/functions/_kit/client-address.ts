import type { Deps } from './deps.ts'

const address = /^[0-9a-f:.[\]]{2,60}$/i

/**
 * The address that the outermost of our proxies saw: counted from the right, because whatever stands further left was
 * there before them, in the client's own words. `unknown` where there is none.
 */
export function toClientAddress(
  forwardedFor: string | undefined,
  trustedProxies: number,
): string {
  const seen = trustedProxies > 0 ? forwardedFor?.split(',').at(-trustedProxies)?.trim() ?? '' : ''
  return address.test(seen) ? seen : 'unknown'
}

/**
 * The headers that tell the database whose request this is, as `tenancy.client_address()` reads them; none without a
 * secret to sign them with.
 */
export function signClientAddress(
  { sign, trustedProxies }: Pick<Deps, 'sign' | 'trustedProxies'>,
  requestId: string,
  forwardedFor: string | undefined,
): Record<string, string> {
  if (!sign) return {}
  const address = toClientAddress(forwardedFor, trustedProxies)
  const time = String(Math.floor(Date.now() / 1000))
  const signature = sign(['client-address', address, requestId, time].join('\n'))
  return {
    'x-client-address': address,
    'x-client-signature': `${time}.${signature}`,
  }
}
