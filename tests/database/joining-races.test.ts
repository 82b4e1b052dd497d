import { createHmac } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { type Cast, join, signUp, stage } from './support/cast.ts'
import { sql, type Transaction } from './support/database.ts'
import { overtake, race, type Racer } from './support/race.ts'

// Two things about who comes in happen at the same moment. Every assertion is one that holds in whatever order they end.

const rounds = 50
const runners = postgres(inject('stack').DB_URL, { max: 20, onnotice: () => {} })
afterAll(() => runners.end())

interface Scene extends Cast {
  domainId: string
  domain: string
  /** People at the domain who do not belong yet. */
  outside: string[]
}

/** Acme with a verified domain, and so many people there who are outside. */
async function withDomain(mode: string, people: number, story: (scene: Scene) => Promise<void>): Promise<void> {
  const scene = await sql.begin(async (tx): Promise<Scene> => {
    const cast = await stage(tx)
    const domain = `${crypto.randomUUID()}.test`
    const [row] = await tx`insert into organization_domains (organization_id, domain, join_mode, verified_at)
      values (${cast.acme}, ${domain}, ${mode}, now()) returning id`
    const outside: string[] = []
    for (let n = 0; n < people; n++) outside.push(await signUp(tx, `p${n}@${domain}`))
    return { ...cast, domain, domainId: row?.id, outside }
  })
  try {
    await story(scene)
  } finally {
    await sql`delete from organizations where id in ${sql([scene.acme, scene.globex])}`
    await sql`delete from auth.users where id in ${sql([...Object.values(scene.users), ...scene.outside])}`
  }
}

/** Everybody is outside again and nobody has asked. */
async function startOver({ acme, outside }: Scene): Promise<void> {
  await sql`delete from organization_users where organization_id = ${acme} and user_id in ${sql(outside)}`
  await sql`delete from tenancy.join_requests where organization_id = ${acme}`
  await sql`delete from tenancy.kept_out where organization_id = ${acme}`
}

const joins = (scene: Scene, user = scene.outside[0] ?? ''): Racer => ({
  user,
  run: (tx) => tx`select join_organization(${scene.acme})`,
})
const decides = ({ acme, users }: Scene, verb: 'approve' | 'refuse', id: string, actor = users.adam): Racer => ({
  user: actor,
  run: (tx) => tx`select ${tx(`${verb}_join_request`)}(${acme}, ${id})`,
})
const removesDomain = ({ acme, users, domainId }: Scene): Racer => ({
  user: users.adam,
  run: (tx) => tx`select remove_domain(${acme}, ${domainId})`,
})

const membersAmong = async ({ acme, outside }: Scene) =>
  (await sql`select user_id from organization_users where organization_id = ${acme} and user_id in ${sql(outside)}`)
    .map(({ user_id }) => String(user_id))

/** Lets somebody ask, and answers the id of the request. */
async function ask({ acme, outside, domain }: Scene, user = outside[0] ?? ''): Promise<string> {
  const [row] = await sql`insert into tenancy.join_requests (organization_id, user_id, domain, email)
    select ${acme}, ${user}, ${domain}, email from auth.users where id = ${user} returning id`
  return row?.id
}

const requestsOf = (scene: Scene) =>
  sql`select outcome from tenancy.join_requests where organization_id = ${scene.acme} order by created_at`

const times = Array.from({ length: rounds }, (_, n) => n)

