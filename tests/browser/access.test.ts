import type { Route } from 'playwright-core'
import { describe, expect, inject, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { mailsWith } from '../functions/support/mail.ts'
import { openWindow, signIn, useBrowser } from './support/browser.ts'
import { clientOf, found, need } from './support/people.ts'

// Who can use the pages: with a keyboard alone, in each role, signed in by password or code; and what refusals look like.

useBrowser()

it('can be used with the keyboard alone', async () => {
  const { organization } = await found('Keys', { mia: 'member' })
  const window = await openWindow()
  const { page } = window
  const { keyboard } = page
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
  /** Tabs on until something with this text has the focus. */
  const tabTo = async (text: string | RegExp) => {
    for (let presses = 0; presses < 40; presses++) {
      await keyboard.press('Tab')
      const found = await page.evaluate(() => {
        const element = document.activeElement
        const input = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined
        return element?.getAttribute('aria-label') ?? input ?? element?.textContent ?? ''
      })
      if (typeof text === 'string' ? found === text : text.test(found)) return
    }
    throw new Error(`Tab never comes to ${text}`)
  }

  await page.goto(`/sign-in?next=/o/${organization.slug}/leads`)
  await tabTo('E-mail address')
  await keyboard.type('alice@acme.test')
  await tabTo('Password')
  await keyboard.type('dial-smart-demo')
  await keyboard.press('Enter')
  await page.getByText('No leads yet').waitFor()

  await tabTo('Skip to the content')
  await keyboard.press('Enter')
  await tabTo('Add a lead')
  await keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await tabTo('Phone number')
  await keyboard.type('0815')
  await keyboard.press('Enter')
  await page.getByText('Not an E.164 phone number such as +14155550100.').waitFor()
  // The focus is back where the mistake is, with what was typed.
  await keyboard.press('Control+A')
  await keyboard.type('+14155550177')
  await keyboard.press('Enter')
  await page.getByRole('cell', { name: '+14155550177' }).waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  await page.goto(`/o/${organization.slug}/organization/general`)
  await page.getByRole('heading', { name: 'General' }).waitFor()
  await tabTo('General')
  for (const next of ['Plan', 'Usage', 'Members']) {
    await keyboard.press('ArrowDown')
    await expect.poll(focused).toBe(next)
  }
  await keyboard.press('Enter')
  await page.getByRole('cell', { name: /^Mia Mercer/ }).waitFor()
  await tabTo('Actions for Mia Mercer')
  await keyboard.press('Enter')
  await page.getByRole('menu').waitFor()
  await expect.poll(focused).toContain('Change role')
  await keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await tabTo(/^Member/)
  await keyboard.press('ArrowUp')
  await keyboard.press('Enter')
  await page.getByRole('row', { name: /Mia Mercer/ }).getByText('Manager').waitFor()
  await window.close()
})

it('shows each role what it may do, and no more', async () => {
  const { organization } = await found('Roles', { adam: 'admin', mona: 'manager', mia: 'member' })
  const seen = async (email: string) => {
    const window = await openWindow({ as: email })
    const { page } = window
    await page.goto(`/o/${organization.slug}/organization/members`)
    await page.getByRole('cell', { name: /^Mia Mercer/ }).waitFor()
    const actions = await page.getByRole('button', { name: /^Actions for/ }).evaluateAll((all) =>
      all.map((button) => button.getAttribute('aria-label'))
    )
    const tabs = await page.getByRole('tab').allTextContents()
    await page.getByRole('tab', { name: 'Danger zone' }).click()
    await page.getByText('You lose access at once.').waitFor()
    const dangers = await page.getByRole('tabpanel').getByRole('button').allTextContents()
    await window.close()
    return { tabs: tabs.length, actions: actions.map((label) => label?.slice(12).split(' ')[0]).sort(), dangers }
  }
  expect(await seen('alice@acme.test')).toEqual({
    tabs: 10,
    actions: ['Adam', 'Mia', 'Mona'],
    dangers: ['Go to members', 'Leave', 'Delete'],
  })
  expect(await seen('adam@acme.test')).toEqual({ tabs: 10, actions: ['Mia', 'Mona'], dangers: ['Leave'] })
  expect(await seen('mona@acme.test')).toEqual({ tabs: 5, actions: [], dangers: ['Leave'] })
  expect(await seen('mia@acme.test')).toEqual({ tabs: 5, actions: [], dangers: ['Leave'] })
})

it('shows what the server refuses, and loses nothing that was typed', async () => {
  const { organization } = await found('Renaming')
  const window = await openWindow({ as: 'alice@acme.test' })
  const { page } = window
  await page.goto(`/o/${organization.slug}/organization/general`)
  await page.getByLabel('Short name').fill('globex')
  await page.getByLabel('Name', { exact: true }).fill('<script>alert(1)</script> & Söhne')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const slug = page.getByLabel('Short name')
  await expect.poll(() => slug.getAttribute('aria-invalid')).toBe('true')
  expect(await slug.inputValue()).toBe('globex')
  const [before] = await sql`select name, slug from organizations where id = ${organization.id}`
  expect(before).toEqual({ name: organization.name, slug: organization.slug })

  await slug.fill(`${organization.slug}-2`)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.waitForURL(`**/o/${organization.slug}-2/organization/general`)
  await page.getByRole('button', { name: /^<script>alert\(1\)<\/script> & Söhne/ }).waitFor()

  // Without a connection nothing is lost either, and a second try is the same request.
  await page.goto(`/o/${organization.slug}-2/leads`)
  await page.getByRole('button', { name: 'Add a lead' }).click()
  await page.getByLabel('Phone number').fill('+14155550155')
  const keys: (string | undefined)[] = []
  await page.route('**/functions/v1/records/leads', async (route) => {
    keys.push(route.request().headers()['idempotency-key'])
    if (keys.length === 1) await route.abort('connectionfailed')
    else await route.continue()
  })
  await page.getByRole('button', { name: 'Add lead' }).click()
  await page.getByText('No answer came.').waitFor()
  expect(await page.getByLabel('Phone number').inputValue()).toBe('+14155550155')
  await page.getByRole('button', { name: 'Add lead' }).click()
  await page.getByRole('cell', { name: '+14155550155' }).waitFor()
  expect(keys).toHaveLength(2)
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
  expect(keys[1]).toBe(keys[0])
  await window.close()
})

it('scrolls through thousands of members with few of them in the page at a time', async () => {
  const { organization } = await found('Crowded')
  const window = await openWindow({ as: 'alice@acme.test' })
  const { page } = window
  const many = 2000
  let asked = 0
  const memberOf = (n: number, changes: object = {}) => ({
    user_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    email: `person.${n}@crowd.test`,
    full_name: `Person ${n + 1}`,
    role: 'member',
    joined_at: '2026-01-02T03:04:05Z',
    suspended_at: null,
    ...changes,
  })
  const answer = (route: Route, body: object) =>
    route.fulfill({
      headers: { 'access-control-allow-origin': inject('stack').WEB_URL, 'access-control-allow-headers': '*' },
      json: body,
    })
  // That many accounts would take longer to make than to look at.
  await page.route('**/functions/v1/organizations/*/members?*', (route) => {
    asked++
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
    const members = Array.from({ length: 100 }, (_, n) => memberOf(from + n))
    return answer(route, { members, next_cursor: from + 100 < many ? String(from + 100) : null })
  })
  await page.goto(`/o/${organization.slug}/organization/members`)
  await page.getByRole('cell', { name: /^Person 1\b/ }).waitFor()
  const rows = page.locator('tbody tr:not([aria-hidden])')
  let most = await rows.count()
  const last = page.getByRole('cell', { name: `Person ${many} person` })
  while (await last.count() === 0) {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    most = Math.max(most, await rows.count())
  }
  expect(asked).toBe(many / 100)
  expect(most).toBeLessThan(100)
  expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(many + 1))
  await page.getByRole('button', { name: `Actions for Person ${many}`, exact: true }).click()
  // What is changed there is shown there, and nobody waits for all of the list again.
  await page.route('**/functions/v1/organizations/*/members/*', async (route) => {
    const user_id = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
    const member = memberOf(Number(user_id.slice(-12)), route.request().postDataJSON())
    await answer(route, { member, ended: { invitations: 0, sessions: 0 } })
  })
  await page.getByRole('menuitem', { name: 'Change role' }).click()
  await page.getByRole('radio', { name: /^Manager/ }).check()
  await page.getByRole('button', { name: 'Change role' }).click()
  await page.getByText(`Person ${many} is manager now.`).waitFor()
  await page.getByRole('row', { name: `Person ${many} person` }).getByText('Manager').waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(asked).toBe(many / 100)

  // Whoever comes back begins at the top, with one request.
  await page.getByRole('tab', { name: 'General' }).click()
  await page.getByRole('heading', { name: 'General' }).waitFor()
  await page.getByRole('tab', { name: 'Members' }).click()
  await page.getByRole('cell', { name: /^Person 1\b/ }).waitFor()
  await page.waitForLoadState('networkidle')
  expect(asked).toBeLessThanOrEqual(many / 100 + 1)
  expect(window.complaints).toEqual([])
  await window.close()
})

