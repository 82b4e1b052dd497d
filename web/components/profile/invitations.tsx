import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import {
  CreateInvitation,
  CreateInvitationLink,
  type Invitation,
  type InvitationLinkAnswer,
  type InvitationSentAnswer,
} from '../../../shared/contract/invitations.ts'
import { InvitableRole } from '../../../shared/contract/role.ts'
import { useOrganizationId, useOrganizationsContext } from '../context.tsx'
import { useInvitations } from '../hooks.ts'
import { keys, lookAgainAfter, need } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, useConfirm } from '../ui/dialog.tsx'
import { SelectField, TextField } from '../ui/fields.tsx'
import { useSchemaForm } from '../ui/form.ts'
import { MailIcon } from '../ui/icons.tsx'
import { ActionMenu } from '../ui/menu.tsx'
import { useNotify } from '../ui/notices.tsx'
import { Badge, Empty, List, Problem, Section } from '../ui/states.tsx'
import { Copy, Name, When } from '../ui/text.tsx'
import { count, roleMeaning, roleName } from '../words.ts'

const statuses = {
  pending: 'Pending',
  accepted: 'Accepted',
  declined: 'Declined',
  revoked: 'Revoked',
  expired: 'Expired',
}
const filters = { ...statuses, all: 'All' }
type Filter = keyof typeof filters
const isFilter = (text: string): text is Filter => Object.hasOwn(filters, text)

