import { Buffer } from 'node:buffer'
import { expect, inject, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { openWindow, useBrowser } from './support/browser.ts'
import { found } from './support/people.ts'

// What an organization wants to know of leads: defined by its owner, filled in by a member, by hand and from a file.

useBrowser()

const { WEB_URL } = inject('stack')

it('fields are defined, filled in and imported', async () => {
  const { organization } = await found('Fields', { mia: 'member' })
  const address = `${WEB_URL}/o/${organization.slug}`
  const [owner, member] = [await openWindow({ as: 'alice@acme.test' }), await openWindow({ as: 'mia@acme.test' })]
  await owner.page.goto(`${address}/organization/fields`)
  const add = async (name: string, type: string, more?: () => Promise<void>) => {
    await owner.page.getByRole('button', { name: 'Add a field' }).click()
    const dialog = owner.page.getByRole('dialog')
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByLabel('Holds').selectOption(type)
    await more?.()
    await dialog.getByRole('button', { name: 'Add field' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await add('Yearly budget', 'Number', async () => {
    await owner.page.getByLabel('Of new leads').selectOption('It must have a value')
  })
  await add('Industry', 'Choice', () => owner.page.getByLabel('Options').fill('Retail, Health'))
  await owner.page.getByRole('heading', { name: 'Industry' }).waitFor()
  await owner.page.getByRole('button', { name: 'Actions for Industry' }).click()
  await owner.page.getByRole('menuitem', { name: 'Move up' }).click()
  await owner.page.getByRole('listitem').first().getByRole('heading', { name: 'Industry' }).waitFor()

  const { page } = member
  await page.goto(`${address}/leads`)
  await page.getByRole('button', { name: 'Add a lead' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Phone number').fill('+14155550100')
  await dialog.getByLabel('Yearly budget').fill('much')
  await dialog.getByRole('button', { name: 'Add lead' }).click()
  await dialog.getByText('Must be a number.').waitFor()
  await dialog.getByLabel('Yearly budget').fill('5000')
  await dialog.getByLabel('Industry').selectOption('Retail')
  await dialog.getByRole('button', { name: 'Add lead' }).click()
  await page.getByRole('cell', { name: '5000' }).waitFor()
  await page.getByRole('cell', { name: 'Retail' }).waitFor()

  await page.goto(`${address}/leads/import`)
  await page.getByLabel('File').setInputFiles({
    name: 'leads.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Phone,yearly_budget,industry\n+14155550101,7,health\n+14155550102,,Retail\n'),
  })
  await page.getByText('Which rows, and why').click()
  await page.getByText('Row 3 Yearly budget: must have a value.').waitFor()
  await page.getByRole('button', { name: 'Import 1 lead' }).click()
  await page.getByText('1 lead was added. 1 row of the file is not.').waitFor()
  expect(
    await sql`select custom_fields from leads where organization_id = ${organization.id} order by phone_number`,
  ).toEqual([
    { custom_fields: { yearly_budget: 5000, industry: 'Retail' } },
    { custom_fields: { yearly_budget: 7, industry: 'Health' } },
  ])

  // Both are there, and found by what one has of them.
  await page.goto(`${address}/leads`)
  const numbers = () => page.locator('tbody .ds-number').allTextContents()
  await page.getByRole('cell', { name: '+14155550101' }).waitFor()
  await page.getByLabel('Search leads').fill('555-0100')
  await expect.poll(numbers).toEqual(['+14155550100'])
  await page.getByLabel('Search leads').fill('nobody of that name')
  await page.getByText('No lead found').waitFor()
  await page.getByRole('button', { name: 'Show all leads' }).click()
  await expect.poll(numbers).toEqual(['+14155550101', '+14155550100'])
  expect([owner.complaints, member.complaints]).toEqual([[], []])
  await owner.close()
  await member.close()
})
