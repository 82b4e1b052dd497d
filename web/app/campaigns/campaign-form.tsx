import { useQueryClient } from '@tanstack/react-query'
import { CampaignStatus, ChangedCampaign, NewCampaign } from '../../../shared/contract/campaigns.ts'
import { useActiveOrganization, useOrganizationsContext } from '../../components/index.ts'
import { useOrganizationId } from '../../components/context.tsx'
import { lookAgainAfter, need } from '../../components/query.ts'
import { Button } from '../../components/ui/button.tsx'
import { SelectField, TextArea, TextField } from '../../components/ui/fields.tsx'
import { type FieldInput, nullable, optional, useSchemaForm } from '../../components/ui/form.ts'
import { useNotify } from '../../components/ui/notices.tsx'
import { Problem } from '../../components/ui/states.tsx'
import { TimezoneField } from '../../components/ui/timezone-field.tsx'
import { toMinutes } from '../../components/words.ts'
import { useSession } from '../session.tsx'
import { type Campaign, campaignsKey, updateCampaign } from './campaigns.ts'
import { statusTitles } from './status.ts'

/** Begins a campaign; what is left empty is as the organization has it. */
export function AddCampaign({ onDone }: { onDone: () => void }) {
  const { client } = useOrganizationsContext()
  const after = useAfter(onDone)
  const { field, onSubmit, isSubmitting, problem } = useSchemaForm(NewCampaign, {
    defaultValues: { name: '', status: 'draft' },
  })
  const submit = onSubmit((values, retry) =>
    after(need(client.records.create('campaigns', values, retry)), 'The campaign was added.')
  )
  const { hours, callerId } = useDefaults()
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <Fields
        input={(name) => field(name, name === 'name' ? undefined : optional)}
        hours={`Left empty: ${hours}.`}
        callerId={`Left empty: ${callerId}.`}
      />
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button onClick={onDone}>Cancel</Button>
        <Button type='submit' look='primary' busy={isSubmitting}>Add campaign</Button>
      </div>
    </form>
  )
}

/** Changes a campaign. */
export function ChangeCampaign({ campaign, onDone }: { campaign: Campaign; onDone: () => void }) {
  const { supabase } = useSession()
  const organizationId = useOrganizationId()
  const after = useAfter(onDone)
  const { id, name, description, status, calling_hours_start, calling_hours_end, timezone, caller_id } = campaign
  const { field, onSubmit, formState, isSubmitting, problem } = useSchemaForm(ChangedCampaign, {
    defaultValues: {
      name,
      description,
      status: CampaignStatus.parse(status),
      calling_hours_start: toMinutes(calling_hours_start),
      calling_hours_end: toMinutes(calling_hours_end),
      timezone,
      caller_id,
    },
  })
  const { dirtyFields, isDirty } = formState
  const submit = onSubmit((values) => {
    // Only what was changed here: somebody else may be changing the rest.
    const changes = Object.entries(values).filter(([name]) => Reflect.get(dirtyFields, name))
    return after(updateCampaign(supabase, organizationId, id, Object.fromEntries(changes)), 'The campaign was changed.')
  })
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <Fields
        input={(name) => field(name, name === 'description' || name === 'caller_id' ? nullable : undefined)}
        callerId='Left empty: what the carrier shows.'
      />
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button onClick={onDone}>Cancel</Button>
        <Button type='submit' look='primary' busy={isSubmitting} disabled={!isDirty}>Save campaign</Button>
      </div>
    </form>
  )
}

/** What follows a change of campaigns, or its refusal. */
function useAfter(onDone: () => void) {
  const id = useOrganizationId()
  const queryClient = useQueryClient()
  const notify = useNotify()
  return async (change: Promise<unknown>, said: string) => {
    try {
      await change
    } catch (error) {
      lookAgainAfter(error, queryClient)
      throw error
    }
    await queryClient.invalidateQueries({ queryKey: campaignsKey(id) })
    notify(said)
    onDone()
  }
}

/** What a new campaign has that says nothing else, in words. */
function useDefaults() {
  const organization = useActiveOrganization()
  const start = organization?.calling_hours_start
  const end = organization?.calling_hours_end
  return {
    hours: start && end
      ? `${toMinutes(start)} to ${toMinutes(end)}, ${organization.timezone}`
      : '09:00 to 17:00, America/New_York',
    callerId: organization?.default_caller_id ?? 'what the carrier shows',
  }
}

function Fields({ input, hours, callerId }: {
  input: (name: keyof NewCampaign) => FieldInput
  hours?: string
  callerId: string
}) {
  return (
    <>
      <TextField label='Name' autoComplete='off' {...input('name')} />
      <TextArea label='Description' hint='Can stay empty.' rows={3} {...input('description')} />
      <SelectField label='Status' {...input('status')}>
        {Object.entries(statusTitles).map(([status, title]) => <option key={status} value={status}>{title}</option>)}
      </SelectField>
      <div className='ds-pair'>
        <TextField label='Calls begin at' type='time' hint={hours} {...input('calling_hours_start')} />
        <TextField label='Calls end at' type='time' {...input('calling_hours_end')} />
      </div>
      <TimezoneField label='Time zone' {...input('timezone')} />
      <TextField label='Caller id' type='tel' hint={callerId} autoComplete='off' {...input('caller_id')} />
    </>
  )
}