/** Who is invited, by mail or by link; for admins. */
export function Invitations() {
  const [status, setStatus] = useState<Filter>('pending')
  const [open, setOpen] = useState<'mail' | 'link'>()
  const [issued, setIssued] = useState<InvitationSentAnswer | InvitationLinkAnswer>()
  const query = useInvitations(status)
  const actions = useInvitationActions(setIssued)
  const close = () => setOpen(undefined)
  const done = (answer: InvitationSentAnswer | InvitationLinkAnswer) => {
    close()
    setIssued(answer)
  }
  const buttons = (
    <>
      <Button onClick={() => setOpen('link')}>Make a link</Button>
      <Button look='primary' onClick={() => setOpen('mail')}>Invite somebody</Button>
    </>
  )
  return (
    <Section
      title='Invitations'
      text='Who may join: by a mail of their own, or by a link that you pass on.'
      actions={buttons}
    >
      <div className='ds-filter'>
        <SelectField
          label='Show'
          value={status}
          onChange={({ target }) => isFilter(target.value) && setStatus(target.value)}
        >
          {Object.entries(filters).map(([value, title]) => <option key={value} value={value}>{title}</option>)}
        </SelectField>
      </div>
      {issued && <Issued answer={issued} onClose={() => setIssued(undefined)} />}
      <List
        query={query}
        entries={query.invitations}
        empty={
          <Empty
            icon={<MailIcon />}
            title={status === 'pending' ? 'No invitation is waiting' : 'None'}
            text='Invite colleagues by mail, or make one link for many.'
          />
        }
      >
        {(invitations) => (
          <table className='ds-table'>
            <thead>
              <tr>
                <th scope='col'>For</th>
                <th scope='col'>Role</th>
                <th scope='col'>Status</th>
                <th scope='col'>Valid until</th>
                <th scope='col'>
                  <span className='ds-unseen'>Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {invitations.map((invitation) => (
                <tr key={invitation.id}>
                  <td>
                    <Name>{toTarget(invitation)}</Name>
                    {invitation.kind === 'link' && (
                      <span className='ds-soft ds-line'>
                        {invitation.max_uses === null
                          ? `used ${count(invitation.uses, 'time')}`
                          : `used ${invitation.uses} of ${count(invitation.max_uses, 'time')}`}
                      </span>
                    )}
                  </td>
                  <td data-label='Role'>{roleName[invitation.role]}</td>
                  <td data-label='Status'>
                    <Badge tone={invitation.status === 'accepted' ? 'good' : 'calm'}>
                      {statuses[invitation.status]}
                    </Badge>
                  </td>
                  <td data-label='Valid until'>
                    <When at={invitation.expires_at} />
                  </td>
                  <td className='ds-cell-actions'>
                    <ActionMenu label={`Actions for ${toTarget(invitation)}`} actions={actions.of(invitation)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </List>
      <Dialog
        open={open === 'mail'}
        onClose={close}
        title='Invite somebody'
        description='They get a mail with a link that works for their address alone.'
      >
        <InviteForm onDone={done} onCancel={close} />
      </Dialog>
      <Dialog
        open={open === 'link'}
        onClose={close}
        title='Make a link'
        description='Whoever has the link joins as member. It is shown once.'
      >
        <LinkForm onDone={done} onCancel={close} />
      </Dialog>
      {actions.dialogs}
    </Section>
  )
}

const toTarget = ({ email, allowed_domains }: Invitation): string =>
  email ?? (allowed_domains === null ? 'Link for anybody' : `Link for ${allowed_domains.join(', ')}`)

function Issued({ answer, onClose }: { answer: InvitationSentAnswer | InvitationLinkAnswer; onClose: () => void }) {
  const { email } = answer.invitation
  const failed = 'mail' in answer && answer.mail === 'failed'
  return (
    <div className='ds-issued' role='status'>
      <p>
        {email === null
          ? 'The link is ready. It is shown this once.'
          : failed
          ? 'The invitation stands, but the mail could not be sent. Pass the link on yourself; it is shown this once.'
          : (
            <>
              The mail to <bdi>{email}</bdi> is on its way. The same link, shown this once:
            </>
          )}
      </p>
      <Copy label='invitation link' text={answer.accept_url} />
      <Button look='quiet' onClick={onClose}>Done</Button>
    </div>
  )
}

interface FormProps {
  onDone: (answer: InvitationSentAnswer | InvitationLinkAnswer) => void
  onCancel: () => void
}

function useInvalidate() {
  const id = useOrganizationId()
  const queryClient = useQueryClient()
  return () => void queryClient.invalidateQueries({ queryKey: keys.organization(id) })
}

function InviteForm({ onDone, onCancel }: FormProps) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const invalidate = useInvalidate()
  const { field, onSubmit, isSubmitting, problem, watch } = useSchemaForm(CreateInvitation, {
    defaultValues: { email: '', role: 'member' },
    fieldOf: { already_member: 'email', invitation_pending: 'email' },
  })
  const submit = onSubmit(async (values, retry) => {
    onDone(await need(client.invitations.create(id, values, retry)))
    invalidate()
  })
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <TextField label='E-mail address' type='email' autoComplete='off' required {...field('email')} />
      <SelectField label='Role' hint={roleMeaning[watch('role')]} {...field('role')}>
        {InvitableRole.options.map((role) => <option key={role} value={role}>{roleName[role]}</option>)}
      </SelectField>
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type='submit' look='primary' busy={isSubmitting}>Send invitation</Button>
      </div>
    </form>
  )
}

const toNumber = { setValueAs: (value: unknown) => value === '' ? undefined : Number(value) }
const toList = {
  setValueAs: (value: unknown) => {
    const words = String(value ?? '').split(/[\s,]+/).filter(Boolean)
    return words.length === 0 ? undefined : words
  },
}

function LinkForm({ onDone, onCancel }: FormProps) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const invalidate = useInvalidate()
  const { field, onSubmit, isSubmitting, problem } = useSchemaForm(CreateInvitationLink, { defaultValues: {} })
  const submit = onSubmit(async (values, retry) => {
    onDone(await need(client.invitations.createLink(id, values, retry)))
    invalidate()
  })
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <TextField
        label='How many may join'
        hint='Empty: as many as there are seats.'
        inputMode='numeric'
        autoComplete='off'
        {...field('max_uses', toNumber)}
      />
      <TextField
        label='Only addresses at'
        hint='Domains with commas between them, as in acme.example. Empty: anybody.'
        autoCapitalize='none'
        autoComplete='off'
        {...field('allowed_domains', toList)}
      />
      <TextField
        label='Valid for days'
        hint='1 to 30; 7 if empty.'
        inputMode='numeric'
        autoComplete='off'
        {...field('expires_in_days', toNumber)}
      />
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type='submit' look='primary' busy={isSubmitting}>Make the link</Button>
      </div>
    </form>
  )
}

function useInvitationActions(onIssued: (answer: InvitationSentAnswer) => void) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const queryClient = useQueryClient()
  const invalidate = useInvalidate()
  const notify = useNotify()
  const [ask, dialogs] = useConfirm()
  const run = async (what: Promise<unknown>) => {
    try {
      await what
    } catch (error) {
      lookAgainAfter(error, queryClient)
      throw error
    } finally {
      invalidate()
    }
  }
  const of = (invitation: Invitation) => {
    const { email, status } = invitation
    if (status !== 'pending' && status !== 'expired') return []
    const resend = {
      label: 'Send again',
      run: () =>
        ask({
          title: 'Send the invitation again?',
          text: `${toTarget(invitation)} gets a new link; the old one stops working.`,
          action: 'Send again',
          harmless: true,
          run: () => run(need(client.invitations.resend(id, invitation.id)).then(onIssued)),
        }),
    }
    const revoke = {
      label: 'Revoke',
      danger: true,
      run: () =>
        ask({
          title: 'Revoke the invitation?',
          text: `${toTarget(invitation)}: the link stops working at once.`,
          action: 'Revoke',
          run: () =>
            run(need(client.invitations.revoke(id, invitation.id)).then(() => notify('The invitation was revoked.'))),
        }),
    }
    return [...(email !== null ? [resend] : []), ...(status === 'pending' ? [revoke] : [])]
  }
  return { of, dialogs }
}
