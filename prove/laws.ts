import type { Transaction } from '../tests/database/support/outcome.ts'
import type { Finding, Proof } from './proof.ts'

/** One law, and how it fared. */
export interface Law {
  name: string
  /** What holds, for a security reviewer. */
  sentence: string
  /** How many objects it was proven for. */
  objects: number
  broken: number
}

/** One thing a law was asked about. */
export interface Check {
  law: string
  object: string
  ok: boolean
}

/** Asks tenancy.verify() for all laws. */
export async function proveLaws(tx: Transaction): Promise<{ proof: Proof; laws: Law[]; checks: Check[] }> {
  const rows = await tx<(Check & Finding & { ok: boolean })[]>`
    select law, object, ok, detail, consequence, mend from tenancy.verify()`
  const known = await tx<{ name: string; sentence: string }[]>`
    select name, sentence from tenancy.laws order by position`
  const laws = known.map(({ name, sentence }) => {
    const about = rows.filter(({ law }) => law === name)
    return { name, sentence, objects: about.length, broken: about.filter(({ ok }) => !ok).length }
  })
  const findings = rows.filter(({ ok }) => !ok)
    .map(({ law, object, detail, consequence, mend }) => ({ law, object, detail, consequence, mend }))
  const checks = rows.map(({ law, object, ok }) => ({ law, object, ok }))
  const proof = {
    name: 'laws',
    claim: 'The database is set up so that a company reaches its own rows and no others.',
    tried: `${laws.length} laws were checked for ${checks.length} objects, found in the catalog`,
    findings,
  }
  return { proof, laws, checks }
}
