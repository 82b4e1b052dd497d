import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ProblemError } from '../../../shared/client/index.ts'
import type { AuditEntry, AuditFilter, AuditVerificationAnswer, ExportAudit } from '../../../shared/contract/audit.ts'
import type { Organization } from '../../../shared/contract/organizations.ts'
import { useOrganizationsContext } from '../context.tsx'
import { useAuditLog } from '../hooks.ts'
import { need } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/fields.tsx'
import { ClockIcon } from '../ui/icons.tsx'
import { saveFile } from '../ui/save-file.ts'
import { Badge, Empty, List, Problem, Section } from '../ui/states.tsx'
import { When } from '../ui/text.tsx'
import { count } from '../words.ts'

// What entries are about; each is the first word of an action.
const objects = { organization: 'Organization', member: 'Members', invitation: 'Invitations', domain: 'Domains' }

/** Who changed what; for admins. */
export function AuditLog({ organization }: { organization: Organization }) {
  const [object, setObject] = useState('')
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const filter: AuditFilter = {
    ...(object && { object_type: object }),
    ...(from && { from: startOf(from) }),
    ...(until && { to: startOf(until, 1) }),
  }
  const query = useAuditLog(filter)
  const isFiltered = Object.keys(filter).length > 0
  return (
    <Section
      title='Audit log'
      text='Every change of the organization, its people and settings, newest first.'
      actions={<Files organization={organization} filter={filter} />}
    >
      <Verification organizationId={organization.id} />
      <div className='ds-filter'>
        <SelectField label='About' value={object} onChange={({ target }) => setObject(target.value)}>
          <option value=''>Everything</option>
          {Object.entries(objects).map(([name, title]) => <option key={name} value={name}>{title}</option>)}
        </SelectField>
        <TextField label='From' type='date' value={from} onChange={({ target }) => setFrom(target.value)} />
        <TextField label='Until' type='date' value={until} onChange={({ target }) => setUntil(target.value)} />
      </div>
      <List
        query={query}
        entries={query.entries}
        empty={
          <Empty
            icon={<ClockIcon />}
            title='No entry'
            text={isFiltered ? 'Nothing fits these filters.' : 'Changes are listed here as they are made.'}
          />
        }
      >
        {(entries) => <ol className='ds-log'>{entries.map((entry) => <Entry key={entry.id} entry={entry} />)}</ol>}
      </List>
    </Section>
  )
}

/** The first moment of a day here, `later` days on. */
function startOf(day: string, later = 0): string {
  const date = new Date(`${day}T00:00:00`)
  date.setDate(date.getDate() + later)
  return date.toISOString()
}

const toWords = (text: string): string => {
  const words = text.replace(/[._]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const toText = (value: unknown): string =>
  value === null || value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)

function Entry({ entry }: { entry: AuditEntry }) {
  const { action, actor_type, actor_email, occurred_at, before, after, address } = entry
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return (
    <li className='ds-log-entry'>
      <div className='ds-log-head'>
        <span className='ds-log-action'>{toWords(action)}</span>
        <span className='ds-soft'>
          <When at={occurred_at} exact />
        </span>
      </div>
      <p className='ds-soft'>
        {actor_email ? <bdi>{actor_email}</bdi> : toWords(actor_type)}
        {address && ` from ${address}`}
      </p>
      {fields.length > 0 && (
        <details>
          <summary>What changed</summary>
          <dl className='ds-changes'>
            {fields.map((field) => (
              <div key={field}>
                <dt>{toWords(field)}</dt>
                <dd>
                  {before !== null && (
                    <>
                      <bdi>{toText(before[field])}</bdi>
                      {after !== null && ' → '}
                    </>
                  )}
                  {after !== null && <bdi>{toText(after[field])}</bdi>}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  )
}

function Files({ organization, filter }: { organization: Organization; filter: AuditFilter }) {
  const { client } = useOrganizationsContext()
  const download = useMutation<string, ProblemError, ExportAudit['format']>({
    mutationFn: (format) => need(client.audit.export(organization.id, { format, ...filter })),
    onSuccess: (text, format) => saveFile(text, `${organization.slug}-audit-log.${format}`),
  })
  return (
    <>
      <Button busy={download.isPending} onClick={() => download.mutate('csv')}>Download CSV</Button>
      <Button busy={download.isPending} onClick={() => download.mutate('jsonl')}>Download JSON</Button>
      {download.error && <Problem text={download.error.detail} />}
    </>
  )
}

function Verification({ organizationId }: { organizationId: string }) {
  const { client } = useOrganizationsContext()
  const verify = useMutation<AuditVerificationAnswer, ProblemError>({
    mutationFn: () => need(client.audit.verify(organizationId)),
  })
  return (
    <div className='ds-verify'>
      <Button look='quiet' busy={verify.isPending} onClick={() => verify.mutate()}>
        Check that nothing was altered
      </Button>
      <span role='status'>
        {verify.data && (verify.data.ok
          ? <Badge tone='good'>{count(verify.data.entries, 'entry', 'entries')}, as they were written</Badge>
          : <Badge tone='bad'>{count(verify.data.faults.length, 'fault')}: tell your operator</Badge>)}
      </span>
      {verify.error && <Problem text={verify.error.detail} />}
    </div>
  )
}
