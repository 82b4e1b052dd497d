import { describe, expect, it } from 'vitest'
import { ProblemError } from '../../shared/client/index.ts'
import type { NewLead } from '../../shared/contract/leads.ts'
import type { ProblemCode } from '../../shared/problems.ts'
import type { GoodRow } from '../../web/app/leads/import/check.ts'
import { createSender, type Progress } from '../../web/app/leads/import/send.ts'

// Sending rows, with a server that keeps answers under their keys as ours does.

const refuse = (code: ProblemCode, status: number, detail: string = code): ProblemError =>
  new ProblemError(code, { status, detail })

interface Script {
  /** What a request is answered with in place of being served; null serves it. `lost` serves it and loses the answer. */
  answer?: (leads: NewLead[], request: number) => ProblemError | 'lost' | null
  isBad?: (lead: NewLead) => boolean
  controller?: AbortController
}

function scene(rowsPerBatch: number[], { answer = () => null, isBad = () => false, controller }: Script = {}) {
  const stored: string[] = []
  const kept = new Set<string>()
  const requests: { key: string; rows: number }[] = []
  const waits: number[] = []
  const reports: Progress[] = []
  let row = 1
  const batches: GoodRow[][] = rowsPerBatch.map((length) =>
    Array.from({ length }, () => ({ row: ++row, lead: { phone_number: `+1415555${String(row).padStart(4, '0')}` } }))
  )
  const serve = (leads: NewLead[]): ProblemError | null => {
    if (leads.some(isBad)) return refuse('validation_failed', 422, 'One of them is wrong.')
    stored.push(...leads.map(({ phone_number }) => phone_number))
    return null
  }
  const sender = createSender({
    batches: batches.length,
    batch: (n) => Promise.resolve(batches[n] ?? []),
    create: (leads, { idempotencyKey }) => {
      requests.push({ key: idempotencyKey, rows: leads.length })
      const said = answer(leads, requests.length)
      if (said instanceof ProblemError) return Promise.resolve({ data: null, error: said })
      // What was refused is not kept: nothing was done.
      const served = kept.has(idempotencyKey) ? null : serve(leads)
      if (!served) kept.add(idempotencyKey)
      const error = said === 'lost' ? refuse('unavailable', 0) : served
      return Promise.resolve(error ? { data: null, error } : { data: {}, error: null })
    },
    signal: (controller ?? new AbortController()).signal,
    onProgress: (progress) => reports.push(progress),
    wait: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
  })
  return { sender, stored, requests, waits, reports }
}

