import postgres from 'postgres'
import type { Status } from '../local/state.ts'
import { startStack } from '../tests/stack/start.ts'
import { claimsFor, signEs256 } from '../tests/functions/support/mint.ts'
import { median, percentile, spread, table } from './statistics.ts'

const availableCores = navigator.hardwareConcurrency

/**
 * People who accept invitations: one alone after the other, and all at once, to one organization and to many; beside them
 * the same people who only read, which says what a crowd costs on this machine whatever it asks.
 */
export async function measureAccept(callers = 50, rounds = 10): Promise<string> {
  const stack = await startStack()
  const sql = postgres(stack.status.DB_URL, { max: 4, onnotice: () => {} })
  try {
    const people = await signUp(sql, stack.status, callers)
    const alone: number[] = []
    const together = { one: [] as number[], many: [] as number[] }
    const reading = { alone: [] as number[], together: [] as number[] }
    // The first round warms up.
    for (let round = -1; round < rounds; round++) {
      const control = await invite(sql, people, [await found(sql)])
      const taken: number[] = []
      for (const request of control) taken.push(await accept(stack.status, request))
      if (round >= 0) alone.push(...taken)

      const read: number[] = []
      for (const person of people) read.push(await readOwn(stack.status, person))
      const readAtOnce = await Promise.all(people.map((person) => readOwn(stack.status, person)))
      if (round >= 0) {
        reading.alone.push(...read)
        reading.together.push(...readAtOnce)
      }

      for (const way of ['one', 'many'] as const) {
        const organizations = await Promise.all(Array.from({ length: way === 'one' ? 1 : callers }, () => found(sql)))
        const requests = await invite(sql, people, organizations)
        const times = await Promise.all(requests.map((request) => accept(stack.status, request)))
        if (round >= 0) together[way].push(...times)
      }
    }
    const control = median(alone)
    const row = (name: string, times: number[], ratio: string): string[] => [
      name,
      median(times).toFixed(1),
      percentile(times, 0.99).toFixed(1),
      spread(times, 1),
      ratio,
    ]
    const over = (times: number[], alone: number): string => (percentile(times, 0.99) / alone).toFixed(1)
    return `## Accepting invitations

\`npm run bench -- accept\`. ${callers} people, each with an invitation of their own, accept through \`invitations\`: one after the other,
and all in the same moment; ${rounds} rounds each way, interleaved, after one to warm up; milliseconds. The ratio is the 99th
percentile to the median of one alone. One round trip to the database each. Callers, gateway, functions and database share
${availableCores} cores, so that fifty requests can't be through before ${
      callers / availableCores
    } times what one of them takes of a processor; the last two rows
say what that comes to where nothing is written and nobody waits for anybody.

${
      table(['', 'median', '99th percentile', 'range', 'ratio'], [
        row('accepting, one alone (control)', alone, ''),
        row(`${callers} at once, to one organization`, together.one, `${over(together.one, control)}, < 10 wanted`),
        row(
          `${callers} at once, to ${callers} organizations`,
          together.many,
          `${over(together.many, control)}, < 10 wanted`,
        ),
        row('reading one’s invitations, one alone (control)', reading.alone, ''),
        row(`reading them, ${callers} at once`, reading.together, over(reading.together, median(reading.alone))),
      ])
    }`
  } finally {
    await sql.end()
    await stack.stop()
  }
}

/** Somebody with a confirmed address, and a token. */
export interface Person {
  id: string
  email: string
  token: string
}

/** Somebody who has an invitation. */
export interface Invited {
  person: Person
  invitation: string
}

/** Signs so many people up. */
export async function signUp(sql: postgres.Sql, stack: Status, count: number): Promise<Person[]> {
  const users = Array.from({ length: count }, (_, n) => ({ id: crypto.randomUUID(), email: `person${n}@bench.test` }))
  const rows = users.map((user) => ({
    ...user,
    email_confirmed_at: new Date(),
    aud: 'authenticated',
    role: 'authenticated',
  }))
  await sql`insert into auth.users ${sql(rows)}`
  return await Promise.all(users.map(async (user) => ({
    ...user,
    token: await signEs256(stack.SIGNING_KEY, claimsFor(user.id, user.email)),
  })))
}

/** An organization with seats for everybody, and an owner who stands for its invitations. */
export async function found(sql: postgres.Sql): Promise<{ id: string; owner: string }> {
  const [id, owner] = [crypto.randomUUID(), crypto.randomUUID()]
  await sql.begin((tx) => [
    tx`insert into auth.users ${tx({ id: owner, email: `${owner}@bench.test`, email_confirmed_at: new Date() })}`,
    tx`insert into organizations ${tx({ id, name: 'Bench', slug: `bench-${id.slice(0, 8)}`, max_users: 10_000 })}`,
    tx`insert into organization_users ${tx({ organization_id: id, user_id: owner, role: 'owner' })}`,
  ])
  return { id, owner }
}

/** Invites everybody, each to the next of these organizations. */
export async function invite(
  sql: postgres.Sql,
  people: Person[],
  organizations: { id: string; owner: string }[],
): Promise<Invited[]> {
  const requests = people.map((person, n) => ({
    id: crypto.randomUUID(),
    person,
    invitation: `inv_${crypto.randomUUID()}`,
    organization: organizations[n % organizations.length]!,
  }))
  const rows = requests.map(({ id, person, organization }) => ({
    id,
    organization_id: organization.id,
    email: person.email,
    role: 'member',
    invited_by: organization.owner,
    valid_for: '7 days',
    expires_at: new Date(Date.now() + 86_400_000),
  }))
  await sql`insert into organization_invitations ${sql(rows)}`
  await sql`insert into tenancy.invitation_tokens (invitation_id, token_hash)
    select t.id, sha256(convert_to(t.token, 'UTF8'))
    from unnest(${requests.map(({ id }) => id)}::uuid[], ${
    requests.map(({ invitation }) => invitation)
  }::text[]) as t (id, token)`
  return requests
}

/** Accepts an invitation; milliseconds. */
const accept = (stack: Status, { person, invitation }: Invited): Promise<number> =>
  take(stack, person, '/invitations/accept', { method: 'POST', body: JSON.stringify({ token: invitation }) })

/** Reads one's own invitations, which changes nothing; milliseconds. */
const readOwn = (stack: Status, person: Person): Promise<number> => take(stack, person, '/invitations', {})

/** Milliseconds from a request to the end of its answer. */
async function take(stack: Status, person: Person, path: string, request: RequestInit): Promise<number> {
  const start = performance.now()
  const answer = await fetch(stack.FUNCTIONS_URL + path, {
    ...request,
    headers: {
      apikey: stack.PUBLISHABLE_KEY,
      authorization: `Bearer ${person.token}`,
      'content-type': 'application/json',
    },
  })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`)
  return performance.now() - start
}
