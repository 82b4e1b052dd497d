import { Buffer } from 'node:buffer'
import { expect, inject, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { openWindow, type Page, signIn, useBrowser } from './support/browser.ts'
import { violations } from './support/axe.ts'
import { found, need } from './support/people.ts'

// White-label in the pages: set with a preview, worn by the organization, its invitations and its own host.

const { API_URL, WEB_URL } = inject('stack')
const image = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="24"><rect width="80" height="24"/></svg>'

useBrowser()

/** The logos of the tests: one that is an image, and one that is not. */
async function serveLogos(page: Page): Promise<void> {
  await page.route(
    'https://logos.test/**',
    (route) =>
      route.request().url().endsWith('/logo.svg')
        ? route.fulfill({ contentType: 'image/svg+xml', body: image })
        : route.fulfill({ contentType: 'text/html', body: '<script>alert(1)</script>' }),
  )
}

const accentOf = (page: Page, selector: string) =>
  page.locator(selector).first().evaluate((element) => getComputedStyle(element).backgroundColor)

it('is set with a preview in both themes, refused where nobody could read it, and worn at once', async () => {
  const { organization } = await found('Brand')
  const window = await openWindow({ as: 'alice@acme.test' })
  const { page, complaints } = window
  await serveLogos(page)
  await page.goto(`/o/${organization.slug}/organization/branding`)
  // Where no Storage is, nothing offers to put files there.
  await page.getByLabel('Product name').waitFor()
  expect(await page.getByRole('button', { name: 'Upload an image' }).count()).toBe(0)
  const name = '<img src=x onerror=alert(1)>'
  await page.getByLabel('Product name').fill(name)
  await page.getByLabel('Color in the light theme', { exact: true }).fill('#ffee00')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(/Can’t be read in the light theme: its contrast is 1\.\d/).waitFor()
  await page.getByLabel('Color in the light theme', { exact: true }).fill('#0b5394')
  await page.getByText(/^Contrast \d\.\d; text needs 4\.5\.$/).waitFor()
  const preview = page.getByRole('group', { name: 'Preview in the light theme' })
  await preview.getByText(name).waitFor()
  expect(await accentOf(page, '.ds-preview-light .ds-button-primary')).toBe('rgb(11, 83, 148)')
  expect(await accentOf(page, '.ds-preview-dark .ds-button-primary')).toBe('rgb(111, 201, 184)')
  expect(await accentOf(page, '.ds-preview-dark')).toBe('rgb(28, 31, 29)')
  await page.getByLabel('Logo').fill('https://logos.test/none.png')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  // What is no image shows the name, as text.
  await page.locator('.home').getByText(name).waitFor()
  await page.getByLabel('Logo').fill('https://logos.test/logo.svg')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator(`.home img[src="https://logos.test/logo.svg"]`).waitFor()
  const painted = () => page.evaluate(() => document.documentElement.style.getPropertyValue('--ds-brand-light'))
  expect(await painted()).toBe('#0b5394')
  expect(await page.title()).toBe(`Organization · ${name}`)

  await page.getByLabel('Host').fill('calls.brand.test')
  await page.getByRole('button', { name: 'Set host' }).click()
  await page.getByLabel('record name', { exact: true }).waitFor()
  expect(await page.getByLabel('record name', { exact: true }).inputValue()).toBe('_dial-smart.calls.brand.test')
  // Without the notices, which axe would look at too.
  await page.reload()
  await page.getByLabel('record name', { exact: true }).waitFor()
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    expect(await violations(page), theme).toEqual([])
  }
  expect(complaints).toEqual([])
  await window.close()
})

