import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { ProblemError } from '../../../shared/client/index.ts'
import { fromText, toCustomFields, toText } from '../../../shared/contract/custom-fields.ts'
import type { LeadField } from '../../../shared/contract/lead-fields.ts'
import { useCan, useLeadFields, useOrganizationsContext } from '../../components/index.ts'
import { useOrganizationId } from '../../components/context.tsx'
import { isLong, keys, lookAgainAfter, need } from '../../components/query.ts'
import { Button } from '../../components/ui/button.tsx'
import { Dialog } from '../../components/ui/dialog.tsx'
import { SelectField, TextField } from '../../components/ui/fields.tsx'
import { type FieldInput, optional, useSchemaForm } from '../../components/ui/form.ts'
import { ListIcon } from '../../components/ui/icons.tsx'
import { useNotify } from '../../components/ui/notices.tsx'
import { Badge, Empty, List, Loading, Problem } from '../../components/ui/states.tsx'
import { Name, When } from '../../components/ui/text.tsx'
import {
  type FoundLead,
  type FoundLeadsPage,
  leadsKey,
  readLeads,
  searchLeads,
  toWords,
  TypedLead,
} from '../leads/leads.ts'
import { useNewest, useSettled } from '../rows.ts'
import { useSession } from '../session.tsx'
import { useTitle } from './page.tsx'

function useLeads() {
  const { supabase } = useSession()
  const id = useOrganizationId()
  return useNewest(leadsKey(id), (after, signal) => readLeads(supabase, id, after, signal))
}

/** The leads in which words are found; what was found before stays until there is an answer. */
function useFoundLeads(words: string | undefined) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const query = useInfiniteQuery<
    FoundLeadsPage,
    ProblemError,
    { pages: FoundLeadsPage[] },
    string[],
    string | undefined
  >({
    queryKey: [...leadsKey(id), 'found', words ?? ''],
    queryFn: ({ pageParam }) => searchLeads(client, words ?? '', pageParam),
    initialPageParam: undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    enabled: words !== undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: ({ state }) => !isLong(state.data),
    refetchOnReconnect: ({ state }) => !isLong(state.data),
  })
  return { ...query, rows: query.data?.pages.flatMap((page) => page.leads) }
}

const route = getRouteApi('/signed-in/o/$slug/leads')

/** All leads, or those that were found. */
type LeadsQuery = Parameters<typeof List>[0]['query'] & { rows?: FoundLead[] }