describe('at the same moment', () => {
  it(
    'an approval and a refusal: one of them, and the person is in or not',
    { timeout: 60_000 },
    () =>
      withDomain('approval', 1, async (scene) => {
        for (const _ of times) {
          await startOver(scene)
          const id = await ask(scene)
          const [approved, refused] = await race(sql, runners, [
            decides(scene, 'approve', id),
            decides(scene, 'refuse', id, scene.users.alice),
          ])
          expect([approved, refused].sort()).toEqual(['conflict', 'done'])
          expect(await membersAmong(scene)).toHaveLength(approved === 'done' ? 1 : 0)
          expect(await requestsOf(scene)).toEqual([{ outcome: approved === 'done' ? 'approved' : 'refused' }])
        }
      }),
  )

  it(
    'a request and the end of the domain: nothing stays pending',
    { timeout: 60_000 },
    () =>
      withDomain('approval', 1, async (scene) => {
        for (const _ of times) {
          await startOver(scene)
          await sql`insert into organization_domains (id, organization_id, domain, verified_at)
          values (${scene.domainId}, ${scene.acme}, ${scene.domain}, now()) on conflict do nothing`
          const [asked, removed] = await race(sql, runners, [joins(scene), removesDomain(scene)])
          expect(removed).toBe('done')
          expect(asked).toMatch(/^(done|not_found)$/)
          expect(await requestsOf(scene)).toEqual(asked === 'done' ? [{ outcome: 'ended' }] : [])
        }
      }),
  )

  it(
    'two organizations with a proof of the same domain: one has it',
    { timeout: 60_000 },
    () =>
      withDomain('approval', 0, async ({ acme, globex, users }) => {
        const domain = `${crypto.randomUUID()}.test`
        const prover = async (organization: string, user: string): Promise<Racer> => {
          const [claim] =
            await sql`insert into organization_domains (organization_id, domain) values (${organization}, ${domain})
          returning id, encode(sha256(convert_to('dial-smart-verification=' || verification_token, 'UTF8')), 'hex') as hash`
          const [secret] = await sql`select value from tenancy.secrets where name = 'functions'`
          const time = String(Math.floor(Date.now() / 1000))
          const statement = ['domain-proof', claim?.id, domain, claim?.hash, time].join('\n')
          const proof = `${time}.${claim?.hash}.${createHmac('sha256', secret?.value).update(statement).digest('hex')}`
          return { user, run: (tx: Transaction) => tx`select verify_domain(${organization}, ${claim?.id}, ${proof})` }
        }
        for (const _ of times) {
          await sql`delete from organization_domains where domain = ${domain}`
          const outcomes = await race(sql, runners, [
            await prover(acme, users.adam),
            await prover(globex, users.bob),
          ])
          expect(outcomes.sort()).toEqual(['conflict', 'done'])
          expect(await sql`select 1 from organization_domains where domain = ${domain} and verified_at is not null`)
            .toHaveLength(1)
        }
      }),
  )

  it(
    'twenty people and three seats: three are in',
    { timeout: 120_000 },
    () =>
      withDomain('automatic', 20, async (scene) => {
        await sql`update organizations set max_users = 7 where id = ${scene.acme}`
        for (const _ of times) {
          await startOver(scene)
          const outcomes = await race(sql, runners, scene.outside.map((user) => joins(scene, user)))
          expect(outcomes.sort()).toEqual([...Array(3).fill('done'), ...Array(17).fill('quota_exceeded')])
          expect(await membersAmong(scene)).toHaveLength(3)
        }
      }),
  )

  it(
    'five approvals and one seat: one is in, and the others still wait',
    { timeout: 60_000 },
    () =>
      withDomain('approval', 5, async (scene) => {
        await sql`update organizations set max_users = 5 where id = ${scene.acme}`
        for (const _ of times) {
          await startOver(scene)
          const ids = await Promise.all(scene.outside.map((user) => ask(scene, user)))
          const outcomes = await race(sql, runners, ids.map((id) => decides(scene, 'approve', id)))
          expect(outcomes.sort()).toEqual(['done', ...Array(4).fill('quota_exceeded')])
          expect(await membersAmong(scene)).toHaveLength(1)
          expect((await requestsOf(scene)).filter(({ outcome }) => outcome === null)).toHaveLength(4)
        }
      }),
  )

  it.each(['automatic', 'approval'])(
    'one person five times, %s: once',
    { timeout: 60_000 },
    (mode) =>
      withDomain(mode, 1, async (scene) => {
        for (const _ of times) {
          await startOver(scene)
          const outcomes = await race(sql, runners, Array.from({ length: 5 }, () => joins(scene)))
          if (mode === 'automatic') {
            expect(outcomes.sort()).toEqual([...Array(4).fill('already_member'), 'done'])
            expect(await membersAmong(scene)).toHaveLength(1)
          } else {
            expect(outcomes).toEqual(Array(5).fill('done'))
            expect(await requestsOf(scene)).toEqual([{ outcome: null }])
          }
        }
      }),
  )

  it(
    'somebody is removed and joins: they are out',
    { timeout: 60_000 },
    () =>
      withDomain('automatic', 1, async (scene) => {
        const [mallory = ''] = scene.outside
        for (const _ of times) {
          await startOver(scene)
          await sql.begin((tx) => join(tx, scene.acme, mallory, 'member'))
          const outcomes = await race(sql, runners, [
            { user: scene.users.adam, run: (tx) => tx`select remove_member(${scene.acme}, ${mallory})` },
            joins(scene),
            joins(scene),
          ])
          expect(outcomes[0]).toBe('done')
          expect(await membersAmong(scene)).toEqual([])
        }
      }),
  )
})

describe('whoever waited looks again', () => {
  const changes: [string, string, string, (scene: Scene) => Promise<Racer>][] = [
    ['the domain is removed', 'automatic', 'not_found', (scene) => Promise.resolve(removesDomain(scene))],
    [
      'the organization is deleted',
      'automatic',
      'not_found',
      ({ acme, users }) => Promise.resolve({ user: users.alice, run: (tx) => tx`select delete_organization(${acme})` }),
    ],
  ]

  it.each(changes)('a join while %s', (_, mode, expected, change) =>
    withDomain(mode, 1, async (scene) => {
      expect(await overtake(sql, runners, await change(scene), joins(scene))).toEqual(['done', expected])
      expect(await membersAmong(scene)).toEqual([])
    }))

  it('a join while the domain asks for approval from now on', () =>
    withDomain('automatic', 1, async (scene) => {
      const change: Racer = {
        user: scene.users.adam,
        run: (tx) => tx`select update_domain(${scene.acme}, ${scene.domainId}, 'approval')`,
      }
      expect(await overtake(sql, runners, change, joins(scene))).toEqual(['done', 'done'])
      expect(await membersAmong(scene)).toEqual([])
      expect(await requestsOf(scene)).toEqual([{ outcome: null }])
    }))

  it.each(['approve', 'refuse'] as const)(
    'somebody who may %s no more',
    (verb) =>
      withDomain('approval', 1, async (scene) => {
        const id = await ask(scene)
        const demotion: Racer = {
          user: scene.users.alice,
          run: (tx) => tx`select change_member(${scene.acme}, ${scene.users.adam}, 'member')`,
        }
        expect(await overtake(sql, runners, demotion, decides(scene, verb, id))).toEqual(['done', 'forbidden'])
        expect(await requestsOf(scene)).toEqual([{ outcome: null }])
      }),
  )

  it('an approval while the domain is removed', () =>
    withDomain('approval', 1, async (scene) => {
      const id = await ask(scene)
      const outcomes = await overtake(sql, runners, removesDomain(scene), decides(scene, 'approve', id))
      expect(outcomes).toEqual(['done', 'conflict'])
      expect(await membersAmong(scene)).toEqual([])
    }))
})
