import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ProblemError } from '../../../shared/client/index.ts'
import { ClaimDomain, type JoinMode, type OrganizationDomain } from '../../../shared/contract/domains.ts'
import type { JoinRequest } from '../../../shared/contract/joining.ts'
import { useOrganizationId, useOrganizationsContext } from '../context.tsx'
import { useDomains, useJoinRequests } from '../hooks.ts'
import { keys, lookAgainAfter, need } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, useConfirm } from '../ui/dialog.tsx'
import { SelectField, TextField } from '../ui/fields.tsx'
import { useSchemaForm } from '../ui/form.ts'
import { GlobeIcon } from '../ui/icons.tsx'
import { ActionMenu } from '../ui/menu.tsx'
import { useNotify } from '../ui/notices.tsx'
import { Badge, Empty, List, Problem, Section } from '../ui/states.tsx'
import { Avatar, Copy, Name, When } from '../ui/text.tsx'
import { count } from '../words.ts'

const joinModes: Record<JoinMode, string> = {
  approval: 'People ask, and an admin decides',
  automatic: 'People join at once',
}
const otherMode: Record<JoinMode, JoinMode> = { approval: 'automatic', automatic: 'approval' }

/** The e-mail domains whose people may join, and who asks to; for admins. */
export function Domains() {
  const query = useDomains()
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <JoinRequests />
      <Section
        title='Domains'
        text='Everybody with a verified e-mail address at a domain of yours can join.'
        actions={<Button look='primary' onClick={() => setOpen(true)}>Add a domain</Button>}
      >
        <List
          query={query}
          entries={query.domains}
          empty={
            <Empty
              icon={<GlobeIcon />}
              title='No domain yet'
              text='Add your company’s domain, prove that it is yours, and colleagues find their way in.'
            />
          }
        >
          {(domains) => (
            <ul className='ds-cards'>
              {domains.map((domain) => <DomainCard key={domain.id} domain={domain} />)}
            </ul>
          )}
        </List>
        <Dialog
          open={open}
          onClose={close}
          title='Add a domain'
          description='You prove that it is yours by a record in its DNS, which the next page shows.'
        >
          <ClaimForm onDone={close} />
        </Dialog>
      </Section>
    </>
  )
}

function useChange() {
  const id = useOrganizationId()
  const queryClient = useQueryClient()
  const onSettled = () => queryClient.invalidateQueries({ queryKey: keys.organization(id) })
  const onError = (error: ProblemError) => lookAgainAfter(error, queryClient)
  return { onSettled, onError }
}

function ClaimForm({ onDone }: { onDone: () => void }) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const { onSettled } = useChange()
  const { field, onSubmit, isSubmitting, problem } = useSchemaForm(ClaimDomain, {
    defaultValues: { domain: '', join_mode: 'approval' },
    fieldOf: { conflict: 'domain' },
  })
  const submit = onSubmit(async (values, retry) => {
    await need(client.domains.claim(id, values, retry))
    await onSettled()
    onDone()
  })
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <TextField
        label='Domain'
        placeholder='acme.example'
        autoCapitalize='none'
        autoComplete='off'
        spellCheck={false}
        {...field('domain')}
      />
      <SelectField label='How people join' {...field('join_mode')}>
        {Object.entries(joinModes).map(([mode, title]) => <option key={mode} value={mode}>{title}</option>)}
      </SelectField>
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button onClick={onDone}>Cancel</Button>
        <Button type='submit' look='primary' busy={isSubmitting}>Add domain</Button>
      </div>
    </form>
  )
}

function DomainCard(
  { domain: { id: domainId, domain, join_mode, verified_at, record } }: { domain: OrganizationDomain },
) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const change = useChange()
  const notify = useNotify()
  const [ask, confirmation] = useConfirm()
  const verify = useMutation<unknown, ProblemError>({
    mutationFn: () => need(client.domains.verify(id, domainId)),
    onSuccess: () => notify(`${domain} is verified.`),
    ...change,
  })
  const update = useMutation<unknown, ProblemError, JoinMode>({
    mutationFn: (mode) => need(client.domains.update(id, domainId, { join_mode: mode })),
    onSuccess: () => notify('Saved.'),
    ...change,
  })
  const actions = [
    { label: joinModes[otherMode[join_mode]], run: () => update.mutate(otherMode[join_mode]) },
    {
      label: 'Remove',
      danger: true,
      run: () =>
        ask({
          title: `Remove ${domain}?`,
          text: 'Nobody can join by it any more. Members stay; requests that wait end.',
          action: 'Remove',
          run: async () => {
            const { ended } = await need(client.domains.remove(id, domainId))
            await change.onSettled()
            const also = ended.join_requests > 0 ? ` ${count(ended.join_requests, 'request')} ended with it.` : ''
            notify(`${domain} was removed.${also}`)
          },
        }),
    },
  ]
  const problem = verify.error ?? update.error
  return (
    <li className='ds-card'>
      <div className='ds-card-row'>
        <div className='ds-grow'>
          <h3 className='ds-card-title'>
            <Name>{domain}</Name>{' '}
            {verified_at ? <Badge tone='good'>Verified</Badge> : <Badge tone='warn'>Not proven yet</Badge>}
          </h3>
          <p className='ds-soft'>{joinModes[join_mode]}.</p>
        </div>
        <ActionMenu label={`Actions for ${domain}`} actions={actions} />
      </div>
      {verified_at === null && (
        <div className='ds-stack'>
          <p>Set this TXT record where the DNS of the domain is managed. It can take an hour until it is seen.</p>
          <Copy label='record name' text={record.name} />
          <Copy label='record value' text={record.value} />
          <div className='ds-actions'>
            <Button look='primary' busy={verify.isPending} onClick={() => verify.mutate()}>Check the record</Button>
          </div>
        </div>
      )}
      {problem && <Problem text={problem.detail} />}
      {confirmation}
    </li>
  )
}

function JoinRequests() {
  const query = useJoinRequests()
  const { requests } = query
  if (!requests || requests.length === 0) return null
  return (
    <Section title='Asking to join' text='Their e-mail address is at a domain of yours, and is verified.'>
      <List query={query} entries={requests} empty={null}>
        {(entries) => (
          <ul className='ds-cards'>{entries.map((request) => <Request key={request.id} request={request} />)}</ul>
        )}
      </List>
    </Section>
  )
}

function Request({ request: { id: requestId, email, full_name, created_at } }: { request: JoinRequest }) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const notify = useNotify()
  const who = full_name ?? email
  const decide = useMutation<unknown, ProblemError, 'approve' | 'refuse'>({
    mutationFn: (what) => need(client.joining[what](id, requestId)),
    onSuccess: (_, what) => notify(what === 'approve' ? `${who} is a member now.` : `${who} was refused.`),
    ...useChange(),
  })
  return (
    <li className='ds-card-row'>
      <Avatar name={who} />
      <div className='ds-grow'>
        <Name>{who}</Name>
        <p className='ds-soft'>
          <bdi>{email}</bdi>, <When at={created_at} />
        </p>
        {decide.error && <Problem text={decide.error.detail} />}
      </div>
      <Button busy={decide.isPending} onClick={() => decide.mutate('refuse')}>Refuse</Button>
      <Button look='primary' busy={decide.isPending} onClick={() => decide.mutate('approve')}>Let in</Button>
    </li>
  )
}
