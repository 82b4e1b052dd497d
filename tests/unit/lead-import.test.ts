import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import type { LeadField } from '../../shared/contract/lead-fields.ts'
import { checkRows, type GoodRow, toBatches, toPhoneNumber } from '../../web/app/leads/import/check.ts'
import { assign, guessMapping, looksLikeHeader } from '../../web/app/leads/import/columns.ts'
import { decode, detectEncoding } from '../../web/app/leads/import/decode.ts'
import { writeFailedRows } from '../../web/app/leads/import/failed-rows.ts'
import { createFile, FileProblem } from '../../web/app/leads/import/file.ts'
import { readTable } from '../../web/app/leads/import/table.ts'
import { budgetField } from './support/functions.ts'

// What becomes of a file before anything of it is sent.

const utf8 = new TextEncoder()
const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(2 + text.length * 2))
  ;`\ufeff${text}`.split('').forEach((unit, n) => view.setUint16(n * 2, unit.charCodeAt(0), littleEndian))
  return new Uint8Array(view.buffer)
}
const rowsOf = (text: string) => readTable(text).rows

describe('the columns of a file', () => {
  it.each([
    [['Phone', 'First Name', 'Surname', 'E-Mail'], ['phone_number', 'first_name', 'last_name', 'email']],
    [['Telefon', 'Vorname', 'Nachname', 'Straße', 'PLZ'], [
      'phone_number',
      'first_name',
      'last_name',
      'address',
      'zip_code',
    ]],
    [['phone_number', 'lead_source', 'zip_code'], ['phone_number', 'lead_source', 'zip_code']],
    [['Work Phone', 'Mobile', 'Favourite colour'], [null, 'phone_number', null]],
    [['Teléfono', 'Código postal'], ['phone_number', 'zip_code']],
    [['__proto__', 'constructor', 'toString', ''], [null, null, null, null]],
  ])('%j are known by their names', (titles, mapping) => expect(guessMapping(titles)).toEqual(mapping))

  it('are known by what the organization calls its fields, before what others may mean', () => {
    const fields = [
      { ...budgetField, key: 'lead_origin', label: 'Source' },
      { ...budgetField, key: 'budget', label: 'How much?' },
      { ...budgetField, key: 'phone', label: 'Phone number' },
    ]
    expect(guessMapping(['Source', 'BUDGET', 'Phone number', 'how much'], fields)).toEqual(
      ['custom_fields.lead_origin', null, 'phone_number', 'custom_fields.budget'],
    )
    expect(guessMapping(['Source', 'Budget', 'Lead source'], fields)).toEqual(
      ['custom_fields.lead_origin', 'custom_fields.budget', 'lead_source'],
    )
  })

  it('takes each field from one column', () => {
    expect(guessMapping(['Phone', 'Phone'])).toEqual(['phone_number', null])
    expect(assign(['phone_number', null], 1, 'phone_number')).toEqual([null, 'phone_number'])
    expect(assign(['phone_number', 'email'], 1, null)).toEqual(['phone_number', null])
  })

  it('knows a row of names from a row of somebody to call', () => {
    expect(looksLikeHeader(['Phone', 'Name'])).toBe(true)
    expect(looksLikeHeader(['+14155550100', 'Iris'])).toBe(false)
    expect(looksLikeHeader(['iris@example.com'])).toBe(false)
  })
})

describe('the characters of a file', () => {
  const text = 'phone,name\r\n+14155550100,Zoë Łukasz\r\n'

  it.each(
    [
      ['utf-8', utf8.encode(text)],
      ['utf-8', utf8.encode(`\ufeff${text}`)],
      ['utf-16le', utf16(text, true)],
      ['utf-16be', utf16(text, false)],
    ] as const,
  )('in %s are read as they are, without the mark in front', (encoding, bytes) => {
    expect(decode(bytes)).toEqual({ encoding, text })
  })

  it('that are no UTF-8 are taken for what Excel saves in the West', () => {
    const bytes = new Uint8Array([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72, 0x20, 0x80])
    expect(decode(bytes)).toEqual({ encoding: 'windows-1252', text: 'Müller €' })
    expect(detectEncoding(new Uint8Array())).toBe('utf-8')
  })
})

describe('rows', () => {
  it.each([[',', 'a,b\n1,"x,y"'], [';', 'a;b\n1;"x,y"'], ['\t', 'a\tb\n1\tx,y'], ['|', 'a|b\r\n1|x,y']])(
    'are told apart by %j',
    (delimiter, text) => {
      expect(readTable(text)).toMatchObject({
        delimiter,
        rows: [{ number: 1, cells: ['a', 'b'] }, { number: 2, cells: ['1', 'x,y'] }],
        torn: [],
      })
    },
  )

  it('keep their numbers where others are empty, and the text of cells that were made safe', () => {
    expect(rowsOf("phone,name\n\n,\n'+14155550100,'=cmd()\n'90s,x\n")).toEqual([
      { number: 1, cells: ['phone', 'name'] },
      { number: 4, cells: ['+14155550100', '=cmd()'] },
      { number: 5, cells: ["'90s", 'x'] },
    ])
  })

  it('whose quotation marks do not fit are named', () => {
    expect(readTable('a,b\n1,"open\n2,3\n').torn).toEqual([2])
  })
})

