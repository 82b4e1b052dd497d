import { getRouteApi, Link, useBlocker } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { LeadField } from '../../../shared/contract/lead-fields.ts'
import { useCan, useLeadFields } from '../../components/index.ts'
import { Button } from '../../components/ui/button.tsx'
import { TextField } from '../../components/ui/fields.tsx'
import { useNotify } from '../../components/ui/notices.tsx'
import { saveFile } from '../../components/ui/save-file.ts'
import { Loading, Note, Problem, Section } from '../../components/ui/states.tsx'
import { count } from '../../components/words.ts'
import { Columns, Options, Preview } from '../leads/import/columns-form.tsx'
import type { Summary } from '../leads/import/file.ts'
import type { Outcome } from '../leads/import/send.ts'
import { type OpenFile, toSentence, useCheck, useFile, useSending } from '../leads/import/use-import.ts'
import { useTitle } from './page.tsx'

const route = getRouteApi('/signed-in/o/$slug/leads/import')

/** Brings leads in from a file. */
export function ImportLeads() {
  const { slug } = route.useParams()
  const mayCreate = useCan('leads.create')
  const { data: fields, error, refetch } = useLeadFields()
  useTitle('Import leads')
  return (
    <>
      <header className='ds-section-head'>
        <div>
          <h1>Import leads</h1>
          <p className='ds-section-text'>
            From a file of CSV, as spreadsheets and other systems save it. Up to 20 MB at a time.
          </p>
        </div>
        <div className='ds-section-actions'>
          <Link to='/o/$slug/leads' params={{ slug }} className='ds-button ds-button-plain'>Back to leads</Link>
        </div>
      </header>
      {!mayCreate
        ? <Note>Your role does not allow you to add leads.</Note>
        : fields
        ? <Import fields={fields} />
        : error
        ? <Problem text={error.detail} onRetry={() => void refetch()} />
        : <Loading />}
    </>
  )
}

function Import({ fields }: { fields: LeadField[] }) {
  const file = useFile(fields)
  const sending = useSending()
  const onAgain = () => {
    sending.forget()
    file.forget()
  }
  return sending.progress === undefined
    ? <Choose file={file} onStart={sending.start} />
    : <Sending file={file} sending={sending} onAgain={onAgain} />
}

type SendingState = ReturnType<typeof useSending>

function Choose({ file, onStart }: { file: OpenFile; onStart: SendingState['start'] }) {
  const { fields, reader, opened, choices, setChoices, open, reopen } = file
  const check = useCheck(file)
  const hasNumber = choices?.mapping.includes('phone_number') ?? false
  const failure = open.error ?? reopen.error ?? check.error
  return (
    <div className='ds-stack'>
      <TextField
        label='File'
        type='file'
        accept='.csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values'
        hint='You can drop it here as well.'
        onChange={({ target }) => {
          const [chosen] = target.files ?? []
          if (chosen) open.mutate(chosen)
        }}
      />
      {(open.isPending || reopen.isPending) && <Loading label='Reading the file' />}
      {failure && <Problem text={toSentence(failure)} />}
      {opened && choices && (
        <>
          {opened.count === 0 && (
            <Note>
              {opened.hasHeader ? 'The file has names of columns, and no row below them.' : 'The file has no rows.'}
            </Note>
          )}
          {opened.torn.length > 0 && (
            <Note>
              A quotation mark in row {opened.torn[0]} has no partner: what follows may have been read as one cell.
            </Note>
          )}
          <Columns opened={opened} fields={fields} choices={choices} onChange={setChoices} />
          <Options
            opened={opened}
            choices={choices}
            onRead={(reading) => reopen.mutate(reading)}
            onChange={setChoices}
          />
          <Preview opened={opened} fields={fields} mapping={choices.mapping} />
          {opened.count > 0 && (
            <Section title='What will be imported'>
              {!hasNumber
                ? <Note>Choose the column that becomes the phone number: a lead is somebody to call.</Note>
                : check.data
                ? <Result summary={check.data} />
                : check.isFetching && <Loading lines={1} label='Checking the rows' />}
              <div className='ds-actions'>
                <Button
                  look='primary'
                  disabled={!hasNumber || !check.data || check.data.good === 0 || check.isFetching || reopen.isPending}
                  onClick={() => reader.current && void onStart(reader.current, choices)}
                >
                  {check.data && hasNumber ? `Import ${count(check.data.good, 'lead')}` : 'Import'}
                </Button>
              </div>
            </Section>
          )}
        </>
      )}
    </div>
  )
}

