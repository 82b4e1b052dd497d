import { Buffer } from 'node:buffer'
import { describe, expect, inject, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { openWindow, type Page, useBrowser } from './support/browser.ts'
import { found } from './support/people.ts'

// Bringing leads in from a file.

useBrowser()

const { WEB_URL } = inject('stack')
const fileOf = (content: string | Uint8Array, name = 'leads.csv') => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(content),
})
const storedIn = (id: string) =>
  sql`select phone_number, first_name, company from leads where organization_id = ${id} order by phone_number`
const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => `+1415555${String(n).padStart(4, '0')},Lead ${n}`).join('\n')

async function open(name: string) {
  const { organization } = await found(name, { mia: 'member' })
  const window = await openWindow({ as: 'mia@acme.test' })
  const { page } = window
  await page.goto(`/o/${organization.slug}/leads/import`)
  await page.getByLabel('File').waitFor()
  const choose = (content: string | Uint8Array, name?: string) =>
    page.getByLabel('File').setInputFiles(fileOf(content, name))
  return { organization, window, page, choose }
}

async function download(page: Page): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the rows that are not here' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('leads-not-imported.csv')
  return await Deno.readTextFile(await file.path())
}

describe('a file of leads', () => {
  it('becomes leads, as its columns are understood; what is left out is named, and can be downloaded', async () => {
    const { organization, window, page, choose } = await open('Importing')
    // As Excel saves it in Germany: semicolons, and ü and ß as single bytes.
    const text = 'Telefon;Vorname;Firma;Lieblingsfarbe\n+4930123456;J\xfcrgen;Stra\xdfe & S\xf6hne;rot\n' +
      '0815;=HYPERLINK("http://evil.example");;\n+49 30 123456;Zweimal;;\n+4930123457;=1+1;;\n'
    await choose(Uint8Array.from(text, (character) => character.charCodeAt(0)))
    await page.getByText('2 leads can be imported.').waitFor()
    await page.getByText('1 row has something wrong. 1 row has a number that the file had before.').waitFor()
    await page.getByText('Left out: Lieblingsfarbe').waitFor()
    expect(await page.getByLabel('Columns are separated by').inputValue()).toBe(';')
    expect(await page.getByLabel('Characters are written in').inputValue()).toBe('windows-1252')
    await page.getByText('Which rows, and why').click()
    await page.getByText('Row 3 Phone number “0815”').waitFor()
    await page.getByText('Row 4 Phone number “+4930123456”: is in row 2 as well.').waitFor()
    await page.getByRole('region', { name: 'The first rows' }).getByText('Straße & Söhne').waitFor()

    await page.getByRole('button', { name: 'Import 2 leads' }).click()
    await page.getByText('2 leads were added. 2 rows of the file are not.').waitFor()
    expect(await storedIn(organization.id)).toEqual([
      { phone_number: '+4930123456', first_name: 'Jürgen', company: 'Straße & Söhne' },
      { phone_number: '+4930123457', first_name: '=1+1', company: null },
    ])
    const failed = await download(page)
    expect(failed.split('\r\n').slice(0, 3)).toEqual([
      '\ufeffTelefon,Vorname,Firma,Lieblingsfarbe,problem',
      `0815,"'=HYPERLINK(""http://evil.example"")",,,Phone number “0815”: not an E.164 phone number such as +14155550100.`,
      `'+49 30 123456,Zweimal,,,Phone number “+4930123456”: is in row 2 as well.`,
    ])
    await page.getByRole('link', { name: 'Go to leads' }).click()
    await page.getByRole('cell', { name: 'Jürgen' }).waitFor()
    expect(window.complaints).toEqual([])
    await window.close()
  })

  it('is understood otherwise when somebody says so', async () => {
    const { organization, window, page, choose } = await open('Mapping')
    await choose('who,whom to call\nIris,(415) 555-0100\nMax,0044 20 7946 0100\n')
    await page.getByText('Choose the column that becomes the phone number').waitFor()
    expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true)
    await page.getByLabel('Column whom to call becomes').selectOption('Phone number')
    await page.getByText('1 lead can be imported. 1 row has something wrong.').waitFor()
    await page.getByLabel('Country code of numbers without one').fill('+1')
    await page.getByText('2 leads can be imported.').waitFor()
    await page.getByLabel('Column who becomes').selectOption('First name')
    // With the keyboard: what has the focus goes away, and what comes in its place has it then.
    await page.getByRole('button', { name: 'Import 2 leads' }).press('Enter')
    await page.getByRole('heading', { name: 'Imported', exact: true }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('2 leads were added.')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Import another file')
    expect(await storedIn(organization.id)).toEqual([
      { phone_number: '+14155550100', first_name: 'Iris', company: null },
      { phone_number: '+442079460100', first_name: 'Max', company: null },
    ])

    // The next file; with a separator that is not the right one.
    await page.getByRole('button', { name: 'Import another file' }).click()
    await choose('phone\tname\n+14155550109\tAda\n')
    await page.getByRole('button', { name: 'Import 1 lead' }).waitFor()
    await page.getByLabel('Columns are separated by').selectOption('Comma')
    await page.getByText('The file has one column.').waitFor()
    await page.getByLabel('Columns are separated by').selectOption('Tab')
    await page.getByRole('button', { name: 'Import 1 lead' }).waitFor()
    await window.close()
  })

  it.each([
    ['', 'The file is empty.'],
    ['phone,name\n', 'The file has names of columns, and no row below them.'],
    ['PK\u0003\u0004 a workbook', 'This is a spreadsheet. Save it as CSV'],
  ])('that has nothing to import says so: %j', async (content, text) => {
    const { window, page, choose } = await open('Nothing')
    await choose(content)
    await page.getByText(text).waitFor()
    expect(await page.getByRole('button', { name: /^Import/ }).count()).toBe(0)
    await window.close()
  })

  it('that is too large is refused before it is read', async () => {
    const { window, page, choose } = await open('Large')
    const large = await Deno.makeTempFile({ suffix: '.csv' })
    await Deno.truncate(large, 100 * 1024 * 1024)
    await page.getByLabel('File').setInputFiles(large)
    await page.getByText('The file has 100 MB; at most 20 MB are read at a time.').waitFor()
    expect(page.workers()).toHaveLength(0)
    await choose('phone\n+14155550100\n')
    await page.getByRole('button', { name: 'Import 1 lead' }).waitFor()
    expect(page.workers()).toHaveLength(1)
    expect(window.complaints).toEqual([])
    await Deno.remove(large)
    await window.close()
  })
})

