import { describe, expect, it } from 'vitest'
import { attempt, inTransaction, type Transaction } from './support/database.ts'

// How late a replica may be, as the database decides it; with a real standby in tests/faults/replica.test.ts.

const at = async (tx: Transaction) => (await tx`select at from tenancy.heartbeat`)[0]?.at
const asked = (tx: Transaction) => attempt(tx, (tx) => tx`select tenancy.refuse_stale()`)
const refused = { refused: { state: 'PT503', code: 'unavailable' } }

describe('a replica', () => {
  it('answers while it heard of the primary a moment ago, and no longer', () =>
    inTransaction(async (tx) => {
      await tx`select tenancy.serve_replicas('15 seconds')`
      expect(await asked(tx)).toMatchObject({ count: 1 })
      await tx`update tenancy.heartbeat set at = clock_timestamp() - interval '16 seconds'`
      expect(await asked(tx)).toMatchObject(refused)
      await tx`update tenancy.heartbeat set max_lag = '1 minute'`
      expect(await asked(tx)).toMatchObject({ count: 1 })
    }))

  it('answers nothing where nobody said how late it may be', () =>
    inTransaction(async (tx) => {
      await tx`select tenancy.serve_replicas()`
      await tx`select tenancy.serve_replicas(null)`
      expect(await asked(tx)).toMatchObject(refused)
    }))

  it('is not written for where nobody follows', () =>
    inTransaction(async (tx) => {
      await tx`select tenancy.serve_replicas()`
      const before = await at(tx)
      await tx`select tenancy.beat()`
      expect(await at(tx)).toEqual(before)
    }))

  it.each(['0', '-1 second'])('can not be allowed to lag by %s', (lag) =>
    inTransaction(async (tx) => {
      expect(await attempt(tx, (tx) => tx`select tenancy.serve_replicas(${lag}::interval)`))
        .toMatchObject({ refused: { constraint: 'heartbeat_may_lag' } })
    }))
})
