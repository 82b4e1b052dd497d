import { setTimeout } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFunctions } from '../unit/support/functions.ts'
import { sql } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import type { Answer } from './support/http.ts'
import { codeOf, expectProblem } from './support/problems.ts'
import { stack } from './support/stack.ts'

// The same key many times at once, and an answer that gets lost on its way: the effect is there once.

let cast: Stage
beforeAll(async () => {
  cast = await stage()
})

const holder = postgres(stack('DB_URL'), { max: 1, onnotice: () => {} })
afterAll(() => holder.end())

const numberOf = (round: number) => `+1555${String(round).padStart(6, '0')}`
const store = (key: string, phone_number: string) =>
  cast.call('mia', 'POST', '/records/leads', { json: { phone_number }, headers: { 'idempotency-key': key } })
const leads = (phone_number: string) =>
  sql`select id from leads where organization_id = ${cast.acme} and phone_number = ${phone_number}`
const isReplay = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true'

/** Expects one effect, one answer to it, and all others told that it runs or what came of it. */
async function expectOnce(answers: Answer[], phone_number: string): Promise<void> {
  const rows = await leads(phone_number)
  expect(rows).toHaveLength(1)
  const served = answers.filter(({ status }) => status === 201)
  expect(served.filter((answer) => !isReplay(answer))).toHaveLength(1)
  for (const { body } of served) expect(body).toMatchObject({ count: 1, records: [{ id: rows[0]?.id }] })
  for (const answer of answers.filter((answer) => !served.includes(answer))) {
    expectProblem(answer, 'idempotency_in_progress')
    expect(answer.headers.get('retry-after')).toBe('1')
  }
}

describe('the same key twenty times at once', () => {
  it('has one effect, in 40 rounds', { timeout: 120_000 }, async () => {
    for (let round = 0; round < 40; round++) {
      const [key, number] = [crypto.randomUUID(), numberOf(round)]
      await expectOnce(await Promise.all(Array.from({ length: 20 }, () => store(key, number))), number)
    }
  })

  it('while the first can’t finish tells the others at once, in 20 rounds', { timeout: 120_000 }, async () => {
    for (let round = 100; round < 120; round++) {
      const [key, number] = [crypto.randomUUID(), numberOf(round)]
      let answered = 0
      let requests: Promise<Answer>[] = []
      await holder.begin(async (tx) => {
        // The insert of the first waits here: its foreign key asks for the organization.
        await tx`select 1 from organizations where id = ${cast.acme} for update`
        requests = Array.from({ length: 20 }, () => store(key, number).finally(() => answered++))
        const end = performance.now() + 8000
        while (answered < 19 && performance.now() < end) await setTimeout(5)
        expect(answered).toBe(19)
      })
      const answers = await Promise.all(requests)
      await expectOnce(answers, number)
      expect(answers.map(codeOf).filter((code) => code === 'idempotency_in_progress')).toHaveLength(19)
      const after = await store(key, number)
      expect([after.status, isReplay(after)]).toEqual([201, true])
    }
  })

  it('does not hold up another key', async () => {
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()]
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => store(first, numberOf(200))),
      ...Array.from({ length: 5 }, () => store(second, numberOf(201))),
    ])
    await expectOnce(answers.slice(0, 5), numberOf(200))
    await expectOnce(answers.slice(5), numberOf(201))
  })
})

describe('an answer that is lost after the effect', () => {
  /** The functions, as mia, on a connection to the Data API that breaks once the answer has come. */
  function createBreaking() {
    const line = { breaks: true }
    const functions = createFunctions(async ({ url, headers, text }) => {
      const response = await fetch(stack('API_URL') + url.pathname + url.search, {
        method: 'POST',
        headers: {
          ...Object.fromEntries(headers),
          apikey: stack('PUBLISHABLE_KEY'),
          authorization: `Bearer ${cast.tokens.alice}`,
        },
        body: text,
      })
      if (!line.breaks) return response
      await response.body?.cancel()
      throw new TypeError('connection closed before message completed')
    })
    return { ...functions, line }
  }

  it('comes with the retry, and nothing is done twice: rows', async () => {
    const { sendAsAlice, line } = createBreaking()
    const number = numberOf(300)
    const ask = () =>
      sendAsAlice('POST', '/records/leads', { phone_number: number }, { 'idempotency-key': 'rows-of-a-test-300' })
    const lost = await ask()
    expect([lost.status, (await lost.json()).code]).toEqual([503, 'unavailable'])
    expect(await leads(number)).toHaveLength(1)
    line.breaks = false
    const again = await ask()
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
    expect(await again.json()).toMatchObject({ count: 1, records: [{ phone_number: number }] })
    expect(await leads(number)).toHaveLength(1)
  })

  it('comes with the retry, and nothing is done twice: an invitation, whose mail nobody sent', async () => {
    const { sendAsAlice, line, mailed } = createBreaking()
    const email = cast.address('lost')
    const ask = () =>
      sendAsAlice('POST', `/organizations/${cast.acme}/invitations`, { email, role: 'member' }, {
        'idempotency-key': 'invitation-of-a-test',
      })
    expect((await ask()).status).toBe(503)
    line.breaks = false
    const again = await ask()
    expect(await again.json()).toMatchObject({
      invitation: { email, status: 'pending' },
      token: expect.stringMatching(/^inv_/),
      mail: 'unknown',
    })
    expect(mailed).toEqual([])
    expect(await sql`select 1 from organization_invitations where email = ${email}`).toHaveLength(1)
  })
})
