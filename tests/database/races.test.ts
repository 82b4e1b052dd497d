import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signUp } from './support/cast.ts'
import { createMigrated, type NewDatabase } from './support/migrations.ts'
import type { Transaction } from './support/outcome.ts'
import { type Isolation, openTrack, type Piece, type Racer, type Track, without } from './support/track.ts'

// What happens when people act at the same moment. Each race is run many times, each time in a new organization, and the
// law is looked up afterwards. Each is lost once its locks are taken out: a race that can't be lost proves nothing.

const rounds = 50
const roundsWithoutLocks = 50

let own: NewDatabase
let track: Track
/** People who live through all rounds. Who they are in an organization, each race says. */
let people: string[]

beforeAll(async () => {
  own = await createMigrated()
  await own.sql`select tenancy.attach()`
  // Hundreds of rounds in a minute: about limits there are tests of their own.
  await own.sql`update tenancy.rate_limits set capacity = 1000000`
  people = await own.sql.begin(async (tx) => {
    const ids: string[] = []
    for (let n = 0; n < 21; n++) ids.push(await signUp(tx, `racer${n}@example.test`))
    return ids
  })
  track = await openTrack(own.url, 20)
}, 120_000)

afterAll(async () => {
  await track?.close()
  await own?.drop()
})

/** The organization of one round, and who is in it. */
interface Round {
  organization: string
  /** By the role they have in the beginning; new ones for each race that ends accounts. */
  owners: string[]
  admins: string[]
  members: string[]
  strangers: string[]
  /** What `prepare` left for the racers. */
  token: string
  invitation: string
}

interface Race {
  owners?: number
  admins?: number
  members?: number
  /** How many can be active at most. */
  seats?: number
  /** Everybody's account is new. */
  freshAccounts?: boolean
  prepare?: (tx: Transaction, round: Round) => Promise<void>
  racers: (round: Round) => Racer[]
  /** What must be so afterwards. Answers what is not. */
  check: (outcomes: string[], round: Round, isolation: Isolation) => Promise<string[]>
  isolations?: readonly Isolation[]
  /** What keeps the racers apart. */
  locks: readonly Piece[]
  /** What makes a repeatable-read transaction fail whose view is too old. */
  updates?: readonly Piece[]
}

const organizationOfCaller: Piece = [
  'tenancy.require_role_to_change(uuid,public.organization_role,boolean)',
  'perform 1 from public.organizations as o where o.id = p_organization_id for no key update;',
]
const organizationOfMember: Piece = [
  'tenancy.change_one_at_a_time()',
  'update public.organizations as o set updated_at = o.updated_at where o.id = v_organization_id;',
  'null;',
]
const organizationOfInvitation: Piece = ['tenancy.own_invitation(text)', 'for no key update of o']
const invitationRow: Piece = ['tenancy.own_invitation(text)', 'for no key update']
const organizationsOfAccount: Piece = ['tenancy.refuse_to_orphan(uuid)', 'for no key update of o']
const updatedOrganizationsOfAccount: Piece = [
  'tenancy.refuse_to_orphan(uuid)',
  `update public.organizations as o set updated_at = o.updated_at
    from public.organization_users as ou
    where ou.organization_id = o.id and ou.user_id = p_user_id;`,
]
// One update takes a seat and says how many are taken: as two steps, two transactions take the same one.
const seatCounter: Piece = [
  'tenancy.take_quota(uuid,text,bigint,bigint,boolean)',
  `insert into tenancy.quota_counters as c (organization_id, quota, used)
    values (p_organization_id, p_quota, p_requested * p_keeps::integer)
    on conflict (organization_id, quota) do update set used = c.used + excluded.used
    returning c.used + p_reserved + p_requested * (not p_keeps)::integer into v_used;`,
  `select c.used + p_requested * p_keeps::integer into v_used
    from tenancy.quota_counters as c where c.organization_id = p_organization_id and c.quota = p_quota;
    update tenancy.quota_counters as c set used = v_used where c.organization_id = p_organization_id and c.quota = p_quota;
    v_used := v_used + p_reserved + p_requested * (not p_keeps)::integer;`,
]
const lastLook: Piece = [
  'tenancy.keep_an_owner()',
  "perform tenancy.refuse('last_owner', 'An organization keeps at least one active owner. Make somebody else an owner first.');",
]
const account: Piece = ['tenancy.hold_account(uuid)', 'for share']