describe('a number', () => {
  it.each([
    ['+1 (415) 555-0100', '', '+14155550100'],
    ['0044 20 7946 0100', '', '+442079460100'],
    ['+49/30/123456', '', '+4930123456'],
    ['(415) 555.0100', '+1', '+14155550100'],
    ['1-415-555-0100', '+1', '+14155550100'],
    ['0151 23456789', '+49', '+4915123456789'],
    ['+33 1 23 45 67 89', '+49', '+33123456789'],
    ['(415) 555-0100', '', '4155550100'],
    ['call me', '+1', 'callme'],
  ])('%j with %j is %j', (text, country, expected) => expect(toPhoneNumber(text, country)).toBe(expected))
})

describe('checking rows', () => {
  const mapping = guessMapping(['phone', 'first name', 'email', 'colour'])
  const check = (text: string, options = {}) => checkRows(rowsOf(text), mapping, options)

  it('sorts the good ones from those with something wrong, and says what', () => {
    const { good, bad } = check(
      '+14155550100,Iris,iris@example.com,red\n0815,Max,max@example,blue\n,Nobody,,\n+14155550101,Zoë,,,\n' +
        '+14155550102,Ada,,,too much\n+14155550103\n',
    )
    expect(good).toEqual([
      { row: 1, lead: { phone_number: '+14155550100', first_name: 'Iris', email: 'iris@example.com' } },
      { row: 4, lead: { phone_number: '+14155550101', first_name: 'Zoë' } },
      { row: 6, lead: { phone_number: '+14155550103' } },
    ])
    expect(bad).toEqual([
      {
        row: 2,
        problem: 'Phone number “0815”: not an E.164 phone number such as +14155550100. ' +
          'E-mail address “max@example”: not an e-mail address.',
      },
      { row: 3, problem: 'Phone number: must not be empty.' },
      { row: 5, problem: 'Row: has 5 columns, where there are 4.' },
    ])
  })

  it('reads the fields of the organization, and says what does not fit', () => {
    const fields: LeadField[] = [
      { ...budgetField, required: true },
      { ...budgetField, key: 'tier', label: 'Tier', type: 'choice', options: ['Gold', 'Tin'] },
      { ...budgetField, key: 'paid', label: 'Paid', type: 'boolean' },
    ]
    const mapping = guessMapping(['phone', 'Budget', 'tier', 'Paid'], fields)
    const { good, bad } = checkRows(
      rowsOf('+14155550100,12.5,gold,yes\n+14155550101,much,Lead,\n+14155550102,,,no\n+14155550103,3,,\n0815,x,,\n'),
      mapping,
      { fields },
    )
    expect(good).toEqual([
      { row: 1, lead: { phone_number: '+14155550100', custom_fields: { budget: 12.5, tier: 'Gold', paid: true } } },
      { row: 4, lead: { phone_number: '+14155550103', custom_fields: { budget: 3 } } },
    ])
    expect(bad).toEqual([
      { row: 2, problem: 'Budget “much”: must be a number. Tier “Lead”: must be one of the options.' },
      { row: 3, problem: 'Budget: must have a value.' },
      {
        row: 5,
        problem: 'Phone number “0815”: not an E.164 phone number such as +14155550100. Budget “x”: must be a number.',
      },
    ])
    // A required field that no column has is missing in every row.
    expect(checkRows(rowsOf('+14155550100\n'), ['phone_number'], { fields }).bad).toEqual([
      { row: 1, problem: 'Budget: must have a value.' },
    ])
  })

  it('names numbers that the file had before, however they are written, and keeps them if asked', () => {
    const text = '+14155550100,Iris\n+1 415 555-0100,Iris again\n+14155550101,Max\n+1(415)5550100,Once more'
    const { good, duplicates } = check(text)
    expect(good.map(({ row }) => row)).toEqual([1, 3])
    expect(duplicates).toEqual([
      { row: 2, problem: 'Phone number “+14155550100”: is in row 1 as well.' },
      { row: 4, problem: 'Phone number “+14155550100”: is in row 1 as well.' },
    ])
    const kept = check(text, { keepDuplicates: true })
    expect([kept.good.length, kept.duplicates.length]).toEqual([4, 2])
  })

  it('takes what looks like a formula for the text that it is', () => {
    expect(check('+14155550100,=1+1').good[0]?.lead.first_name).toBe('=1+1')
  })
})

