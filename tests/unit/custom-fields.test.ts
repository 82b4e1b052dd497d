import { describe, expect, it } from 'vitest'
import { customFieldFaults, fromText, toCustomFields, toText } from '../../shared/contract/custom-fields.ts'
import type { LeadField } from '../../shared/contract/lead-fields.ts'
import { CreateLeadField } from '../../shared/contract/lead-fields.ts'
import { budgetField } from './support/functions.ts'

// Custom fields as browsers know them; that the database says the same is tests/database/lead-fields.test.ts.

const tier: LeadField = {
  ...budgetField,
  key: 'tier',
  label: 'Tier',
  type: 'choice',
  options: ['Gold', 'Tin'],
  required: true,
}

it('are a schema, whose issues say where and what', () => {
  const { error } = toCustomFields([budgetField, tier]).safeParse({ budget: 'much', more: 1 })
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [['more'], 'Unknown field.'],
    [['budget'], 'Must be a number.'],
    [['tier'], 'Must have a value.'],
  ])
  expect(toCustomFields([budgetField, tier]).parse({ budget: 5, tier: 'Tin' })).toEqual({ budget: 5, tier: 'Tin' })
  expect(toCustomFields([]).parse({ any: [1] })).toEqual({ any: [1] })
})

it('do not take what every object has for a value', () => {
  const named = { ...budgetField, key: 'constructor', required: true }
  expect(customFieldFaults([named], {})).toEqual([{
    key: 'constructor',
    code: 'required',
    message: 'Must have a value.',
  }])
})

describe('a value', () => {
  it.each(
    [
      ['number', ' 12.5 ', 12.5],
      ['number', '-3', -3],
      ['number', '12,5', '12,5'],
      ['number', '0x10', '0x10'],
      ['boolean', 'Yes', true],
      ['boolean', '0', false],
      ['boolean', 'perhaps', 'perhaps'],
      ['choice', 'gold', 'Gold'],
      ['choice', 'Lead', 'Lead'],
      ['date', '2026-01-31', '2026-01-31'],
      ['text', ' x ', 'x'],
      ['text', '  ', undefined],
    ] as const,
  )('of type %s is read from “%s”', (type, text, value) => {
    expect(fromText({ type, options: type === 'choice' ? ['Gold', 'Tin'] : null }, text)).toEqual(value)
  })

  it.each([[true, 'Yes'], [false, 'No'], [12.5, '12.5'], ['x', 'x'], [null, ''], [undefined, ''], [
    { a: 1 },
    '{"a":1}',
  ]])(
    '%j is written as “%s”',
    (value, text) => expect(toText(value)).toBe(text),
  )
})

it('have options where they are a choice, and nowhere else', () => {
  const field = { key: 'tier', label: 'Tier' }
  const fits = (more: object) => CreateLeadField.safeParse({ ...field, ...more }).success
  expect([
    fits({ type: 'choice', options: ['Gold'] }),
    fits({ type: 'text' }),
    fits({ type: 'choice' }),
    fits({ type: 'choice', options: [] }),
    fits({ type: 'text', options: ['Gold'] }),
  ]).toEqual([true, true, false, false, false])
})