// Where an older view of the world could make a difference.
const inOrder = ['read committed'] as const
const both = ['read committed', 'repeatable read'] as const

async function begin(
  { owners = 1, admins = 0, members = 0, seats = 100, freshAccounts, prepare }: Race,
): Promise<Round> {
  return await own.sql.begin(async (tx) => {
    const roles = [...Array(owners).fill('owner'), ...Array(admins).fill('admin'), ...Array(members).fill('member')]
    const cast = freshAccounts
      ? await Promise.all(roles.map(() => signUp(tx, `${crypto.randomUUID()}@example.test`)))
      : people
    const id = crypto.randomUUID()
    const round: Round = {
      organization: id,
      owners: cast.slice(0, owners),
      admins: cast.slice(owners, owners + admins),
      members: cast.slice(owners + admins, roles.length),
      strangers: cast.slice(roles.length),
      token: '',
      invitation: '',
    }
    await Promise.all([
      tx`insert into organizations (id, name, slug, max_users) values (${id}, 'Race', ${
        'race-' + id.slice(0, 8)
      }, ${seats})`,
      tx`insert into organization_users (organization_id, user_id, role)
        select ${id}, r.user_id, r.role::organization_role
        from unnest(${cast.slice(0, roles.length)}::uuid[], ${roles}::text[]) as r (user_id, role)`,
    ])
    await prepare?.(tx, round)
    return round
  })
}

/** Runs a race once more, and answers every violation. */
async function runOnce(race: Race, isolation: Isolation, n: number): Promise<string[]> {
  const round = await begin(race)
  const racers = race.racers(round)
  const outcomes = await track.race(racers, { isolation, first: n % racers.length })
  const unknown = outcomes.filter((outcome) => !isRefusal(outcome, isolation))
  const broken = await race.check(outcomes, round, isolation)
  return [...unknown, ...broken].map((what) => `round ${n}: ${what} (${outcomes})`)
}

/** Runs a race so often, and answers every violation. */
async function run(race: Race, isolation: Isolation, times: number): Promise<string[]> {
  const violations: string[] = []
  for (let n = 0; n < times; n++) violations.push(...await runOnce(race, isolation, n))
  return violations
}

/** Runs a race until its law is broken; it is up to chance in which round. */
async function runUntilBroken(race: Race, isolation: Isolation): Promise<string[]> {
  for (let n = 0; n < roundsWithoutLocks; n++) {
    const violations = await runOnce(race, isolation, n)
    if (violations.length > 0) return violations
  }
  return []
}

/** Whether this is an answer that the product gives, and no error that came through. */
const isRefusal = (outcome: string, isolation: Isolation): boolean =>
  /^[a-z_]+$/.test(outcome) || isolation === 'repeatable read' && outcome === '40001'

function compete(name: string, race: Race): void {
  describe(name, () => {
    it.each(race.isolations ?? inOrder)('keeps its law under %s', { timeout: 60_000 }, async (isolation) => {
      expect(await run(race, isolation, rounds)).toEqual([])
    })

    it('breaks it without its locks', { timeout: 60_000 }, async () => {
      expect(await without(own.sql, race.locks, () => runUntilBroken(race, 'read committed'))).not.toEqual([])
      // The control: they are back.
      expect(await run(race, 'read committed', 1)).toEqual([])
    })

    if (!race.updates) return
    it('breaks it under repeatable read when its lock is only a lock', { timeout: 60_000 }, async () => {
      const broken = () => runUntilBroken(race, 'repeatable read')
      expect(await without(own.sql, race.updates ?? [], broken)).not.toEqual([])
    })
  })
}

const count = (outcomes: string[], outcome: string): number => outcomes.filter((one) => one === outcome).length
const law = (laws: Record<string, boolean>): string[] => Object.keys(laws).filter((name) => !laws[name])

/** Who owns an organization and could act for it now. */
const activeOwners = async ({ organization }: Round): Promise<string[]> =>
  (await own.sql`
    select ou.user_id from organization_users as ou join auth.users as u on u.id = ou.user_id
    where ou.organization_id = ${organization} and ou.role = 'owner' and ou.suspended_at is null
      and u.deleted_at is null and coalesce(u.banned_until, '-infinity') <= now()`).map(({ user_id }) => user_id)