/** The organization's leads. */
export function Leads() {
  const { slug } = route.useParams()
  const all = useLeads()
  const [typed, setTyped] = useState('')
  const words = toWords(useSettled(typed))
  const found = useFoundLeads(words)
  const query: LeadsQuery = words === undefined ? all : found
  const mayCreate = useCan('leads.create')
  const fields = useLeadFields()
  // More would not fit beside each other.
  const shown = fields.data?.slice(0, 3) ?? []
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  useTitle('Leads')
  const add = mayCreate && (
    <>
      <Link to='/o/$slug/leads/import' params={{ slug }} className='ds-button ds-button-plain'>Import a file</Link>
      <Button look='primary' onClick={() => setOpen(true)}>Add a lead</Button>
    </>
  )
  return (
    <>
      <header className='ds-section-head'>
        <div>
          <h1>Leads</h1>
          <p className='ds-section-text'>Whom to call, newest first.</p>
        </div>
        {all.rows && all.rows.length > 0 && <div className='ds-section-actions'>{add}</div>}
      </header>
      {all.rows && all.rows.length > 0 && (
        <div className='ds-filter' role='search'>
          <TextField
            label='Search leads'
            type='search'
            hint='By parts of a name, company, e-mail address or number.'
            maxLength={100}
            autoComplete='off'
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </div>
      )}
      <List
        query={query}
        entries={query.rows}
        empty={words === undefined
          ? (
            <Empty
              icon={<ListIcon />}
              title='No leads yet'
              text='Add the first one or import a file of them, and they are here for all of your colleagues.'
            >
              {add && <div className='ds-actions'>{add}</div>}
            </Empty>
          )
          : (
            <Empty
              icon={<ListIcon />}
              title='No lead found'
              text='None has all of these words in its name, company, e-mail address or number.'
            >
              <Button onClick={() => setTyped('')}>Show all leads</Button>
            </Empty>
          )}
      >
        {(leads) => (
          <table className='ds-table'>
            <thead>
              <tr>
                <th scope='col'>Name</th>
                <th scope='col'>Phone</th>
                <th scope='col'>Company</th>
                {shown.map(({ id, label }) => <th key={id} scope='col'>{label}</th>)}
                <th scope='col'>Status</th>
                <th scope='col'>Added</th>
              </tr>
            </thead>
            <tbody>
              {leads.map((lead) => (
                <tr key={lead.id}>
                  <td>
                    <Name>{[lead.first_name, lead.last_name].filter(Boolean).join(' ') || 'No name'}</Name>
                    {lead.email && (
                      <span className='ds-soft ds-line'>
                        <bdi>{lead.email}</bdi>
                      </span>
                    )}
                  </td>
                  <td data-label='Phone'>
                    <bdi className='ds-number'>{lead.phone_number}</bdi>
                  </td>
                  <td data-label='Company'>{lead.company && <Name>{lead.company}</Name>}</td>
                  {shown.map(({ id, key, label }) => (
                    <td key={id} data-label={label}>
                      <Name>{toText(Reflect.get(Object(lead.custom_fields), key))}</Name>
                    </td>
                  ))}
                  <td data-label='Status'>
                    <Badge>{lead.status}</Badge>
                  </td>
                  <td data-label='Added'>
                    <When at={lead.created_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </List>
      <Dialog open={open} onClose={close} title='Add a lead'>
        {fields.data
          ? <LeadForm fields={fields.data} onDone={close} />
          : fields.error
          ? <Problem text={fields.error.detail} onRetry={() => void fields.refetch()} />
          : <Loading />}
      </Dialog>
    </>
  )
}

function LeadForm({ fields, onDone }: { fields: LeadField[]; onDone: () => void }) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const queryClient = useQueryClient()
  const notify = useNotify()
  const schema = useMemo(() => TypedLead.extend({ custom_fields: toCustomFields(fields).optional() }), [fields])
  const { field, onSubmit, isSubmitting, problem } = useSchemaForm(schema, { defaultValues: { phone_number: '' } })
  const custom = (definition: LeadField) =>
    field(`custom_fields.${definition.key}`, {
      setValueAs: (value: unknown) => typeof value === 'string' ? fromText(definition, value) : value,
    })
  const submit = onSubmit(async (values, retry) => {
    try {
      await need(client.records.create('leads', values, retry))
    } catch (error) {
      lookAgainAfter(error, queryClient)
      // An admin may have changed what is asked.
      void queryClient.invalidateQueries({ queryKey: keys.leadFields(id) })
      throw error
    }
    await queryClient.invalidateQueries({ queryKey: leadsKey(id) })
    notify('The lead was added.')
    onDone()
  })
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <TextField
        label='Phone number'
        type='tel'
        hint='With country code, as in +14155550100.'
        autoComplete='off'
        {...field('phone_number')}
      />
      <div className='ds-pair'>
        <TextField label='First name' autoComplete='off' {...field('first_name', optional)} />
        <TextField label='Last name' autoComplete='off' {...field('last_name', optional)} />
      </div>
      <TextField label='Company' autoComplete='off' {...field('company', optional)} />
      <TextField label='E-mail address' type='email' autoComplete='off' {...field('email', optional)} />
      {fields.map((definition) => <CustomField key={definition.id} field={definition} input={custom(definition)} />)}
      {problem && <Problem text={problem} />}
      <div className='ds-actions'>
        <Button onClick={onDone}>Cancel</Button>
        <Button type='submit' look='primary' busy={isSubmitting}>Add lead</Button>
      </div>
    </form>
  )
}

const inputTypes: Partial<Record<LeadField['type'], string>> = { date: 'date', email: 'email', url: 'url' }

/** A field of the organization's own, to fill in. */
function CustomField({ field: { type, label, required, options }, input }: {
  field: LeadField
  input: FieldInput
}) {
  const hint = required ? undefined : 'Can stay empty.'
  const choices = type === 'boolean' ? ['Yes', 'No'] : options
  return choices
    ? (
      <SelectField label={label} hint={hint} {...input}>
        <option value=''>Nothing chosen</option>
        {choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
      </SelectField>
    )
    : (
      <TextField
        label={label}
        hint={hint}
        type={inputTypes[type] ?? 'text'}
        inputMode={type === 'number' ? 'decimal' : undefined}
        autoComplete='off'
        {...input}
      />
    )
}
