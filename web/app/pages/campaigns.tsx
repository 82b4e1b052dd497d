import { useState } from 'react'
import { CampaignStatus } from '../../../shared/contract/campaigns.ts'
import { useCan, usePerson } from '../../components/index.ts'
import { useOrganizationId } from '../../components/context.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Dialog } from '../../components/ui/dialog.tsx'
import { SelectField, TextField } from '../../components/ui/fields.tsx'
import { PhoneIcon } from '../../components/ui/icons.tsx'
import { Badge, Empty, List } from '../../components/ui/states.tsx'
import { Name, When } from '../../components/ui/text.tsx'
import { toMinutes } from '../../components/words.ts'
import { AddCampaign, ChangeCampaign } from '../campaigns/campaign-form.tsx'
import { type Campaign, type CampaignFilter, campaignsKey, readCampaigns, toWords } from '../campaigns/campaigns.ts'
import { statusTitles, statusTones } from '../campaigns/status.ts'
import { useNewest, useSettled } from '../rows.ts'
import { useSession } from '../session.tsx'
import { useTitle } from './page.tsx'

function useCampaigns(filter: CampaignFilter) {
  const { supabase } = useSession()
  const id = useOrganizationId()
  return useNewest(
    [...campaignsKey(id), filter.status ?? '', ...filter.words],
    (after, signal) => readCampaigns(supabase, id, filter, after, signal),
  )
}

/** Whether the person may change a campaign: their own, or any. */
function useMayChange(): (campaign: Campaign) => boolean {
  const { id } = usePerson()
  const any = useCan('campaigns.update')
  const own = useCan('campaigns.update', { own: true })
  return ({ user_id }) => user_id === id ? own : any
}

/** The organization's campaigns. */
export function Campaigns() {
  const [typed, setTyped] = useState('')
  const [status, setStatus] = useState<CampaignStatus>()
  const words = toWords(useSettled(typed))
  const query = useCampaigns({ words, status })
  const { isPlaceholderData, rows } = query
  const isFiltered = words.length > 0 || status !== undefined
  const isUsed = isFiltered || rows?.length !== 0
  const mayCreate = useCan('campaigns.create')
  const mayChange = useMayChange()
  const [open, setOpen] = useState(false)
  const [changed, setChanged] = useState<Campaign>()
  const showAll = () => {
    setTyped('')
    setStatus(undefined)
  }
  useTitle('Campaigns')
  const add = mayCreate && <Button look='primary' onClick={() => setOpen(true)}>Add a campaign</Button>
  return (
    <>
      <header className='ds-section-head'>
        <div>
          <h1>Campaigns</h1>
          <p className='ds-section-text'>How and when leads are called, newest first.</p>
        </div>
        {rows && isUsed && <div className='ds-section-actions'>{add}</div>}
      </header>
      {rows && isUsed && (
        <div className='ds-filter' role='search'>
          <TextField
            label='Search campaigns'
            type='search'
            hint='By parts of their name.'
            maxLength={100}
            autoComplete='off'
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
          <SelectField
            label='Status'
            value={status ?? ''}
            onChange={({ target }) => setStatus(CampaignStatus.safeParse(target.value).data)}
          >
            <option value=''>All</option>
            {Object.entries(statusTitles).map(([name, title]) => <option key={name} value={name}>{title}</option>)}
          </SelectField>
        </div>
      )}
      <List
        query={query}
        // Of the filter before, nothing says nothing about this one.
        entries={isPlaceholderData && rows?.length === 0 ? undefined : rows}
        empty={isFiltered
          ? (
            <Empty icon={<PhoneIcon />} title='No campaign found' text='None fits what is chosen above.'>
              <Button onClick={showAll}>Show all campaigns</Button>
            </Empty>
          )
          : (
            <Empty
              icon={<PhoneIcon />}
              title='No campaigns yet'
              text='A campaign says how and when leads are called. It begins with what your organization has set for calling.'
            >
              {add && <div className='ds-actions'>{add}</div>}
            </Empty>
          )}
      >
        {(campaigns) => (
          <table className='ds-table'>
            <thead>
              <tr>
                <th scope='col'>Name</th>
                <th scope='col'>Status</th>
                <th scope='col'>Calls</th>
                <th scope='col'>Caller id</th>
                <th scope='col'>Added</th>
                <th scope='col'>
                  <span className='ds-unseen'>Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {campaigns.map((campaign) => (
                <tr key={campaign.id}>
                  <Cells campaign={campaign} />
                  <td className='ds-cell-actions'>
                    {mayChange(campaign) && (
                      <Button
                        look='quiet'
                        className='campaign-change'
                        aria-label={`Change ${campaign.name}`}
                        onClick={() => setChanged(campaign)}
                      >
                        Change
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </List>
      <Dialog open={open} onClose={() => setOpen(false)} title='Add a campaign'>
        <AddCampaign onDone={() => setOpen(false)} />
      </Dialog>
      <Dialog open={changed !== undefined} onClose={() => setChanged(undefined)} title='Change the campaign'>
        {changed && <ChangeCampaign campaign={changed} onDone={() => setChanged(undefined)} />}
      </Dialog>
    </>
  )
}

function Cells({ campaign }: { campaign: Campaign }) {
  const { name, description, calling_hours_start, calling_hours_end, timezone, caller_id, created_at } = campaign
  const status = CampaignStatus.parse(campaign.status)
  return (
    <>
      <td>
        <Name>{name}</Name>
        {description && (
          <span className='ds-soft campaign-about'>
            <Name>{description}</Name>
          </span>
        )}
      </td>
      <td data-label='Status'>
        <Badge tone={statusTones[status]}>{statusTitles[status]}</Badge>
      </td>
      <td data-label='Calls'>
        <span className='campaign-hours'>
          <span className='ds-number'>{toMinutes(calling_hours_start)} to {toMinutes(calling_hours_end)}</span>
          <span className='ds-soft ds-line'>{timezone}</span>
        </span>
      </td>
      <td data-label='Caller id'>{caller_id && <bdi className='ds-number'>{caller_id}</bdi>}</td>
      <td data-label='Added'>
        <When at={created_at} />
      </td>
    </>
  )
}
