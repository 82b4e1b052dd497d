import { Buffer } from 'node:buffer'
import type { Route } from 'playwright-core'
import { expect, inject, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { violations } from './support/axe.ts'
import { openWindow, type Page, useBrowser } from './support/browser.ts'
import { found } from './support/people.ts'

// What comes when a session ends while somebody is at work: a form over the page, which stays for them and for nobody else.

useBrowser()

const { API_URL, PUBLISHABLE_KEY, WEB_URL } = inject('stack')

/** Answers as to a token that is good no more. */
const refuse = (route: Route) =>
  route.fulfill({
    status: 401,
    headers: { 'access-control-allow-origin': WEB_URL, 'content-type': 'application/problem+json' },
    body: JSON.stringify({ code: 'unauthenticated', status: 401, detail: 'No valid access token.' }),
  })

/** As if somebody came back to a tab: what is always asked for then is asked for. */
const comeBack = (page: Page) =>
  page.evaluate(() => {
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })

/** The session of a page ends as it does with time: its token has run out, and the server gives no other one. */
async function expire(page: Page): Promise<void> {
  const [name, text] = await page.evaluate(() =>
    Object.entries(localStorage).find(([key]) => key.endsWith('-auth-token')) ?? ['', '{}']
  )
  const session = JSON.parse(text)
  const { status } = await fetch(`${API_URL}/auth/v1/logout?scope=local`, {
    method: 'POST',
    headers: { apikey: PUBLISHABLE_KEY, authorization: `Bearer ${session.access_token}` },
  })
  expect(status).toBe(204)
  await page.evaluate(
    ([name, text]) => localStorage.setItem(name, text),
    [
      name,
      JSON.stringify({ ...session, expires_at: 1 }),
    ] as const,
  )
  await comeBack(page)
}

it('loses nothing that was typed, asks for nothing meanwhile, and goes on where it was', async () => {
  const { organization } = await found('Ended')
  const window = await openWindow({ as: 'alice@acme.test', width: 360 })
  const { page } = window
  const asked: string[] = []
  page.on('request', (request) => /[/](functions|rest)[/]v1[/]/.test(request.url()) && asked.push(request.url()))
  await page.goto(`/o/${organization.slug}/leads`)
  await page.getByRole('button', { name: 'Add a lead' }).click()
  await page.getByLabel('Phone number').fill('+14155550142')
  await page.getByLabel('First name').fill('Iris')
  await page.route('**/functions/v1/records/leads', refuse)
  await page.getByRole('button', { name: 'Add lead' }).click()

  const dialog = page.getByRole('dialog', { name: 'Sign in to go on' })
  await dialog.waitFor()
  await page.unroute('**/functions/v1/records/leads')
  const keptSession = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.endsWith('-auth-token')))
  await expect.poll(keptSession).toEqual([])
  await window.settled()
  asked.length = 0
  await comeBack(page)
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await window.settled()
  expect(asked).toEqual([])

  expect(await violations(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document
      return activeElement instanceof HTMLInputElement
        ? activeElement.labels?.[0]?.textContent
        : activeElement?.textContent
    })
  await expect.poll(focused).toBe('Password')
  expect(await dialog.getByLabel('E-mail address').inputValue()).toBe('alice@acme.test')
  // Nobody comes to what is below, and neither dialog closes.
  const below = await page.getByLabel('Phone number').evaluate((input: HTMLInputElement) => {
    input.focus()
    return document.activeElement === input
  })
  expect(below).toBe(false)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect.poll(focused).toBe('Password')
  await page.evaluate(() => document.querySelector('dialog')?.requestClose())
  await dialog.waitFor()
  await dialog.getByLabel('Password').fill('wrong password')
  await page.keyboard.press('Enter')
  await dialog.getByText('Address or password is wrong.').waitFor()
  await dialog.getByLabel('Password').fill('dial-smart-demo')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })

  expect(await page.getByLabel('First name').inputValue()).toBe('Iris')
  await page.getByText('Sign in, and try this again.').waitFor()
  await expect.poll(focused).toBe('Add lead')
  await page.keyboard.press('Enter')
  await page.getByRole('cell', { name: 'Iris' }).waitFor()
  expect(await sql`select phone_number, first_name from leads where organization_id = ${organization.id}`)
    .toEqual([{ phone_number: '+14155550142', first_name: 'Iris' }])
  expect(window.complaints).toEqual([])
  await window.close()
})

it('takes no late word for the new session, and leaves nothing to somebody else', async () => {
  const { organization } = await found('Left')
  const window = await openWindow({ as: 'alice@acme.test' })
  const { page } = window
  const dialog = page.getByRole('dialog', { name: 'Sign in to go on' })
  const signIn = async (email: string) => {
    await dialog.getByLabel('E-mail address').fill(email)
    await dialog.getByLabel('Password').fill('dial-smart-demo')
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  // One answer is on its way while another one says that the session is over.
  const late = Promise.withResolvers<void>()
  const refused = Promise.withResolvers<void>()
  const members = '**/functions/v1/organizations/*/members?*'
  let isFirst = true
  await page.route(members, async (route) => {
    if (!isFirst) return await route.continue()
    isFirst = false
    await late.promise
    await refuse(route)
    refused.resolve()
  })
  const waiting = page.waitForRequest(members)
  await page.goto(`/o/${organization.slug}/organization/members`)
  await waiting
  const organizations = '**/functions/v1/organizations?*'
  await page.route(organizations, refuse)
  await comeBack(page)
  await dialog.waitFor()
  await page.unroute(organizations)
  await signIn('alice@acme.test')
  await page.getByRole('cell', { name: /^Alice Archer/ }).waitFor()
  late.resolve()
  await refused.promise
  await window.settled()
  expect(await dialog.count()).toBe(0)

  // An import stands still, and goes on.
  const records = '**/functions/v1/records/leads'
  await page.route(records, refuse)
  await page.goto(`/o/${organization.slug}/leads/import`)
  await page.getByLabel('File').setInputFiles({
    name: 'leads.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Phone\n+14155550101\n'),
  })
  await page.getByRole('button', { name: 'Import 1 lead' }).click()
  await signIn('alice@acme.test')
  await page.unroute(records)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('1 lead was added.').waitFor()

  // Other tabs hear that the session has ended, and of who signs in.
  const tab = await window.openTab()
  await tab.goto(`/o/${organization.slug}/leads`)
  await tab.getByRole('cell', { name: '+14155550101' }).waitFor()
  await expire(tab)
  await tab.getByRole('dialog', { name: 'Sign in to go on' }).waitFor()
  await signIn('bob@globex.test')
  for (const shown of [page, tab]) {
    await shown.waitForURL((url) => !url.pathname.startsWith(`/o/${organization.slug}`))
    await shown.getByRole('heading', { name: 'Leads' }).waitFor()
    expect(await shown.locator('body').textContent()).not.toContain(organization.name)
    await shown.getByRole('button', { name: 'Account of bob@globex.test' }).waitFor()
  }

  await expire(tab)
  await dialog.getByRole('button', { name: 'That is not me: sign out' }).click()
  for (const shown of [page, tab]) {
    await shown.waitForURL('**/sign-in*')
    await shown.getByText('You are signed out.').waitFor()
    expect(await shown.getByRole('dialog').count()).toBe(0)
  }
  await expect.poll(() => new URL(page.url()).search).toBe('')
  expect(window.complaints).toEqual([])
  await window.close()
})