describe('an import', () => {
  it('that loses its connection goes on where it was, and stores nothing twice', async () => {
    const { organization, window, page, choose } = await open('Interrupted')
    await choose(`phone,first name\n${lines(2500)}\n`)
    const keys: (string | undefined)[] = []
    await page.route('**/functions/v1/records/leads', async (route) => {
      keys.push(route.request().headers()['idempotency-key'])
      // Of the second request the rows are stored, and the answer is lost, three times.
      if (keys.length < 2 || keys.length > 4) return await route.continue()
      await route.fetch()
      await route.abort('connectionfailed')
    })
    await page.getByRole('button', { name: 'Import 2,500 leads' }).click()
    await page.getByText('What was sent is not sent twice when you go on.').waitFor()
    await page.getByText('1,000 leads were added. 1,500 rows of the file are not.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('2,500 leads were added.').waitFor()
    const [stored] = await sql`select count(*)::int as rows, count(distinct phone_number)::int as numbers
      from leads where organization_id = ${organization.id}`
    expect(stored).toEqual({ rows: 2500, numbers: 2500 })
    expect(new Set(keys.slice(1, 5)).size).toBe(1)
    expect(new Set(keys).size).toBe(3)
    await window.close()
  })

  it('ends at what the plan refuses, and gives back what was not stored', async () => {
    const { organization, window, page, choose } = await open('Full')
    await choose(`phone,first name\n${lines(1500)}\n`)
    const detail = 'The plan allows 1000 leads: 1000 are used, and this would take 500 more.'
    let requests = 0
    await page.route('**/functions/v1/records/leads', async (route) => {
      requests += 1
      if (requests === 1) return await route.continue()
      const problem = { type: 'urn:x', title: 'x', status: 402, instance: 'x', code: 'quota_exceeded', detail }
      await route.fulfill({
        status: 402,
        headers: { 'access-control-allow-origin': WEB_URL, 'content-type': 'application/problem+json' },
        body: JSON.stringify(problem),
      })
    })
    await page.getByRole('button', { name: 'Import 1,500 leads' }).click()
    await page.getByText(detail).waitFor()
    await page.getByText('1,000 leads were added. 500 rows of the file are not.').waitFor()
    expect(requests).toBe(2)
    const failed = (await download(page)).trim().split('\r\n')
    expect(failed).toHaveLength(501)
    expect(failed[1]).toBe("'+14155551000,Lead 1000,Not stored.")
    expect(await sql`select count(*)::int from leads where organization_id = ${organization.id}`).toEqual([{
      count: 1000,
    }])
    await window.close()
  })

  it('can be stopped, and is not left by accident', async () => {
    const { organization, window, page, choose } = await open('Stopped')
    await choose(`phone,first name\n${lines(3000)}\n`)
    let release = () => {}
    const held = new Promise<void>((resolve) => release = resolve)
    await page.route('**/functions/v1/records/leads', async (route) => {
      await held
      await route.continue()
    })
    await page.getByRole('button', { name: 'Import 3,000 leads' }).click()
    await page.getByRole('link', { name: 'Back to leads' }).click()
    await page.getByText('The import is still running. Stop it before you go.').waitFor()
    expect(new URL(page.url()).pathname).toMatch(/\/import$/)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    release()
    await page.getByText('1,000 leads were added. 2,000 rows of the file are not. You stopped the import.').waitFor()
    expect((await storedIn(organization.id)).length).toBe(1000)
    expect((await download(page)).trim().split('\r\n')).toHaveLength(2001)
    await page.getByRole('link', { name: 'Back to leads' }).click()
    await page.getByRole('heading', { name: 'Leads', exact: true }).waitFor()
    await window.close()
  })

  it('ends when the organization is suspended meanwhile', async () => {
    const { organization, window, page, choose } = await open('Suspended meanwhile')
    await choose(`phone\n+14155550100\n`)
    await page.getByRole('button', { name: 'Import 1 lead' }).waitFor()
    await sql`update organizations set subscription_status = 'suspended' where id = ${organization.id}`
    await page.getByRole('button', { name: 'Import 1 lead' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByText('0 leads were added. 1 row of the file is not.').waitFor()
    expect(await storedIn(organization.id)).toEqual([])
    await window.close()
  })
})