const activeMembers = async ({ organization }: Round): Promise<number> =>
  (await own.sql`select count(*)::int as n from organization_users
    where organization_id = ${organization} and suspended_at is null`)[0]?.n

const invitationOf = async ({ invitation }: Round) =>
  (await own.sql`select accepted_at, revoked_at, uses, invited_by,
      exists (select 1 from tenancy.invitation_tokens as t where t.invitation_id = i.id) as has_token
    from organization_invitations as i where id = ${invitation}`)[0]

const isMember = async ({ organization }: Round, user: string): Promise<boolean> =>
  (await own.sql`select 1 from organization_users where organization_id = ${organization} and user_id = ${user}`)
    .length === 1

const call = (user: string | undefined, act: Racer['act']): Racer => ({ user: user ?? '', act })
const asSystem = (act: Racer['act']): Racer => ({ user: null, act })

// Entry points.
const change = (round: Round, user: string | undefined, role: string) => (tx: Transaction) =>
  tx`select change_member(${round.organization}, ${user ?? ''}, ${role})`
const remove = (round: Round, user: string | undefined) => (tx: Transaction) =>
  tx`select remove_member(${round.organization}, ${user ?? ''})`
const suspend = (round: Round, user: string | undefined) => (tx: Transaction) =>
  tx`select suspend_member(${round.organization}, ${user ?? ''})`
const transfer = (round: Round, user: string | undefined) => (tx: Transaction) =>
  tx`select transfer_ownership(${round.organization}, ${user ?? ''})`
const accept = (round: Round) => (tx: Transaction) => tx`select accept_invitation(${round.token})`

/** Prepares an invitation of the first admin, for the first stranger. */
async function inviteStranger(tx: Transaction, round: Round): Promise<void> {
  const [to] = await tx`select email from auth.users where id = ${round.strangers[0] ?? ''}`
  await prepareAs(
    tx,
    round,
    round.admins[0],
    tx`select create_invitation(${round.organization}, ${to?.email}, 'member') as made`,
  )
}

const makeLink = (max_uses: number | null) => async (tx: Transaction, round: Round): Promise<void> =>
  await prepareAs(
    tx,
    round,
    round.owners[0],
    tx`select create_invitation_link(${round.organization}, ${max_uses}) as made`,
  )

