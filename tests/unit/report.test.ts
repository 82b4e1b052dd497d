import { expect, it } from 'vitest'
import { toMarkdown } from '../../prove/markdown.ts'
import type { Proof } from '../../prove/proof.ts'
import { type Found, toReport } from '../../prove/report.ts'

// What a proof says at its head, and ends with, is what its findings say.

const found: Omit<Found, 'proofs'> = {
  database: { host: 'localhost', port: '1', name: 'x', user: 'postgres', server: '17', engine: '0' },
  schemas: ['public'],
  laws: [],
  tables: [],
  checks: [],
}
const proof = (name: string, findings: Proof['findings'] = []): Proof => ({ name, claim: 'c', tried: 't', findings })
const finding = { law: 'l', object: 'o', detail: 'd', consequence: 'c', mend: 'm' }

it('holds when no proof has a finding', () => {
  const report = toReport({ ...found, proofs: [proof('laws'), proof('two worlds')] })
  expect(report).toMatchObject({ holds: true, findings: [] })
  expect(toMarkdown(report)).toContain('**Every claim holds.**')
})

it.each([['laws', 0], ['two worlds', 1], ['model', 2]])('does not hold when %s has one', (_, at) => {
  const proofs = ['laws', 'two worlds', 'model'].map((name, here) => proof(name, here === at ? [finding] : []))
  const report = toReport({ ...found, proofs })
  expect(report).toMatchObject({ holds: false, findings: [finding] })
  expect(toMarkdown(report)).toContain('**Not every claim holds.**')
  // Nor when an earlier report of a part of it is gone over again.
  expect(toReport({ ...toReport({ ...found, proofs: [] }), proofs }).holds).toBe(false)
})
