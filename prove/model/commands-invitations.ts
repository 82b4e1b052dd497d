import type { Commands } from './commands.ts'
import { describe } from './commands-organizations.ts'
import type { Dice } from './dice.ts'
import type { Run } from './run.ts'
import { listOf, membersOf, toInvitation, toOrganization } from './values.ts'
import { type Caller, type Handle, people, type Value } from './world.ts'

/** Invitations, by those who send them and by those who receive them. */
export const invitationCommands: Commands = {
  'invites': {
    weight: 6,
    decide: ({ oracle, names, tokens, addressOf, call, newHandle }, dice) => {
      const organization = dice.organization()
      const caller = hostAt({ oracle }, dice, organization)
      // Mostly somebody who can come to accept it.
      const outsiders = people.filter((person) => person !== 'una' && !oracle.members.get(organization)?.has(person))
      const email = outsiders.length > 0 && dice.chance(60)
        ? dice.of(outsiders)
        : dice.of([...people, 'stranger'] as const)
      const role = dice.chance(5) ? 'owner' : dice.of(['member', 'manager', 'admin'] as const)
      const invitation = newHandle('invitation')
      return {
        text: `${describe(caller)} invites ${email} to ${organization} as ${role} (${invitation})`,
        expected: () => oracle.invite(caller, invitation, organization, email, role),
        actual: () =>
          call(caller, 'create_invitation', { organization_id: names.id(organization), email: addressOf(email), role }),
        toValue: (body) => {
          const { invitation: made, token } = membersOf(body)
          names.bind(invitation, membersOf(made).id)
          tokens.set(invitation, [String(token)])
          return toInvitation({ names }, made)
        },
      }
    },
  },
  'makes a link': {
    weight: 2,
    decide: (run, dice) => {
      const { oracle, names, tokens, newHandle, call } = run
      const organization = dice.organization()
      const caller = hostAt(run, dice, organization)
      const uses = dice.of([1, 2])
      const invitation = newHandle('invitation')
      return {
        text: `${describe(caller)} makes ${invitation} to ${organization}, a link for ${uses}`,
        expected: () => oracle.makeLink(caller, invitation, organization, uses),
        actual: () =>
          call(caller, 'create_invitation_link', { organization_id: names.id(organization), max_uses: uses }),
        toValue: (body) => {
          const { invitation: made, token } = membersOf(body)
          names.bind(invitation, membersOf(made).id)
          tokens.set(invitation, [String(token)])
          return toInvitation({ names }, made)
        },
      }
    },
  },
  'resends an invitation': {
    weight: 2,
    decide: (run, dice) => {
      const { oracle, names, tokens, call } = run
      const { invitation, organization } = oneOf(run, dice)
      const caller = hostAt(run, dice, organization)
      const args = { organization_id: names.id(organization), invitation_id: names.id(invitation) }
      return {
        text: `${describe(caller)} resends ${invitation} of ${organization}`,
        expected: () => oracle.resend(caller, organization, invitation),
        actual: () => call(caller, 'resend_invitation', args),
        toValue: (body) => {
          tokens.get(invitation)?.push(String(membersOf(body).token))
          return toInvitation({ names }, membersOf(body).invitation)
        },
      }
    },
  },
  'revokes an invitation': {
    weight: 2,
    decide: (run, dice) => {
      const { oracle, names, call } = run
      const { invitation, organization } = oneOf(run, dice)
      const caller = hostAt(run, dice, organization)
      const args = { organization_id: names.id(organization), invitation_id: names.id(invitation) }
      return {
        text: `${describe(caller)} revokes ${invitation} of ${organization}`,
        expected: () => oracle.revoke(caller, organization, invitation),
        actual: () => call(caller, 'revoke_invitation', args),
        toValue: (body) => toInvitation({ names }, membersOf(body).invitation),
      }
    },
  },
  'accepts an invitation': byToken(
    6,
    'accepts',
    'accept_invitation',
    ({ oracle }) => oracle.accept.bind(oracle),
    (run, body) => {
      const { organization, role } = membersOf(body)
      return { organization: toOrganization(run, organization), role: String(role) }
    },
  ),
  'declines an invitation': byToken(
    2,
    'declines',
    'decline_invitation',
    ({ oracle }) => oracle.decline.bind(oracle),
    toHost,
  ),
  'previews an invitation': byToken(
    1,
    'previews',
    'preview_invitation',
    ({ oracle }) => (_caller, invitation, token) => oracle.preview(invitation, token),
    toHost,
  ),
  'lists received invitations': {
    weight: 2,
    decide: ({ oracle, names, call }, dice) => {
      const caller = dice.caller()
      return {
        text: `${describe(caller)} lists the invitations received`,
        expected: () => oracle.myInvitations(caller),
        actual: () => call(caller, 'my_invitations'),
        toValue: (body) => listOf(membersOf(body).invitations).map(({ id }) => names.of(id)),
      }
    },
  },
  'lists invitations': {
    weight: 1,
    decide: ({ oracle, names, call }, dice) => {
      const organization = dice.organization()
      const caller = hostAt({ oracle }, dice, organization)
      const args = { organization_id: names.id(organization), invitation_status: 'all' }
      return {
        text: `${describe(caller)} lists the invitations of ${organization}`,
        expected: () => oracle.listInvitations(caller, organization),
        actual: () => call(caller, 'list_invitations', args),
        toValue: (body) => listOf(membersOf(body).invitations).map((one) => toInvitation({ names }, one)),
      }
    },
  },
}

/** Mostly somebody who may invite there; left to chance, nearly every answer would be a refusal. */
function hostAt({ oracle }: Pick<Run, 'oracle'>, dice: Dice, organization: Handle): Caller {
  const hosts = [...oracle.members.get(organization) ?? []].filter(([, { role }]) =>
    role === 'owner' || role === 'admin'
  )
  return hosts.length > 0 && dice.chance(65) ? { person: dice.of(hosts)[0], device: 0 } : dice.caller()
}

/** An invitation and its organization, now and then another one. */
function oneOf({ oracle }: Run, dice: Dice): { invitation: Handle; organization: Handle } {
  const invitation = dice.invitation()
  const own = oracle.invitations.get(invitation)?.organization
  return { invitation, organization: own && !dice.chance(8) ? own : dice.organization() }
}

function toHost(_run: Run, body: unknown): Value {
  const { organization, role } = membersOf(body)
  return { name: String(membersOf(organization).name), role: String(role) }
}

/** A command by the token of an invitation: mostly the invited person, mostly with the token that counts. */
function byToken(
  weight: number,
  verb: string,
  name: string,
  ruleOf: (run: Run) => (caller: Caller, invitation: Handle, token: number) => Value,
  toValue: (run: Run, body: unknown) => Value,
): Commands[string] {
  return {
    weight,
    decide: (run, dice) => {
      const invitation = dice.invitation()
      const email = run.oracle.invitations.get(invitation)?.email
      const caller = email && email !== 'stranger' && email !== 'anybody' && !dice.chance(15)
        ? { person: email, device: 0 }
        : dice.caller()
      const known = run.tokens.get(invitation) ?? []
      const number = dice.chance(10) ? known.length - 1 : known.length
      const token = known[number - 1] ?? `inv_${run.mark}`
      return {
        text: `${describe(caller)} ${verb} ${invitation}${number < known.length ? ' by an old token' : ''}`,
        expected: () => ruleOf(run)(caller, invitation, number),
        actual: () => run.call(caller, name, { token }),
        toValue: (body) => toValue(run, body),
      }
    },
  }
}
