import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, memo, useEffect, useState } from 'react'
import { ProblemError } from '../../../shared/client/index.ts'
import type { Member, MemberAnswer } from '../../../shared/contract/members.ts'
import type { Organization, OrganizationAnswer } from '../../../shared/contract/organizations.ts'
import { can, isAtLeast, type Role, roles } from '../../../shared/roles.ts'
import { useOrganizationsContext, usePerson } from '../context.tsx'
import { useMembers } from '../hooks.ts'
import { keepPages, keys, lookAgain, lookAgainAfter, need, showChangedMembers } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, useConfirm } from '../ui/dialog.tsx'
import { PeopleIcon } from '../ui/icons.tsx'
import { LongRows } from '../ui/long-rows.tsx'
import { type MenuAction, SharedMenuButton, useSharedMenu } from '../ui/menu.tsx'
import { useNotify } from '../ui/notices.tsx'
import { Badge, Empty, List, Note, Problem, Section } from '../ui/states.tsx'
import { Avatar, Name, When } from '../ui/text.tsx'
import { personName, roleMeaning, roleName } from '../words.ts'

const everyPage = 100

/** Who belongs to the organization, and what the person may change about it. */
export function Members({ organization }: { organization: Organization }) {
  const query = useMembers({ limit: everyPage })
  const { id: me } = usePerson()
  const actions = useMemberActions(organization)
  const [menu, popup] = useSharedMenu()
  const queryClient = useQueryClient()
  const { id } = organization
  // Whoever comes back begins at the top again, with what is read in one request.
  useEffect(() => () => keepPages(queryClient, keys.members(id), 1), [queryClient, id])
  return (
    <Section title='Members' text='Who belongs to the organization, and what they may do.'>
      {!can(organization.role, 'changeMember') && <Note>Admins and owners can change roles and remove people.</Note>}
      <List
        query={query}
        entries={query.members}
        empty={
          <Empty icon={<PeopleIcon />} title='Nobody is here' text='Members are shown here once they have joined.' />
        }
      >
        {(members) => (
          <table className='ds-table' aria-rowcount={query.hasNextPage ? -1 : members.length + 1}>
            <thead>
              <tr>
                <th scope='col'>Person</th>
                <th scope='col'>Role</th>
                <th scope='col'>Joined</th>
                <th scope='col'>
                  <span className='ds-unseen'>Actions</span>
                </th>
              </tr>
            </thead>
            <LongRows entries={members} keyOf={({ user_id }) => user_id} columns={4} more={query}>
              {(member) => <Cells member={member} isMe={member.user_id === me} menu={menu} actionsOf={actions.of} />}
            </LongRows>
          </table>
        )}
      </List>
      {popup}
      {actions.dialogs}
    </Section>
  )
}

/** One person's row, which stays as it is while others scroll by. */
const Cells = memo(function Cells({ member, isMe, menu, actionsOf }: {
  member: Member
  isMe: boolean
  menu: Parameters<typeof SharedMenuButton>[0]['menu']
  actionsOf: (member: Member) => MenuAction[]
}) {
  const who = personName(member)
  return (
    <>
      <td>
        <div className='ds-person'>
          <Avatar name={who} />
          <div className='ds-grow'>
            <Name>{who}</Name>
            {isMe && <span className='ds-soft ds-beside'>(you)</span>}
            {member.full_name && member.email && (
              <span className='ds-soft ds-line'>
                <bdi>{member.email}</bdi>
              </span>
            )}
          </div>
        </div>
      </td>
      <td data-label='Role'>
        {roleName[member.role]} {member.suspended_at && <Badge tone='warn'>Suspended</Badge>}
      </td>
      <td data-label='Joined'>
        <When at={member.joined_at} />
      </td>
      <td className='ds-cell-actions'>
        <SharedMenuButton menu={menu} label={`Actions for ${who}`} actions={actionsOf(member)} />
      </td>
    </>
  )
})

