import type { LeadField } from '../../../../shared/contract/lead-fields.ts'
import { SelectField, TextField } from '../../../components/ui/fields.tsx'
import { Note, Section } from '../../../components/ui/states.tsx'
import { assign, targetsOf } from './columns.ts'
import { encodings, toEncoding } from './decode.ts'
import type { Choices, Opened, Reading } from './file.ts'
import { delimiters, toDelimiter } from './table.ts'

/** What each column of the file becomes, with what the first rows have in it. */
export function Columns({ opened, fields, choices, onChange }: {
  opened: Opened
  fields: LeadField[]
  choices: Choices
  onChange: (choices: Choices) => void
}) {
  const { mapping } = choices
  const targets = targetsOf(fields)
  const left = opened.titles.filter((_, n) => mapping[n] === null)
  return (
    <Section title='Columns' text='What each column of the file becomes. Columns without a name here are left out.'>
      <table className='ds-table'>
        <thead>
          <tr>
            <th scope='col'>In the file</th>
            <th scope='col'>First rows</th>
            <th scope='col'>Becomes</th>
          </tr>
        </thead>
        <tbody>
          {opened.titles.map((title, column) => (
            <tr key={column}>
              <td>
                <bdi>{title}</bdi>
              </td>
              <td data-label='First rows' className='import-sample'>
                <bdi>{opened.sample.map(({ cells }) => cells[column]).filter(Boolean).slice(0, 3).join(' · ')}</bdi>
              </td>
              <td data-label='Becomes'>
                <SelectField
                  label={`Column ${title} becomes`}
                  hideLabel
                  value={mapping[column] ?? ''}
                  onChange={({ target }) =>
                    onChange({
                      ...choices,
                      mapping: assign(
                        mapping,
                        column,
                        targets.find((known) =>
                          known.target === target.value
                        )?.target ?? null,
                      ),
                    })}
                >
                  <option value=''>Left out</option>
                  {targets.map(({ target, title }) => <option key={target} value={target}>{title}</option>)}
                </SelectField>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {left.length > 0 && (
        <p className='ds-soft'>
          Left out: <bdi>{left.join(', ')}</bdi>
        </p>
      )}
      {opened.titles.length === 1 && (
        <Note>The file has one column. If it should have more, choose another separator below.</Note>
      )}
    </Section>
  )
}

/** The first rows, under the names that their columns will have. */
export function Preview(
  { opened, fields, mapping }: { opened: Opened; fields: LeadField[]; mapping: Choices['mapping'] },
) {
  const shown = targetsOf(fields).flatMap(({ target, title }) => {
    const column = mapping.indexOf(target)
    return column < 0 ? [] : [{ target, title, column }]
  })
  if (shown.length === 0) return null
  return (
    <Section title='The first rows'>
      <div className='import-rows' tabIndex={0} role='region' aria-label='The first rows'>
        <table className='ds-table'>
          <thead>
            <tr>
              <th scope='col'>Row</th>
              {shown.map(({ target, title }) => <th key={target} scope='col'>{title}</th>)}
            </tr>
          </thead>
          <tbody>
            {opened.sample.map(({ number, cells }) => (
              <tr key={number}>
                <td>
                  <span className='ds-number'>{number}</span>
                </td>
                {shown.map(({ target, title, column }) => (
                  <td key={target} data-label={title}>
                    {cells[column] && <bdi>{cells[column]}</bdi>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

/** How the file is read, to be put right where the guess is wrong; and what to do about numbers. */
export function Options({ opened, choices, onRead, onChange }: {
  opened: Opened
  choices: Choices
  onRead: (reading: Reading) => void
  onChange: (choices: Choices) => void
}) {
  const { encoding, delimiter, hasHeader } = opened
  return (
    <Section title='How to read it'>
      <div className='ds-pair'>
        <SelectField
          label='Columns are separated by'
          value={delimiter}
          onChange={({ target }) => onRead({ encoding, delimiter: toDelimiter(target.value), hasHeader })}
        >
          {Object.entries(delimiters).map(([sign, name]) => <option key={sign} value={sign}>{name}</option>)}
        </SelectField>
        <SelectField
          label='Characters are written in'
          hint='Change it if names look garbled.'
          value={encoding}
          onChange={({ target }) => onRead({ encoding: toEncoding(target.value), delimiter, hasHeader })}
        >
          {Object.entries(encodings).map(([name, title]) => <option key={name} value={name}>{title}</option>)}
        </SelectField>
        <TextField
          label='Country code of numbers without one'
          hint='As in +1 or +49. Empty: such numbers are left out.'
          inputMode='tel'
          autoComplete='off'
          value={choices.countryCode}
          onChange={({ target }) => onChange({ ...choices, countryCode: target.value.trim() })}
          error={isCountryCode(choices.countryCode) ? undefined : 'Is a plus and one to three digits.'}
        />
      </div>
      <label className='import-check'>
        <input
          type='checkbox'
          checked={hasHeader}
          onChange={({ target }) => onRead({ encoding, delimiter, hasHeader: target.checked })}
        />
        The first row has the names of the columns
      </label>
      <label className='import-check'>
        <input
          type='checkbox'
          checked={!choices.keepDuplicates}
          onChange={({ target }) => onChange({ ...choices, keepDuplicates: !target.checked })}
        />
        Leave out rows with a number that the file had before
      </label>
    </Section>
  )
}

/** Whether a text is the code of a country, or nothing. */
export const isCountryCode = (text: string): boolean => /^(\+[1-9]\d{0,2})?$/.test(text)
