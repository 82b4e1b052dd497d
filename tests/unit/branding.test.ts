import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BrandingQuery,
  DarkColor,
  LightColor,
  LogoUrl,
  MailSenderName,
  UpdateBranding,
} from '../../shared/contract/branding.ts'
import { contrastOf, leastContrastOf, textOn } from '../../shared/contract/contrast.ts'
import { toAddress, toSenderName } from '../../supabase/functions/_kit/mail.ts'
import { createFunctions, publishableKey } from './support/functions.ts'

// What branding may be, and the public route that tells it.

const color = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`)

describe('contrast', () => {
  // As the checkers of WCAG count it, to two places.
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4],
    ['#0000ff', '#ffffff', 8.59],
    ['#1f6f62', '#ffffff', 6],
  ])('of %s and %s is %f', (one, other, expected) => {
    expect(contrastOf(one, other)).toBeCloseTo(expected, 1)
    expect(contrastOf(other, one)).toBe(contrastOf(one, other))
  })

  it('of white or black on any color is enough', () =>
    fc.assert(fc.property(color, (color) => contrastOf(color, textOn(color)) >= 4.5)))

  it.each(
    [
      ['light', LightColor, ['#ffffff', '#f6f6f3', '#f0f0ec'], '#ffffff'],
      ['dark', DarkColor, ['#1c1f1d', '#141614', '#171a18', '#242826'], '#08201b'],
    ] as const,
  )(
    'of a color that the %s theme takes is enough on all that it stands on, and for what stands on it',
    (_, schema, backgrounds, on) => {
      let taken = 0
      fc.assert(
        fc.property(color, (color) => {
          if (!schema.safeParse(color).success) return true
          taken++
          return [...backgrounds, on].every((other) => contrastOf(color, other) >= 4.5)
        }),
        { numRuns: 500 },
      )
      expect(taken).toBeGreaterThan(50)
    },
  )

  it('of the product’s own colors is enough in their themes, and not in each other’s', () => {
    expect(leastContrastOf('#1f6f62', 'light')).toBeGreaterThan(4.5)
    expect(leastContrastOf('#6fc9b8', 'dark')).toBeGreaterThan(4.5)
    expect(leastContrastOf('#1f6f62', 'dark')).toBeLessThan(4.5)
    expect(leastContrastOf('#6fc9b8', 'light')).toBeLessThan(4.5)
  })
})

describe('a color', () => {
  it('is refused with how far it is from being read, and what to do', () => {
    expect(LightColor.safeParse('#FFEE00').error?.issues).toMatchObject([{
      message: 'Can’t be read in the light theme: its contrast is 1.0, and text needs 4.5. Take a darker color.',
    }])
    expect(DarkColor.safeParse('#0b5394').error?.issues[0]?.message).toMatch(/dark theme.*Take a lighter color\.$/)
  })

  it('is not said to have what it lacks', () => {
    // 4.485, which rounds to what it needs.
    const close = '#6c6c6c'
    expect(leastContrastOf(close, 'light')).toBeLessThan(4.5)
    expect(LightColor.safeParse(close).error?.issues[0]?.message).toContain('its contrast is 4.4')
  })

  it.each(['red', '#fff', '#1234567', '123456', '#12345g', '#123456;}', 'var(--x)', '', '#１23456'])(
    'is not %j, and nothing is said of contrast',
    (text) => expect(LightColor.safeParse(text).error?.issues[0]?.message).toBe('Must be a color such as #1f6f62.'),
  )

  it('is kept in small letters', () => expect(LightColor.parse(' #0B5394 ')).toBe('#0b5394'))
})

describe('a logo', () => {
  it.each([
    ['https://acme.test/logo.svg', 'https://acme.test/logo.svg'],
    [' HTTPS://Acme.Test ', 'https://acme.test/'],
    ['https://acme.test:8443/a/../b.png?x=1&y=2#z', 'https://acme.test:8443/b.png?x=1&y=2#z'],
    ['https://bücher.example/ü.png', 'https://xn--bcher-kva.example/%C3%BC.png'],
    ['https://acme.test/"onerror="alert(1)', 'https://acme.test/%22onerror=%22alert(1)'],
  ])('at %s is kept as %s', (given, kept) => expect(LogoUrl.parse(given)).toBe(kept))

  it.each([
    'http://acme.test/logo.png',
    '//acme.test/logo.png',
    'logo.png',
    'javascript:alert(1)',
    'data:image/svg+xml,<svg onload=alert(1)>',
    'blob:https://acme.test/1',
    'https://user:password@acme.test/logo.png',
    'https://127.0.0.1/logo.png',
    'https://[::1]/logo.png',
    'https://2130706433/',
    'https://localhost/logo.png',
    'https://intranet/logo.png',
    `https://acme.test/${'x'.repeat(2000)}`,
    '',
    5,
  ])('is not at %j', (given) => expect(LogoUrl.safeParse(given).success).toBe(false))
})

