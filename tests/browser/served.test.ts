import type { Request } from 'playwright-core'
import { describe, expect, inject, it } from 'vitest'
import { violations } from './support/axe.ts'
import { openWindow, signIn, useBrowser } from './support/browser.ts'
import { found, named } from './support/people.ts'

// How the dashboard is served, and what is in what is served.

const { API_URL, JWT_SECRET, PUBLISHABLE_KEY, SECRET_KEY, WEB_URL } = inject('stack')

useBrowser()

/** Everything that the pages are made of. */
async function readAll(): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const read = async (path: string): Promise<void> => {
    if (found.has(path)) return
    const text = await (await fetch(WEB_URL + path)).text()
    found.set(path, text)
    for (const [, name] of text.matchAll(/["'(/.]((?:assets\/|\.\/)[\w-]+\.(?:js|css))/g)) {
      await read(`/assets/${name?.split('/').at(-1)}`)
    }
  }
  await read('/index.html')
  return found
}

describe('what is served', () => {
  it('has no secret in it, and no address that belongs to one deployment', async () => {
    const files = await readAll()
    expect(files.size).toBeGreaterThan(10)
    const all = [...files.values()].join('\n')
    expect(all.includes('Create your organization')).toBe(true)
    const secrets = { SECRET_KEY, JWT_SECRET, PUBLISHABLE_KEY, API_URL }
    expect(Object.entries(secrets).filter(([, value]) => all.includes(value)).map(([name]) => name)).toEqual([])
    expect(all.match(/sb_(secret|publishable)_[\w-]{8,}|service_role|postgres(ql)?:\/\/|eyJhbGciOi[\w-]+/g)).toBeNull()
  })

  it('has no script, style or handler in its page', async () => {
    const html = await (await fetch(WEB_URL)).text()
    expect(html).toMatch(/<script type="module"[^>]* src="\/assets\//)
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:/i)
  })

  it('is told by config.json where the API is', async () => {
    const response = await fetch(`${WEB_URL}/config.json`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ api_url: API_URL, publishable_key: PUBLISHABLE_KEY })
  })

  it.each(['/', '/o/acme/leads', '/invitations/accept', '/assets/none.js', '/config.json'])(
    'carries strict headers at %s',
    async (path) => {
      const response = await fetch(WEB_URL + path)
      await response.body?.cancel()
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
      expect(policy).toContain(`connect-src 'self' ${API_URL};`)
      expect(policy).not.toMatch(/unsafe|\*/)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('referrer-policy')).toBe('no-referrer')
      expect(response.headers.get('x-frame-options')).toBe('DENY')
    },
  )

  it('answers pages of the app with the app, and nothing else', async () => {
    const statusOf = async (path: string, init?: RequestInit) => {
      const response = await fetch(WEB_URL + path, { redirect: 'manual', ...init })
      const type = response.headers.get('content-type')
      await response.body?.cancel()
      return [response.status, type]
    }
    expect(await statusOf('/o/acme/leads')).toEqual([200, 'text/html; charset=utf-8'])
    expect((await statusOf('/assets/none.js'))[0]).toBe(404)
    expect((await statusOf('/', { method: 'POST' }))[0]).toBe(405)
    // Sessions, and what functions allow, belong to one origin.
    const other = await fetch(`${WEB_URL.replace('127.0.0.1', 'localhost')}/start?a=b`, { redirect: 'manual' })
    await other.body?.cancel()
    expect([other.status, other.headers.get('location')]).toEqual([307, `${WEB_URL}/start?a=b`])
  })
})

describe('a browser', () => {
  it('loads at most 200 kB of compressed script to sign in, and reports nothing refused', async () => {
    const window = await openWindow()
    const { page } = window
    const scripts: Request[] = []
    page.on('requestfinished', (request) => request.url().endsWith('.js') && scripts.push(request))
    await page.goto('/sign-in', { waitUntil: 'networkidle' })
    const sizes = await Promise.all(scripts.map((request) => request.sizes()))
    const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThanOrEqual(200_000)
    await signIn(page, 'mia@acme.test')
    await page.getByRole('heading', { name: 'Leads' }).waitFor()
    expect(window.complaints).toEqual([])
    await window.close()
  })

  it('shows every component at work, with the code that makes it so, on a page that the dashboard never loads', async () => {
    const { organization } = await found('Examples')
    const window = await openWindow()
    const { page } = window
    const scripts: string[] = []
    page.on('request', (request) => request.url().endsWith('.js') && scripts.push(request.url()))
    await signIn(page, 'alice@acme.test')
    await page.getByRole('heading', { name: 'Leads' }).waitFor()
    expect(scripts.filter((url) => url.includes('examples'))).toEqual([])
    await page.goto('/examples.html')
    // A menu that is opened while the page is still being put together closes again.
    await window.settled()
    await page.getByRole('button', { name: /Switch organization/ }).click()
    await page.getByRole('menuitem', { name: organization.name }).click()
    const example = (name: string) => page.getByRole('region', { name, exact: true })
    await example('OrganizationSection').getByRole('cell', { name: /^Alice Archer/ }).waitFor()
    await example('useCan, useActiveOrganization, useMembers').getByText('You may invite people.').waitFor()
    await example('Billing').getByRole('heading', { name: 'Plans' }).waitFor()
    await example('AcceptInvitation').getByRole('textbox').waitFor()
    const profile = example('OrganizationProfile')
    await profile.getByRole('tab', { name: 'Danger zone' }).click()
    await profile.getByText('You lose access at once.').waitFor()
    const made = named('Founded in an example')
    await example('CreateOrganization').getByLabel('Name', { exact: true }).fill(made)
    await example('CreateOrganization').getByRole('button', { name: 'Create organization' }).click()
    await example('OrganizationSwitcher').getByText(made).waitFor()
    // The code that is shown is the file that runs.
    expect(await page.getByRole('region', { name: 'Code of OrganizationSection' }).textContent())
      .toBe((await Deno.readTextFile(new URL('../../web/examples/live/members.tsx', import.meta.url))).trimEnd())
    expect(await violations(page)).toEqual([])
    expect(window.complaints).toEqual([])
    await window.close()
  })
})