/** What may be done with a member, by the rules that the server keeps to: nobody touches a role above their own. */
function useMemberActions({ id, name, role }: Organization) {
  const { client } = useOrganizationsContext()
  const { id: me } = usePerson()
  const queryClient = useQueryClient()
  const notify = useNotify()
  const [ask, confirmation] = useConfirm()
  const [promoted, setPromoted] = useState<Member>()

  /** Makes a change, and shows what it has made of members, as `edit` knows it from the answer. */
  const change = async <Answer,>(
    what: Promise<Answer>,
    edit: (answer: Answer) => (member: Member) => Member | undefined,
    done: string,
  ) => {
    const answer = await what.catch((error) => {
      lookAgainAfter(error, queryClient)
      throw error
    })
    lookAgain(queryClient)
    await showChangedMembers(queryClient, id, edit(answer))
    notify(done)
  }
  const removed = ({ member: gone }: MemberAnswer) => (member: Member) =>
    member.user_id === gone.user_id ? undefined : member
  const transferredTo = (owner: string) => ({ organization }: OrganizationAnswer) => (member: Member): Member =>
    member.user_id === owner
      ? { ...member, role: 'owner' }
      : member.user_id === me
      ? { ...member, role: organization.role }
      : member
  const changed = ({ member: now }: MemberAnswer) => (member: Member) => member.user_id === now.user_id ? now : member

  const of = (member: Member): MenuAction[] => {
    const { user_id } = member
    const who = personName(member)
    if (user_id === me || !isAtLeast(role, member.role)) return []
    const actions: MenuAction[] = []
    if (can(role, 'changeMember')) actions.push({ label: 'Change role', run: () => setPromoted(member) })
    if (can(role, 'transferOwnership') && !member.suspended_at) {
      actions.push({
        label: 'Transfer ownership',
        run: () =>
          ask({
            title: `Transfer ${name} to ${who}?`,
            text: `${who} becomes the owner, and you become an admin. Only ${who} can undo it.`,
            action: 'Transfer ownership',
            run: () =>
              change(
                need(client.members.transferOwnership(id, user_id)),
                transferredTo(user_id),
                `${who} owns ${name} now.`,
              ),
          }),
      })
    }
    if (can(role, 'reactivateMember') && member.suspended_at) {
      actions.push({
        label: 'Reactivate',
        run: () =>
          ask({
            title: `Let ${who} in again?`,
            text: `${who} gets the role back that they had: ${roleName[member.role].toLowerCase()}.`,
            action: 'Reactivate',
            harmless: true,
            run: () => change(need(client.members.reactivate(id, user_id)), changed, `${who} is back.`),
          }),
      })
    } else if (can(role, 'suspendMember')) {
      actions.push({
        label: 'Suspend',
        run: () =>
          ask({
            title: `Suspend ${who}?`,
            text: `${who} is shut out at once and keeps their place, until somebody reactivates them.`,
            action: 'Suspend',
            run: () => change(need(client.members.suspend(id, user_id)), changed, `${who} is suspended.`),
          }),
      })
    }
    if (can(role, 'removeMember')) {
      actions.push({
        label: 'Remove',
        danger: true,
        run: () =>
          ask({
            title: `Remove ${who}?`,
            text: `${who} no longer belongs to ${name}, at once. What they made stays here.`,
            action: 'Remove',
            run: () => change(need(client.members.remove(id, user_id)), removed, `${who} was removed.`),
          }),
      })
    }
    return actions
  }

  const dialogs = (
    <>
      {confirmation}
      <Dialog
        open={promoted !== undefined}
        onClose={() => setPromoted(undefined)}
        title={`Role of ${promoted ? personName(promoted) : ''}`}
        description='It holds from the very next click of theirs.'
      >
        {promoted && (
          <RoleForm
            key={promoted.user_id}
            current={promoted.role}
            most={role}
            onClose={() => setPromoted(undefined)}
            save={(next) =>
              change(
                need(client.members.changeRole(id, promoted.user_id, next)),
                changed,
                `${personName(promoted)} is ${roleName[next].toLowerCase()} now.`,
              )}
          />
        )}
      </Dialog>
    </>
  )
  return { of, dialogs }
}

function RoleForm({ current, most, save, onClose }: {
  current: Role
  most: Role
  save: (role: Role) => Promise<unknown>
  onClose: () => void
}) {
  const [chosen, setChosen] = useState<Role>(current)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    try {
      await save(chosen)
      onClose()
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setProblem(error.detail)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className='ds-stack' onSubmit={(event) => void submit(event)}>
      <fieldset className='ds-choices'>
        <legend className='ds-unseen'>Role</legend>
        {roles.filter((role) => isAtLeast(most, role)).map((role) => (
          <label key={role} className='ds-choice'>
            <input type='radio' name='role' value={role} checked={chosen === role} onChange={() => setChosen(role)} />
            <span>
              <span className='ds-choice-title'>{roleName[role]}</span>
              <span className='ds-soft ds-line'>{roleMeaning[role]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button onClick={onClose}>Cancel</Button>
        <Button type='submit' look='primary' busy={busy} disabled={chosen === current}>Change role</Button>
      </div>
    </form>
  )
}