describe('the sender of mails', () => {
  it.each(['Acme', 'Acme, Inc.', 'Ümläut & Söhne', '日本 (テスト)'])('can be %s', (name) => {
    expect(MailSenderName.parse(name)).toBe(name)
  })

  it.each([
    'a@b.test',
    'Acme <a@b.test>',
    'Acme\r\nBcc: eve@nowhere.test',
    'a"b',
    'a\\b',
    'pay\u202egro',
    'x＠y',
    '',
    'x'.repeat(101),
  ])('is not %j', (name) => expect(MailSenderName.safeParse(name).success).toBe(false))

  it('is one line and nothing but a name, whatever it is', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => {
      const sender = toSenderName(name)
      return !/[<>@"\\\p{Cc}\p{Zl}\p{Zp}]/u.test(sender)
    })))

  it.each([
    ['Dial Smart <no-reply@app.test>', 'no-reply@app.test'],
    ['"Dial, Smart" <no-reply@app.test> ', 'no-reply@app.test'],
    [' no-reply@app.test', 'no-reply@app.test'],
  ])('is at the address of %j', (from, address) => expect(toAddress(from)).toBe(address))
})

it.each([
  ['nothing', {}],
  ['a field of its own', { product_name: 'x', host_verified_at: '2026-01-01T00:00:00Z' }],
  ['a host with a port', { host: 'acme.test:8080' }],
  ['an address of the net', { host: '127.0.0.1' }],
  ['a name of two lines', { product_name: 'a\nb' }],
  ['a support address that is none', { support_email: 'mailto:x' }],
])('a change is not %s', (_, changes) => expect(UpdateBranding.safeParse(changes).success).toBe(false))

it.each([{}, { host: 'a.test', slug: 'a' }, { host: '' }, { slug: '' }])('nobody asks by %j', (query) => {
  expect(BrandingQuery.safeParse(query).success).toBe(false)
})

describe('the public route', () => {
  const answer = () => Response.json({ branding: { product_name: 'Acme Calls', host_token: 'x' }, id: 'x' })
  const ask = (path: string, headers: Record<string, string> = {}) => {
    const functions = createFunctions(answer)
    return { functions, response: functions.send(path, { headers: { apikey: publishableKey, ...headers } }) }
  }

  it('answers what the contract says and nothing else, for a minute', async () => {
    const { functions, response } = ask('/branding?host=Calls.Acme.Test')
    const { status, headers } = await response
    expect(status).toBe(200)
    expect(await (await response).json()).toEqual({ branding: { product_name: 'Acme Calls' } })
    expect(headers.get('cache-control')).toBe('public, max-age=60')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(functions.asked.map(({ body }) => body)).toEqual([{ host: 'calls.acme.test' }])
  })

  it('answers 304 to who has it', async () => {
    const etag = (await ask('/branding?slug=acme').response).headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{43}"$/)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await ask('/branding?slug=acme', { 'if-none-match': known }).response
      expect([response.status, await response.text(), response.headers.get('etag')]).toEqual([304, '', etag])
      expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    }
    for (const known of ['"other"', etag.slice(1, -1), '']) {
      expect((await ask('/branding?slug=acme', { 'if-none-match': known }).response).status).toBe(200)
    }
  })

  it.each([['', 422], ['?host=a.test&slug=a', 422], [`?host=${'x'.repeat(254)}`, 422]])(
    'answers %j with %i, and nobody stores it',
    async (query, status) => {
      const { functions, response } = ask(`/branding${query}`)
      expect((await response).status).toBe(status)
      expect((await response).headers.get('cache-control')).toBe('no-store')
      expect(functions.asked).toEqual([])
    },
  )

  it('asks for the key', async () => {
    const { send, asked } = createFunctions(answer)
    expect((await send('/branding?slug=acme')).status).toBe(401)
    expect(asked).toEqual([])
  })
})