function Result({ summary: { good, bad, duplicates, problems } }: { summary: Summary }) {
  const left = bad + duplicates
  return (
    <>
      <p role='status'>
        {count(good, 'lead')} can be imported.
        {bad > 0 && ` ${count(bad, 'row has', 'rows have')} something wrong.`}
        {duplicates > 0 && ` ${count(duplicates, 'row has', 'rows have')} a number that the file had before.`}
      </p>
      {problems.length > 0 && (
        <details className='import-problems'>
          <summary>Which rows, and why</summary>
          <Problems problems={problems} />
          {left > problems.length && (
            <p className='ds-soft'>
              And{' '}
              {count(left - problems.length, 'more row', 'more rows')}; after the import you can download all of them.
            </p>
          )}
        </details>
      )}
    </>
  )
}

function Problems({ problems }: { problems: Summary['problems'] }) {
  return (
    <ul className='import-list'>
      {problems.map(({ row, problem }) => (
        <li key={row}>
          <span className='ds-number import-row'>Row {row}</span> <bdi>{problem}</bdi>
        </li>
      ))}
    </ul>
  )
}

const reasons: Record<Outcome['state'], string> = {
  done: '',
  cancelled: 'Not sent.',
  interrupted: 'No answer came: it may be stored or not.',
  'signed out': 'Not stored.',
  stopped: 'Not stored.',
}

function Sending({ file, sending, onAgain }: { file: OpenFile; sending: SendingState; onAgain: () => void }) {
  const { slug } = route.useParams()
  const notify = useNotify()
  const { total, progress, outcome, goOn, cancel } = sending
  const isRunning = outcome === undefined
  useBlocker({
    shouldBlockFn: () => {
      notify('The import is still running. Stop it before you go.')
      return true
    },
    disabled: !isRunning,
    enableBeforeUnload: isRunning,
  })
  // What had the focus is gone, at the beginning as at the end.
  const content = useRef<HTMLDivElement>(null)
  useEffect(() => content.current?.focus(), [isRunning])
  if (!progress || !file.opened) return null
  const { added, refused, next, settled } = progress
  const download = async () => {
    const reason = outcome ? reasons[outcome.state] : ''
    const text = await file.reader.current?.file.failedRows({ refused, next, settled, reason })
    if (text) saveFile(text, `${file.opened?.name.replace(/\.\w+$/, '')}-not-imported.csv`)
  }
  const left = file.opened.count - added
  return (
    <Section title={isRunning ? 'Importing' : added === total && left === 0 ? 'Imported' : 'The import has ended'}>
      <div className='ds-stack import-sending' ref={content} tabIndex={-1}>
        <label className='ds-field'>
          <span className='ds-label'>{added.toLocaleString()} of {count(total, 'lead')} added</span>
          <progress className='import-progress' max={Math.max(total, 1)} value={added + refused.length} />
        </label>
        {isRunning
          ? (
            <div className='ds-actions'>
              <Button onClick={cancel}>Stop</Button>
            </div>
          )
          : (
            <>
              <p role='status'>
                {count(added, 'lead was', 'leads were')} added.
                {left > 0 && ` ${count(left, 'row', 'rows')} of the file ${left === 1 ? 'is' : 'are'} not.`}
                {outcome.state === 'cancelled' && ' You stopped the import.'}
              </p>
              {outcome.state === 'interrupted' && (
                <Problem
                  text={`${outcome.problem.detail} What was sent is not sent twice when you go on.`}
                  onRetry={() => void goOn()}
                />
              )}
              {outcome.state === 'signed out' && (
                <Problem
                  text='Your session had ended. What is left is sent when you go on.'
                  onRetry={() => void goOn()}
                />
              )}
              {outcome.state === 'stopped' && <Problem text={outcome.problem.detail} />}
              {refused.length > 0 && <Problems problems={refused.slice(0, 50)} />}
              <div className='ds-actions'>
                {left > 0 && <Button onClick={() => void download()}>Download the rows that are not here</Button>}
                <Button onClick={onAgain}>Import another file</Button>
                <Link to='/o/$slug/leads' params={{ slug }} className='ds-button ds-button-primary'>Go to leads</Link>
              </div>
            </>
          )}
      </div>
    </Section>
  )
}
