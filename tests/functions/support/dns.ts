import { inject } from 'vitest'
import type { Lookup, Zone } from '../../stack/dns.ts'

const zoneOf = (name: string) => `${inject('dns')}/zones/${encodeURIComponent(name)}`

/** Says what the DNS that functions ask has under a name. */
export async function setZone(name: string, zone: Zone): Promise<void> {
  const response = await fetch(zoneOf(name), { method: 'PUT', body: JSON.stringify(zone) })
  await response.body?.cancel()
}

/** Who has looked a name up. */
export const lookupsOf = async (name: string): Promise<Lookup[]> => await (await fetch(zoneOf(name))).json()