it('has a logo that is uploaded where the project has Storage, and says what is wrong with other files', async () => {
  const { organization } = await found('Upload')
  const window = await openWindow()
  const { page, complaints } = window
  // The stack has no Storage: here is what it would answer, under an address with TLS as projects have it.
  const api = 'https://project.supabase.test'
  const origin = { 'access-control-allow-origin': WEB_URL, 'access-control-allow-headers': '*' }
  await page.route(`${WEB_URL}/**`, async (route) => {
    const response = await route.fetch()
    const policy = response.headers()['content-security-policy']?.replace(API_URL, api)
    const headers = { ...response.headers(), ...(policy !== undefined && { 'content-security-policy': policy }) }
    const isConfig = route.request().url().endsWith('/config.json')
    await route.fulfill({ response, headers, ...(isConfig && { json: { ...await response.json(), api_url: api } }) })
  })
  await page.route(`${api}/**`, async (route) => {
    const { pathname, search } = new URL(route.request().url())
    const response = await route.fetch({ url: API_URL + pathname + search })
    if (!pathname.endsWith('/branding')) return await route.fulfill({ response })
    const { branding } = await response.json()
    await route.fulfill({ response, json: { branding: { ...branding, logo_uploads: true } } })
  })
  const uploads: string[] = []
  let isFull = true
  await page.route(`${api}/storage/v1/object/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname.includes('/public/')) return await route.fulfill({ contentType: 'image/svg+xml', body: image })
    uploads.push(pathname)
    if (isFull) {
      const refusal = {
        statusCode: '403',
        error: 'Unauthorized',
        message: 'new row violates row-level security policy',
      }
      return await route.fulfill({ status: 400, headers: origin, json: refusal })
    }
    await route.fulfill({ headers: origin, json: { Key: pathname, Id: crypto.randomUUID() } })
  })
  await signIn(page, 'alice@acme.test')
  await page.goto(`/o/${organization.slug}/organization/branding`)
  await page.getByLabel('Product name').fill('Typed before')
  const choose = async (buffer: Buffer, mimeType = 'image/png') => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Upload an image' }).click(),
    ])
    await chooser.setFiles({ name: 'logo.png', mimeType, buffer })
  }
  await choose(Buffer.from(image), 'image/svg+xml')
  await page.getByText('A logo is a PNG, JPEG or WebP image.').waitFor()
  await choose(Buffer.alloc(1_200_000))
  await page.getByText('A logo has at most 1 MiB, and this file 1.2 MiB.').waitFor()
  await choose(Buffer.from('<script>alert(1)</script>'))
  await page.getByText('What is in this file is not an image.').waitFor()
  expect(uploads).toEqual([])
  const png = await page.getByRole('button', { name: 'Save' }).screenshot()
  await choose(png)
  await page.getByText('Admins may upload logos, unless the organization is suspended.').waitFor()
  expect(await page.getByLabel('Product name').inputValue()).toBe('Typed before')
  expect(await page.getByLabel('Logo').inputValue()).toBe('')
  isFull = false
  await choose(png)
  await page.getByText('Uploaded. Save to use it as the logo.').waitFor()
  const address = await page.getByLabel('Logo').inputValue()
  expect(address).toBe(`${api}/storage/v1/object/public/${uploads.at(-1)?.split('/object/')[1]}`)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator(`.home img[src="${address}"]`).waitFor()
  const [kept] = await sql`select product_name, logo_url from organization_branding
    where organization_id = ${organization.id}`
  expect(kept).toEqual({ product_name: 'Typed before', logo_url: address })
  expect(complaints).toEqual([])
  await window.close()
})

it('is worn by the page of an invitation, and by the sign-in page under the organization’s host', async () => {
  const { organization, alice } = await found('Host')
  const branding = { product_name: 'Host Calls', color_light: '#0b5394', support_email: 'help@host.test' }
  need(await alice.branding.update(organization.id, branding))
  const { invitation: _, token } = need(await alice.invitations.createLink(organization.id, {}))
  const window = await openWindow()
  const { page } = window
  await page.goto(`/invitations/accept#token=${token}`)
  await page.locator('.brand').getByText('Host Calls').waitFor()
  await page.getByRole('link', { name: 'help@host.test' }).waitFor()
  expect(await accentOf(page, '.ds-button-primary')).toBe('rgb(11, 83, 148)')

  // Another host leads to the same dashboard; what its DNS and its web server do is done here.
  const host = 'https://calls.host.test'
  let asked = ''
  await page.route(`${host}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    await route.fulfill({ response: await route.fetch({ url: WEB_URL + pathname }) })
  })
  await page.route(`${API_URL}/functions/v1/branding**`, async (route) => {
    asked = new URL(route.request().url()).search
    const headers = { 'access-control-allow-origin': host, 'access-control-allow-headers': '*' }
    await route.fulfill({ status: 200, headers, json: { branding } })
  })
  await page.goto(`${host}/sign-in`)
  await page.locator('.brand').getByText('Host Calls').waitFor()
  expect(asked).toBe('?host=calls.host.test')
  expect(await page.title()).toBe('Sign in · Host Calls')
  expect(await accentOf(page, 'form .ds-button-primary')).toBe('rgb(11, 83, 148)')
  await window.close()
})