describe('an import', () => {
  it('sends every request once, under a key of its own, and says how far it is', async () => {
    const { sender, stored, requests, reports } = scene([3, 3, 2])
    expect(await sender.send()).toEqual({ state: 'done' })
    expect(stored).toHaveLength(8)
    expect(new Set(stored).size).toBe(8)
    expect(new Set(requests.map(({ key }) => key)).size).toBe(3)
    expect(reports.map(({ added }) => added)).toEqual([3, 3, 6, 6, 8, 8])
    expect(sender.progress()).toEqual({ added: 8, refused: [], next: 3, settled: [] })
  })

  it('tries again what was not answered, and stores nothing twice', async () => {
    const { sender, stored, requests, waits } = scene([2, 2], {
      answer: (_, request) => request === 1 || request === 2 ? 'lost' : null,
    })
    expect(await sender.send()).toEqual({ state: 'done' })
    expect(stored).toHaveLength(4)
    expect(sender.progress().added).toBe(4)
    expect(new Set(requests.slice(0, 3).map(({ key }) => key)).size).toBe(1)
    expect(waits).toEqual([1000, 4000])
  })

  it('stands still when no answer comes, and goes on with the same key', async () => {
    let isDown = true
    const { sender, stored, requests } = scene([2, 2, 2], {
      answer: (_, request) => request > 1 && isDown ? 'lost' : null,
    })
    expect(await sender.send()).toMatchObject({ state: 'interrupted', problem: { code: 'unavailable' } })
    expect(sender.progress()).toMatchObject({ added: 2, next: 1 })
    isDown = false
    expect(await sender.send()).toEqual({ state: 'done' })
    expect(stored).toHaveLength(6)
    expect(new Set(stored).size).toBe(6)
    expect(sender.progress().added).toBe(6)
    expect(new Set(requests.map(({ key }) => key)).size).toBe(3)
  })

  it.each([['quota_exceeded', 402], ['forbidden', 403], ['organization_suspended', 403], ['not_found', 404]] as const)(
    'ends at %s, with what was stored before',
    async (code, status) => {
      const { sender, stored, requests } = scene([2, 2, 2], {
        answer: (_, request) => request === 2 ? refuse(code, status) : null,
      })
      expect(await sender.send()).toMatchObject({ state: 'stopped', problem: { code } })
      expect(stored).toHaveLength(2)
      expect(requests).toHaveLength(2)
      expect(sender.progress()).toMatchObject({ added: 2, next: 1, settled: [] })
    },
  )

  it('stands still when the session ends, and goes on with the next one', async () => {
    let isSignedIn = true
    const { sender, stored, requests, waits } = scene([2, 2, 2], {
      answer: (_, request) => {
        if (request === 2) isSignedIn = false
        return isSignedIn ? null : refuse('unauthenticated', 401)
      },
    })
    expect(await sender.send()).toMatchObject({ state: 'signed out', problem: { code: 'unauthenticated' } })
    expect(sender.progress()).toMatchObject({ added: 2, next: 1 })
    // Asking again would not help.
    expect([requests.length, waits.length]).toEqual([2, 0])
    isSignedIn = true
    expect(await sender.send()).toEqual({ state: 'done' })
    expect(new Set(stored).size).toBe(6)
    expect(stored).toHaveLength(6)
  })

  it('is stopped between two requests', async () => {
    const controller = new AbortController()
    const { sender, stored } = scene([2, 2, 2], {
      controller,
      answer: (_, request) => {
        if (request === 2) controller.abort()
        return null
      },
    })
    expect(await sender.send()).toEqual({ state: 'cancelled' })
    expect(stored).toHaveLength(4)
    expect(sender.progress()).toMatchObject({ added: 4, next: 2 })
  })

  it('finds the row that a request is refused for, and stores all others', async () => {
    const { sender, stored } = scene([64, 2], { isBad: ({ phone_number }) => phone_number.endsWith('0040') })
    expect(await sender.send()).toEqual({ state: 'done' })
    expect(stored).toHaveLength(65)
    expect(new Set(stored).size).toBe(65)
    expect(sender.progress()).toMatchObject({ added: 65, refused: [{ row: 40, problem: 'One of them is wrong.' }] })
  })

  it('goes on in the half where it was interrupted, and stores nothing twice', async () => {
    let isDown = false
    const { sender, stored } = scene([8], {
      isBad: ({ phone_number }) => phone_number.endsWith('0009'),
      answer: (_, request) => {
        // The first half is stored; of the second nobody hears anything.
        if (request === 3) isDown = true
        return isDown && request < 9 ? refuse('unavailable', 503) : null
      },
    })
    expect(await sender.send()).toMatchObject({ state: 'interrupted' })
    expect(sender.progress()).toMatchObject({ added: 4, settled: [2, 3, 4, 5] })
    expect(await sender.send()).toMatchObject({ state: 'interrupted' })
    isDown = false
    expect(await sender.send()).toEqual({ state: 'done' })
    expect(stored).toHaveLength(7)
    expect(new Set(stored).size).toBe(7)
    expect(sender.progress()).toMatchObject({ added: 7, refused: [{ row: 9 }] })
  })

  it('does not send a halved request whole again, also where its bad row has become a good one', async () => {
    let isDown = false
    let isStrict = true
    const { sender, stored } = scene([8], {
      isBad: ({ phone_number }) => isStrict && phone_number.endsWith('0009'),
      answer: (_, request) => {
        isDown ||= request === 3
        return isDown ? refuse('unavailable', 503) : null
      },
    })
    expect(await sender.send()).toMatchObject({ state: 'interrupted' })
    expect(stored).toHaveLength(4)
    isStrict = false
    isDown = false
    expect(await sender.send()).toEqual({ state: 'done' })
    expect(stored).toHaveLength(8)
    expect(new Set(stored).size).toBe(8)
    expect(sender.progress()).toMatchObject({ added: 8, refused: [] })
  })

  it('does not ask for each row of a file where all are refused', async () => {
    const { sender, stored, requests } = scene([1000, 1000], { isBad: () => true })
    expect(await sender.send()).toEqual({ state: 'done' })
    expect(stored).toEqual([])
    expect(sender.progress().refused).toHaveLength(2000)
    expect(requests.length).toBeLessThan(150)
  })
})