describe('requests', () => {
  const row = (n: number, notes?: string): GoodRow => ({ row: n, lead: { phone_number: '+14155550100', notes } })

  it('have at most 1,000 rows', () => {
    const batches = toBatches(Array.from({ length: 2001 }, (_, n) => row(n)))
    expect(batches.map(({ length }) => length)).toEqual([1000, 1000, 1])
    expect(batches.flat().map((one) => one.row)).toEqual(Array.from({ length: 2001 }, (_, n) => n))
    expect(toBatches([])).toEqual([])
  })

  it('are smaller than what a request may have, whatever the characters', () => {
    const batches = toBatches(Array.from({ length: 300 }, (_, n) => row(n, 'ü'.repeat(5000))))
    for (const batch of batches) {
      expect(utf8.encode(JSON.stringify(batch.map(({ lead }) => lead))).length).toBeLessThan(1024 * 1024)
    }
    expect(batches.flat()).toHaveLength(300)
    expect(batches.length).toBeGreaterThan(1)
  })
})

describe('a file', () => {
  const fileOf = (text: string) => createFile(utf8.encode(text))
  const choices = { countryCode: '', keepDuplicates: false }

  it.each([
    ['', 'The file is empty.'],
    ['\n\n  \n', 'There is nothing in the file.'],
    ['PK\u0003\u0004rest', 'This is a spreadsheet.'],
    ['GIF89a\0\0', 'This is no file of text.'],
  ])('of %j is refused', (text, problem) => {
    expect(() => fileOf(text).open()).toThrow(FileProblem)
    expect(() => fileOf(text).open()).toThrow(problem)
  })

  it('with names alone has no row', () => {
    expect(fileOf('phone,name\n').open()).toMatchObject({ titles: ['phone', 'name'], count: 0, hasHeader: true })
  })

  it('without names has columns with numbers, and the one with phone numbers is found', () => {
    expect(fileOf('Iris,+1 415 555 0100\nMax,+14155550101\n').open()).toMatchObject({
      titles: ['Column 1', 'Column 2'],
      mapping: [null, 'phone_number'],
      count: 2,
      hasHeader: false,
    })
  })

  it('is read anew as somebody says', () => {
    const file = fileOf('phone;name\n+14155550100;Iris, Max\n')
    expect(file.open().titles).toEqual(['phone', 'name'])
    expect(file.open({ delimiter: ',' }).titles).toEqual(['phone;name'])
    expect(file.open({ hasHeader: false }).count).toBe(2)
  })

  it('gives back the rows that are not there now, each with its reason, to be mended and read again', () => {
    const file = fileOf(
      'phone,name,colour\n+14155550100,Iris,red\n0815,=1+1,blue\n+14155550100,Twice,\n+14155550101,Max,\n+14155550102,Ada,\n',
    )
    const { mapping } = file.open()
    expect(file.check({ ...choices, mapping: assign(mapping, 1, 'first_name') })).toMatchObject({
      good: 3,
      bad: 1,
      duplicates: 1,
      batches: 1,
    })
    const left = { refused: [{ row: 5, problem: 'No.' }], next: 0, settled: [2, 5], reason: 'Not sent.' }
    const text = file.failedRows(left)
    expect(parse(text, { bom: true })).toEqual([
      ['phone', 'name', 'colour', 'problem'],
      ['0815', "'=1+1", 'blue', 'Phone number “0815”: not an E.164 phone number such as +14155550100.'],
      ["'+14155550100", 'Twice', '', 'Phone number “+14155550100”: is in row 2 as well.'],
      ["'+14155550101", 'Max', '', 'No.'],
      ["'+14155550102", 'Ada', '', 'Not sent.'],
    ])
    expect(rowsOf(text)[1]?.cells.slice(0, 2)).toEqual(['0815', '=1+1'])
    // Of a finished import nothing is unsent.
    expect(parse(file.failedRows({ ...left, next: 1, settled: [] }), { bom: true })).toHaveLength(4)
  })

  it('of failed rows has no formula in it, whatever the names of its columns', () => {
    const rows = [{ number: 1, cells: ['@sum', '-2', 'x'] }]
    const cells: string[] = parse(writeFailedRows(['=a', 'b'], rows, [{ row: 1, problem: '+p' }]), { bom: true }).flat()
    expect(cells).toEqual(["'=a", 'b', '', 'problem', "'@sum", "'-2", 'x', "'+p"])
  })

  it('of 50,000 rows is checked whole', () => {
    const lines = Array.from({ length: 50_000 }, (_, n) => `+1415${String(5_550_000 + n).padStart(7, '0')},Lead ${n}`)
    const file = fileOf(`phone,first name\n${lines.join('\n')}\n`)
    const { mapping, count } = file.open()
    expect(count).toBe(50_000)
    expect(file.check({ ...choices, mapping })).toMatchObject({ good: 50_000, bad: 0, duplicates: 0, batches: 50 })
    expect(file.batch(49)).toHaveLength(1000)
    expect(file.batch(50)).toEqual([])
  })
})
