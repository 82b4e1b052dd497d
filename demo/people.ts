import type { Organization } from '../shared/contract/organizations.ts'
import { claim, say, show } from './narrate.ts'
import type { Person } from './person.ts'
import { hears, refused, seeLeads } from './scenes.ts'
import type { Stack } from './stack.ts'

/** What happens between two people of a company: one rises, one goes, and both hear of it. */
export async function change(
  stack: Stack,
  organization: Organization,
  { owner, member, leads }: { owner: Person; member: Person; leads: number },
): Promise<void> {
  const [ownerId, memberId] = [await idOf(owner), await idOf(member)]
  const asMember = member.client.withOrganization(organization.id)
  const callerId = { number: '+12015550122', friendly_name: 'Back office' }

  say(`${owner.name} makes ${member.name} a manager. The token in ${member.name}’s hand is the old one.`)
  const promoted = await owner.client.members.changeRole(organization.id, memberId, 'manager')
  if (promoted.error) throw promoted.error
  const stored = await asMember.records.create('phone_numbers', callerId)
  claim('what was refused before is stored now', stored.data?.count === 1)
  await hears(stack, member, /^Your role in /)

  say(`${owner.name} hands the company over.`)
  const transferred = await owner.client.members.transferOwnership(organization.id, memberId)
  claim(`${owner.name} is an admin now`, transferred.data?.organization.role === 'admin')
  await hears(stack, member, /^You own /)
  refused(await owner.client.organizations.delete(organization.id), { status: 403, code: 'forbidden' })

  say(`${member.name} suspends ${owner.name}, who is shut out at the next request.`)
  const suspended = await member.client.members.suspend(organization.id, ownerId)
  show(`ended with it: ${suspended.data?.ended.sessions} sessions, ${suspended.data?.ended.invitations} invitations`)
  await seeLeads(owner, 'suspended', 0)
  const back = await member.client.members.reactivate(organization.id, ownerId)
  claim('and comes back with the role from before', back.data?.member.role === 'admin')
  await seeLeads(owner, 'back again', leads, organization)

  say(`${member.name} removes ${owner.name}; the only owner can't go.`)
  const removed = await member.client.members.remove(organization.id, ownerId)
  claim('removed', removed.error === null)
  await hears(stack, owner, /^You no longer belong to /)
  await seeLeads(owner, 'removed', 0, organization)
  refused(await member.client.members.remove(organization.id, memberId), { status: 409, code: 'last_owner' })
  await seeLeads(member, 'who stays', leads, organization)
}

/** Shows what the company's audit log kept of it. */
export async function readLog(person: Person, organization: Organization): Promise<void> {
  const { data, error } = await person.client.audit.list(organization.id, { limit: 20 })
  if (error) throw error
  for (const { position, action, actor_email } of data.entries) show(`${position}. ${action} by ${actor_email}`)
  const actions = data.entries.map(({ action }) => action)
  claim('each change has one entry', actions.filter((action) => action === 'member.removed').length === 1)
  const verified = await person.client.audit.verify(organization.id)
  claim('and the chain of entries is as it was written', verified.data?.ok === true)
}

async function idOf({ supabase }: Person): Promise<string> {
  const { data, error } = await supabase.auth.getUser()
  if (error) throw error
  return data.user.id
}
