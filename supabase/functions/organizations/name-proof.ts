import { createHash } from 'node:crypto'
import type { Deps } from '../_kit/deps.ts'
import { Problem } from '../_kit/problem.ts'

/** A claim to a name of the DNS, and the record that proves it. */
interface NameClaim {
  id: string
  name: string
  record: { name: string; value: string }
}

/**
 * Looks for the record of a claim in the DNS, and says so in a way that the database believes: when, the SHA-256 of what
 * was found, and the functions' signature. Raises `conflict` when the record is not there, `unavailable` without an answer.
 */
export async function proveName(
  { resolveTxt, sign }: Pick<Deps, 'resolveTxt' | 'sign'>,
  { id, name, record }: NameClaim,
): Promise<string> {
  if (!sign) {
    throw new Problem('unavailable', {
      detail: 'Domains can’t be verified here yet; nothing was changed.',
      cause: new Error('Without FUNCTIONS_SECRET the database believes no proof.'),
    })
  }
  const found = (await resolveTxt(record.name)).find((text) => text === record.value)
  if (found === undefined) {
    throw new Problem('conflict', {
      detail:
        `The DNS has no TXT record ${record.name} with the value of this claim yet. New records can take a while.`,
      members: { record },
    })
  }
  const hash = createHash('sha256').update(found).digest('hex')
  const time = String(Math.floor(Date.now() / 1000))
  const signature = sign(['domain-proof', id, name, hash, time].join('\n'))
  return `${time}.${hash}.${signature}`
}