it('says that an organization is suspended', async () => {
  const { organization } = await found('Paused')
  await sql`update organizations set subscription_status = 'suspended' where id = ${organization.id}`
  const window = await openWindow({ as: 'alice@acme.test' })
  const { page } = window
  await page.goto(`/o/${organization.slug}/leads`)
  await page.getByRole('note').getByText('Everything can be read, and nothing changed.').waitFor()
  await page.getByRole('button', { name: 'Add a lead' }).click()
  await page.getByLabel('Phone number').fill('+14155550155')
  await page.getByRole('button', { name: 'Add lead' }).click()
  await page.getByRole('dialog').getByRole('alert').waitFor()
  expect(await sql`select 1 from leads where organization_id = ${organization.id}`).toEqual([])
  await window.close()
})

describe('signing in', () => {
  it('works by a code from a mail, and says when one is wrong', async () => {
    const window = await openWindow()
    const { page } = window
    const before = (await mailsWith('eve@nowhere.test')).length
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in with a code by mail instead' }).click()
    await page.getByLabel('E-mail address').fill('eve@nowhere.test')
    await page.getByRole('button', { name: 'Send me a code' }).click()
    await page.getByLabel('Code').fill('000000')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('alert').waitFor()
    await expect.poll(async () => (await mailsWith('eve@nowhere.test')).length).toBeGreaterThan(before)
    const [mail] = await mailsWith('eve@nowhere.test')
    await page.getByLabel('Code').fill(/\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? '')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Create your organization' }).waitFor()

    // Signed out in one tab is signed out in all of them.
    const tab = await window.openTab()
    await tab.goto('/start')
    // Pressed as slowly as people do, who let go when the menu is there already.
    await tab.getByRole('button', { name: 'Account of eve@nowhere.test' }).click({ delay: 150 })
    await tab.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in?*')
    await page.getByText('You are signed out.').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await window.close()
  })

  it('refuses a wrong password, and goes on to no other site', async () => {
    const window = await openWindow()
    const { page } = window
    await page.goto('/sign-in?next=//evil.example/')
    await page.getByLabel('E-mail address').fill('mia@acme.test')
    await page.getByLabel('Password').fill('wrong password')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Address or password is wrong.').waitFor()
    await page.getByLabel('Password').fill('dial-smart-demo')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Leads' }).waitFor()
    expect(new URL(page.url()).origin).toBe(inject('stack').WEB_URL)
    await window.close()
  })
})

