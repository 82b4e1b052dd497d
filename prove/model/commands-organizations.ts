import type { Commands } from './commands.ts'
import { listOf, membersOf, toActive, toMember, toOrganization } from './values.ts'
import { type Caller, roomy } from './world.ts'

/** Somebody, on a device, under a header. */
export const describe = ({ person, device, header }: Caller): string =>
  person + (device ? ` (device ${device})` : '') + (header ? ` under ${header}` : '')

const slugs = ['north', 'south'] as const

/** Organizations, the active one, and the helper functions. */
export const organizationCommands: Commands = {
  'creates an organization': {
    weight: 3,
    decide: ({ oracle, names, mark, call, newHandle, system }, dice) => {
      const caller = dice.caller()
      const slug = dice.chance(50) ? `${dice.of(slugs)}-${mark}` : undefined
      const organization = newHandle('organization')
      const name = `Firm ${organization}`
      return {
        text: `${describe(caller)} creates ${organization}${slug ? ` with the slug ${slug}` : ''}`,
        expected: () => oracle.createOrganization(caller, organization, name, slug),
        actual: async () => {
          const answer = await call(caller, 'create_organization', { name, ...(slug && { slug }) })
          await system.own(async (tx) => {
            // Room for the model's sake is no change that anybody made.
            await tx`select tenancy.hold_entries()`
            const made = await tx`update organizations set ${tx(roomy)} where name = ${name} and max_campaigns is null`
            await tx`select set_config('tenancy.entries', '', true)`
            return made
          })
          return answer
        },
        toValue: (body) => {
          const made = membersOf(body).organization
          names.bind(organization, membersOf(made).id)
          return toOrganization({ names }, made)
        },
      }
    },
  },
  'updates an organization': {
    weight: 2,
    decide: ({ oracle, names, mark, call }, dice) => {
      const caller = dice.caller()
      const organization = dice.organization()
      const changes = dice.chance(50) ? { slug: `${dice.of(slugs)}-${mark}` } : { name: dice.of(['Initech', 'Hooli']) }
      return {
        text: `${describe(caller)} changes ${organization} to ${JSON.stringify(changes)}`,
        expected: () => oracle.updateOrganization(caller, organization, changes),
        actual: () => call(caller, 'update_organization', { organization_id: names.id(organization), changes }),
        toValue: (body) => toOrganization({ names }, membersOf(body).organization),
      }
    },
  },
  'deletes an organization': aboutOne(1, 'deletes', 'delete_organization', 'deleteOrganization'),
  'restores an organization': aboutOne(3, 'restores', 'restore_organization', 'restoreOrganization'),
  'reads an organization': aboutOne(1, 'reads', 'get_organization', 'getOrganization'),
  'lists organizations': {
    weight: 1,
    decide: ({ oracle, names, call }, dice) => {
      const caller = dice.caller()
      const include_deleted = dice.chance(50)
      return {
        text: `${describe(caller)} lists organizations${include_deleted ? ' with deleted ones' : ''}`,
        expected: () => oracle.listOrganizations(caller, include_deleted),
        actual: () => call(caller, 'list_organizations', { include_deleted }),
        toValue: (body) => listOf(membersOf(body).organizations).map((one) => toOrganization({ names }, one)),
      }
    },
  },
  'lists members': {
    weight: 1,
    decide: ({ oracle, names, call }, dice) => {
      const caller = dice.caller()
      const organization = dice.organization()
      return {
        text: `${describe(caller)} lists the members of ${organization}`,
        expected: () => oracle.listMembers(caller, organization),
        actual: () => call(caller, 'list_members', { organization_id: names.id(organization) }),
        toValue: (body) => listOf(membersOf(body).members).map((one) => toMember({ names }, one)),
      }
    },
  },
  'switches': {
    weight: 5,
    decide: ({ oracle, names, call }, dice) => {
      const caller = dice.caller()
      const organization = dice.organization()
      return {
        text: `${describe(caller)} switches to ${organization}`,
        expected: () => oracle.setActive(caller, organization),
        actual: () => call(caller, 'set_active_organization', { organization_id: names.id(organization) }),
        toValue: (body) => toActive({ names }, body),
      }
    },
  },
  'clears the choice': {
    weight: 2,
    decide: ({ oracle, names, call }, dice) => {
      const caller = dice.caller()
      return {
        text: `${describe(caller)} clears the choice`,
        expected: () => oracle.clearActive(caller),
        actual: () => call(caller, 'clear_active_organization'),
        toValue: (body) => toActive({ names }, body),
      }
    },
  },
  'asks where requests act': {
    weight: 2,
    decide: ({ oracle, names, call }, dice) => {
      const caller = dice.callerWithHeader()
      return {
        text: `${describe(caller)} asks where requests act`,
        expected: () => oracle.getActive(caller),
        actual: () => call(caller, 'active_organization'),
        toValue: (body) => toActive({ names }, body),
      }
    },
  },
  'asks the helper functions': {
    weight: 3,
    decide: ({ oracle, names, call }, dice) => {
      const caller = dice.caller()
      const subject = dice.person()
      const organization = dice.organization()
      const both = { user_uuid: names.id(subject), org_uuid: names.id(organization) }
      const [name, args, expected] = dice.of(
        [
          ['get_user_org_role', both, () => oracle.getRole(caller, subject, organization)],
          ['user_in_organization', both, () => oracle.getRole(caller, subject, organization) !== undefined],
          [
            'is_org_admin',
            both,
            () => ['owner', 'admin'].includes(String(oracle.getRole(caller, subject, organization))),
          ],
          ['get_user_organizations', { user_uuid: both.user_uuid }, () => oracle.getOrganizations(caller, subject)],
        ] as const,
      )
      return {
        text: `${describe(caller)} asks ${name} about ${subject}${'org_uuid' in args ? ` in ${organization}` : ''}`,
        expected,
        actual: () => call(caller, name, args),
        toValue: (body) =>
          Array.isArray(body)
            ? body.map((id) => names.of(id))
            : typeof body === 'boolean'
            ? body
            : body
            ? String(body)
            : null,
      }
    },
  },
}

/** A command about one organization, which answers with it. */
function aboutOne(
  weight: number,
  verb: string,
  name: string,
  rule: 'deleteOrganization' | 'restoreOrganization' | 'getOrganization',
): Commands[string] {
  return {
    weight,
    decide: ({ oracle, names, call }, dice) => {
      const organization = dice.organization()
      const owners = [...oracle.members.get(organization) ?? []].filter(([, { role }]) => role === 'owner')
      // Few people are an organization's owner: left to chance, nearly every answer would be a refusal.
      const caller = owners.length > 0 && dice.chance(60) ? { person: dice.of(owners)[0], device: 0 } : dice.caller()
      return {
        text: `${describe(caller)} ${verb} ${organization}`,
        expected: () => oracle[rule](caller, organization),
        actual: () => call(caller, name, { organization_id: names.id(organization) }),
        toValue: (body) => toOrganization({ names }, membersOf(body).organization),
      }
    },
  }
}
