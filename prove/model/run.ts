import type { ProtectedTable, Role } from '../../shared/roles.ts'
import { Names } from './names.ts'
import { Oracle } from './oracle.ts'
import { Rows } from './rows.ts'
import type { Reply, Request, Sender, System } from './system.ts'
import { type Caller, type Handle, people, type Person, roomy } from './world.ts'

/** What one run knows: the system, the model beside it, and how both call the same things. */
export class Run {
  readonly names = new Names()
  readonly oracle = new Oracle()
  readonly rows: Rows
  /** The tokens that were given out for each invitation. */
  readonly tokens = new Map<Handle, string[]>()
  /** In every address and slug, so that runs never meet. */
  readonly mark = crypto.randomUUID().slice(0, 8)
  #made = 0

  constructor(readonly system: System, readonly tables: ProtectedTable[]) {
    this.rows = new Rows(this.oracle, system.facts)
  }

  /** A handle for something that is about to be made. */
  newHandle = (kind: string): Handle => `${kind} ${++this.#made}`

  addressOf = (name: Person | 'stranger'): string => `${name}.${this.mark}@example.test`

  toSender = ({ person, device, header }: Caller): Sender => {
    return {
      user_id: this.names.id(person),
      email: this.addressOf(person),
      session_id: this.names.id(deviceOf(person, device)),
      organization: header && this.names.id(header),
    }
  }

  send = (caller: Caller, request: Request): Promise<Reply> => this.system.send(this.toSender(caller), request)

  /** Calls an entry point. */
  call = (caller: Caller, name: string, args: Record<string, unknown> = {}): Promise<Reply> =>
    this.send(caller, { does: 'call', name, args })
}

/** The devices a person has, each with an auth session of its own. */
const devices = [0, 1]

const deviceOf = (person: Person, device: number): Handle => `${person}'s device ${device}`

const companies: { name: string; members: [Person, Role][] }[] = [
  { name: 'Acme', members: [['ann', 'owner'], ['ben', 'admin'], ['cleo', 'manager'], ['dan', 'member']] },
  { name: 'Globex', members: [['eli', 'owner'], ['cleo', 'member']] },
]

/** The world as each run finds it: two companies with one person in common, and one who belongs nowhere. */
export async function openRun(system: System, tables: ProtectedTable[]): Promise<Run> {
  const run = new Run(system, tables)
  const { names, oracle } = run
  for (const name of [...people, 'stranger'] as const) names.alias(name, run.addressOf(name))
  for (const person of people) {
    for (const handle of [person, ...devices.map((device) => deviceOf(person, device))]) {
      names.bind(handle, names.id(handle))
    }
  }
  const users = people.map((person) => ({
    id: names.id(person),
    aud: 'authenticated',
    role: 'authenticated',
    email: run.addressOf(person),
    email_confirmed_at: person === 'una' ? null : new Date(),
    created_at: new Date(),
  }))
  const organizations: Record<string, string | number>[] = []
  const memberships: Record<string, string>[] = []
  for (const { name, members } of companies) {
    const organization = run.newHandle('organization')
    const id = crypto.randomUUID()
    const slug = `${name.toLowerCase()}-${run.mark}`
    names.bind(organization, id)
    organizations.push({ id, name, slug, subscription_status: 'active', ...roomy })
    oracle.organizations.set(organization, { name, slug, status: 'active', deleted: 'no' })
    oracle.members.set(organization, new Map())
    oracle.record(organization)
    for (const [person, role] of members) {
      memberships.push({ organization_id: id, user_id: names.id(person), role })
      oracle.addMember(organization, person, role)
    }
  }
  await system.own(async (tx) => {
    await Promise.all([
      tx`insert into auth.users ${tx(users)}`,
      tx`insert into organizations ${tx(organizations)}`,
    ])
    return await tx`insert into organization_users ${tx(memberships)}`
  })
  return run
}