async function prepareAs(
  tx: Transaction,
  round: Round,
  user: string | undefined,
  statement: postgres.PendingQuery<postgres.Row[]>,
) {
  await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true)`
  const [row] = await statement
  await tx`select set_config('request.jwt.claims', '', true)`
  round.token = row?.made.token ?? ''
  round.invitation = row?.made.invitation.id ?? ''
}

describe('two owners', () => {
  const locks = [organizationOfCaller, organizationOfMember]
  /** One of them got there first, and is the owner who is left. */
  const oneStays: Race['check'] = async (outcomes, round) => {
    const owners = await activeOwners(round)
    return law({ 'one succeeds': count(outcomes, 'done') === 1, 'one owner is left': owners.length === 1 })
  }
  const duel = (
    act: (round: Round, other: string | undefined, own: string | undefined) => Racer['act'],
    isolations?: Race['isolations'],
  ): Race => ({
    owners: 2,
    racers: (round) => {
      const [a, b] = round.owners
      return [call(a, act(round, b, a)), call(b, act(round, a, b))]
    },
    check: oneStays,
    isolations,
    locks,
  })

  compete('demote each other', duel((round, other) => change(round, other, 'member'), both))
  compete('remove each other', duel((round, other) => remove(round, other)))
  compete('suspend each other', duel((round, other) => suspend(round, other)))
  compete('leave together', duel((round, _, own) => remove(round, own), both))
  compete('step down together', duel((round, _, own) => change(round, own, 'admin')))
})

describe('a transfer of ownership', () => {
  const locks = [organizationOfCaller, organizationOfMember]

  compete('beside another one', {
    admins: 2,
    racers: (round) => round.admins.map((heir) => call(round.owners[0], transfer(round, heir))),
    check: async (outcomes, round) =>
      law({
        'one succeeds': count(outcomes, 'done') === 1,
        'there is one owner': (await activeOwners(round)).length === 1,
      }),
    isolations: both,
    locks,
  })

  compete('to somebody who leaves', {
    admins: 1,
    // A change of the same row waits anyway; what is left then is the last look.
    racers: (
      round,
    ) => [
      call(round.owners[0], transfer(round, round.admins[0])),
      call(round.admins[0], remove(round, round.admins[0])),
    ],
    check: async (outcomes, round) =>
      law({
        'one succeeds': count(outcomes, 'done') === 1,
        'there is one owner': (await activeOwners(round)).length === 1,
      }),
    locks: [...locks, lastLook],
  })

  compete('while the organization is deleted', {
    admins: 1,
    racers: (round) => [
      call(round.owners[0], transfer(round, round.admins[0])),
      call(round.owners[0], (tx) => tx`select delete_organization(${round.organization})`),
    ],
    check: async (outcomes, round) => {
      const [organization] = await own.sql`select deleted_at from organizations where id = ${round.organization}`
      const [owner] = await activeOwners(round)
      return law({
        'one succeeds': count(outcomes, 'done') === 1,
        'it is deleted by its owner, or somebody else owns it': organization?.deleted_at === null
          ? owner === round.admins[0]
          : owner === round.owners[0],
      })
    },
    locks,
  })

  compete('to somebody who is banned', {
    admins: 1,
    freshAccounts: true,
    racers: (round) => [
      call(round.owners[0], transfer(round, round.admins[0])),
      asSystem((tx) => tx`update auth.users set banned_until = 'infinity' where id = ${round.admins[0] ?? ''}`),
    ],
    check: async (outcomes, round) =>
      law({
        'one succeeds': count(outcomes, 'done') === 1,
        'there is one owner': (await activeOwners(round)).length === 1,
      }),
    isolations: both,
    locks: [organizationOfCaller, organizationOfMember, organizationsOfAccount, updatedOrganizationsOfAccount],
  })
})

describe('accounts of two owners', () => {
  const end = (statement: (tx: Transaction, user: string) => Promise<unknown>, more?: Partial<Race>): Race => ({
    owners: 2,
    freshAccounts: true,
    racers: (round) => round.owners.map((owner) => asSystem((tx) => statement(tx, owner))),
    check: async (outcomes, round) =>
      law({
        'one succeeds': count(outcomes, 'done') === 1,
        'one owner is left': (await activeOwners(round)).length === 1,
      }),
    locks: [organizationOfMember, organizationsOfAccount, updatedOrganizationsOfAccount],
    ...more,
  })

  compete('are deleted together', end((tx, user) => tx`delete from auth.users where id = ${user}`))
  compete('are closed together', end((tx, user) => tx`update auth.users set deleted_at = now() where id = ${user}`))
  compete(
    'are banned together',
    end((tx, user) => tx`update auth.users set banned_until = 'infinity' where id = ${user}`, {
      isolations: both,
      updates: [updatedOrganizationsOfAccount],
    }),
  )
})

describe('an account that is deleted', () => {
  // Whoever deletes it has its row and waits for the organization; an invitation refers to its sender.
  compete('while it invites', {
    admins: 1,
    freshAccounts: true,
    racers: (round) => [
      call(round.admins[0], async (tx, pause) => {
        await tx`select update_organization(${round.organization}, '{"name": "Race car"}')`
        await pause()
        await tx`select create_invitation(${round.organization}, 'new@example.test', 'member')`
      }),
      asSystem(async (tx, pause) => {
        await pause()
        await tx`delete from auth.users where id = ${round.admins[0] ?? ''}`
      }),
    ],
    check: async (outcomes, round) => {
      const pending = await own.sql`select 1 from organization_invitations
        where organization_id = ${round.organization} and revoked_at is null`
      return law({ 'it is gone': outcomes[1] === 'done', 'nothing it sent is pending': pending.length === 0 })
    },
    locks: [account],
  })

  compete('while it joins', {
    admins: 1,
    freshAccounts: true,
    prepare: async (tx, round) => {
      round.strangers = [await signUp(tx, `${crypto.randomUUID()}@example.test`)]
      await inviteStranger(tx, round)
    },
    racers: (round) => [
      call(round.strangers[0], accept(round)),
      asSystem((tx) => tx`delete from auth.users where id = ${round.strangers[0] ?? ''}`),
    ],
    check: async (outcomes, round) =>
      law({
        'it is gone': outcomes[1] === 'done',
        'it is no member': !await isMember(round, round.strangers[0] ?? ''),
      }),
    locks: [account],
  })
})

describe('an invitation', () => {
  const locks = [organizationOfInvitation, invitationRow, organizationOfCaller, organizationOfMember]
  const joinedAsItSays = async (round: Round): Promise<boolean> => {
    const invitation = await invitationOf(round)
    return (invitation?.accepted_at !== null) === await isMember(round, round.strangers[0] ?? '') &&
      (invitation?.accepted_at === null || !invitation?.has_token)
  }

  compete('to an address, accepted ten times at once', {
    admins: 1,
    prepare: inviteStranger,
    racers: (round) => Array.from({ length: 10 }, () => call(round.strangers[0], accept(round))),
    check: async (outcomes, round) =>
      law({
        'one succeeds': count(outcomes, 'done') === 1,
        'the others find it used': count(outcomes, 'not_found') === 9,
        'it is used once': (await invitationOf(round))?.uses === 1 && await joinedAsItSays(round),
      }),
    locks,
  })

  compete('by link for one, accepted by ten at once', {
    prepare: makeLink(1),
    racers: (round) => round.strangers.slice(0, 10).map((stranger) => call(stranger, accept(round))),
    check: async (outcomes, round) =>
      law({
        'one succeeds': count(outcomes, 'done') === 1,
        'the others find it used': count(outcomes, 'not_found') === 9,
        'one has joined': await activeMembers(round) === 2,
      }),
    locks,
  })

  compete('by link, accepted by twenty for three seats', {
    seats: 4,
    prepare: makeLink(null),
    racers: (round) => round.strangers.map((stranger) => call(stranger, accept(round))),
    check: async (outcomes, round) =>
      law({
        'three succeed': count(outcomes, 'done') === 3,
        'the others find no seat': count(outcomes, 'quota_exceeded') === outcomes.length - 3,
        'all seats are taken': await activeMembers(round) === 4,
        'it was used three times': (await invitationOf(round))?.uses === 3,
      }),
    locks: [...locks, seatCounter],
  })

  compete('accepted while it is revoked', {
    admins: 1,
    prepare: inviteStranger,
    racers: (round) => [
      call(round.strangers[0], accept(round)),
      call(round.owners[0], (tx) => tx`select revoke_invitation(${round.organization}, ${round.invitation})`),
    ],
    check: async (outcomes, round) =>
      law({
        'one succeeds': count(outcomes, 'done') === 1,
        'who accepted is in': (outcomes[0] === 'done') === await isMember(round, round.strangers[0] ?? ''),
        'it says what happened': await joinedAsItSays(round),
      }),
    isolations: both,
    locks,
  })

  compete('accepted while it is sent again', {
    admins: 1,
    prepare: inviteStranger,
    racers: (round) => [
      call(round.strangers[0], accept(round)),
      call(round.owners[0], (tx) => tx`select resend_invitation(${round.organization}, ${round.invitation})`),
    ],
    check: async (outcomes, round) =>
      law({
        'one succeeds': count(outcomes, 'done') === 1,
        'it says what happened': await joinedAsItSays(round),
        'whoever has the new token can use it': outcomes[1] !== 'done' || (await invitationOf(round))?.has_token,
      }),
    locks,
  })

  for (
    const [what, end] of [
      ['is removed', (round: Round) => remove(round, round.admins[0])],
      ['is demoted', (round: Round) => change(round, round.admins[0], 'manager')],
      ['is suspended', (round: Round) => suspend(round, round.admins[0])],
    ] as const
  ) {
    compete(`accepted while its sender ${what}`, {
      admins: 1,
      prepare: inviteStranger,
      racers: (round) => [call(round.strangers[0], accept(round)), call(round.owners[0], end(round))],
      check: async (outcomes, round) => {
        const invitation = await invitationOf(round)
        return law({
          'the sender’s end succeeds': outcomes[1] !== 'not_found' && outcomes[1] !== 'forbidden',
          'who accepted is in': (outcomes[0] === 'done') === await isMember(round, round.strangers[0] ?? ''),
          'it is pending no more': outcomes[1] !== 'done' ||
            (invitation?.accepted_at ?? invitation?.revoked_at) !== null,
          'it says what happened': await joinedAsItSays(round),
        })
      },
      isolations: what === 'is removed' ? both : inOrder,
      locks,
    })
  }

  compete('to one address, made by two at once', {
    admins: 2,
    racers: (round) =>
      round.admins.map((admin) =>
        call(admin, (tx) => tx`select create_invitation(${round.organization}, 'new@example.test', 'member')`)
      ),
    check: async (outcomes, round) => {
      const made = await own.sql`select 1 from organization_invitations where organization_id = ${round.organization}`
      return law({ 'one succeeds': count(outcomes, 'done') === 1, 'there is one': made.length === 1 })
    },
    isolations: both,
    locks,
  })

  compete('for the last seat, made by two at once', {
    admins: 2,
    seats: 4,
    racers: (round) =>
      round.admins.map((admin, n) =>
        call(admin, (tx) => tx`select create_invitation(${round.organization}, ${`new${n}@example.test`}, 'member')`)
      ),
    check: async (outcomes, round) => {
      const made = await own.sql`select 1 from organization_invitations where organization_id = ${round.organization}`
      return law({ 'one succeeds': count(outcomes, 'done') === 1, 'there is one': made.length === 1 })
    },
    isolations: both,
    locks: [...locks, seatCounter],
  })
})

describe('the last seat', () => {
  compete('goes to who joins or to who comes back', {
    admins: 1,
    members: 1,
    seats: 3,
    prepare: async (tx, round) => {
      await tx`update organization_users set suspended_at = now()
        where organization_id = ${round.organization} and user_id = ${round.members[0] ?? ''}`
      await inviteStranger(tx, round)
    },
    racers: (round) => [
      call(round.strangers[0], accept(round)),
      call(round.owners[0], (tx) => tx`select reactivate_member(${round.organization}, ${round.members[0] ?? ''})`),
    ],
    check: async (outcomes, round) =>
      law({
        'one succeeds': count(outcomes, 'done') === 1,
        'the other finds no seat': count(outcomes, 'quota_exceeded') + count(outcomes, '40001') === 1,
        'all seats are taken': await activeMembers(round) === 3,
      }),
    isolations: both,
    locks: [organizationOfInvitation, invitationRow, organizationOfCaller, organizationOfMember, seatCounter],
  })
})

describe('somebody who is removed', () => {
  compete('while they invite', {
    admins: 1,
    racers: (round) => [
      call(round.admins[0], (tx) => tx`select create_invitation(${round.organization}, 'new@example.test', 'member')`),
      call(round.owners[0], remove(round, round.admins[0])),
    ],
    check: async (outcomes, round) => {
      const pending = await own.sql`select 1 from organization_invitations
        where organization_id = ${round.organization} and revoked_at is null`
      return law({
        'they are out': outcomes[1] === '40001' || !await isMember(round, round.admins[0] ?? ''),
        'nothing they sent is pending': outcomes[1] === '40001' || pending.length === 0,
      })
    },
    isolations: both,
    locks: [organizationOfCaller, organizationOfMember],
  })

  compete('while they write', {
    members: 1,
    racers: (round) => {
      const headers = JSON.stringify({ 'x-organization-id': round.organization })
      return [
        call(round.members[0], async (tx, pause) => {
          await tx`select set_config('request.headers', ${headers}, true)`
          await tx`insert into leads (phone_number) values ('+15550100')`
          await pause()
          await tx`insert into leads (phone_number) values ('+15550101')`
        }),
        call(round.owners[0], remove(round, round.members[0])),
      ]
    },
    check: async (outcomes, round) => {
      const left = await own.sql`select 1 from leads where organization_id = ${round.organization}`
      return law({
        'they are out': outcomes[1] === 'done',
        'a transaction from before writes no more': outcomes[0] === 'not_found',
        'nothing is half done': left.length === 0,
      })
    },
    // Not a lock: membership is asked at every statement. Here the first answer would be good for all of them.
    locks: [[
      'tenancy.current_organization_id(public.organization_role,boolean)',
      'v_requested_id := tenancy.requested_organization_id();',
      `v_requested_id := tenancy.requested_organization_id();
      if current_setting('tenancy.organization_id', true) <> '' then
        return v_requested_id;
      end if;`,
    ]],
  })
})