describe('an invitation', () => {
  it('for somebody else says so, and one that is used up is not valid', async () => {
    const { organization, alice } = await found('Inviting')
    const invited = need(await alice.invitations.create(organization.id, { email: 'bob@globex.test', role: 'member' }))
    const window = await openWindow({ as: 'eve@nowhere.test' })
    const { page } = window
    await page.goto(invited.accept_url)
    await page.getByRole('button', { name: 'Accept invitation' }).click()
    await page.getByText('This invitation was sent to another e-mail address').waitFor()
    await page.getByRole('button', { name: 'Use another account' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail address').fill('bob@globex.test')
    await page.getByLabel('Password').fill('dial-smart-demo')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByText('The invitation was declined.').waitFor()
    await page.goto(invited.accept_url)
    await page.getByText('This invitation is not valid').first().waitFor()
    const bob = await clientOf('bob@globex.test')
    expect((await bob.organizations.get(organization.id)).error?.code).toBe('not_found')
    await window.close()
  })

  it('waits for the person after they have signed in', async () => {
    const { organization, alice } = await found('Waiting')
    need(await alice.invitations.create(organization.id, { email: 'eve@nowhere.test', role: 'manager' }))
    const window = await openWindow()
    await signIn(window.page, 'eve@nowhere.test')
    const { page } = window
    await page.getByText(`${organization.name} invites you as manager.`).waitFor()
    // Without the mail, from where it waits.
    await page.getByRole('button', { name: `Accept ${organization.name}` }).click()
    await page.getByText(`Welcome to ${organization.name}.`).waitFor()
    await page.getByText('No leads yet').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/o/${organization.slug}/leads`)
    const eve = await clientOf('eve@nowhere.test')
    expect(need(await eve.organizations.get(organization.id)).organization.role).toBe('manager')
    expect(need(await eve.invitations.received()).invitations.map(({ organization }) => organization.name)).not
      .toContain(organization.name)
    need(
      await alice.members.remove(
        organization.id,
        need(await eve.members.list(organization.id)).members
          .find(({ email }) => email === 'eve@nowhere.test')?.user_id ?? '',
      ),
    )
    await window.close()
  })
})
