import { describe, expect, it } from 'vitest'
import { routes } from '../../shared/contract/routes/index.ts'
import { acme, createFunctions } from './support/functions.ts'

const all = Object.values(routes).map((route) => ({
  method: route.method.toUpperCase(),
  path: route.path.replaceAll(/\{\w+_id\}/g, acme).replace('{table}', 'leads'),
  door: Object.keys(route.security[0] ?? {})[0] ?? 'anyone',
}))
const behind = (door: string) => all.filter((route) => route.door === door).map(({ method, path }) => [method, path])

describe('the contract', () => {
  it('has routes behind every door', () => {
    expect(behind('accessToken').length).toBeGreaterThan(15)
    expect(behind('publishableKey')).toEqual([['POST', '/invitations/preview'], ['GET', '/branding'], [
      'GET',
      '/billing/plans',
    ]])
    expect(behind('anyone')).toEqual([['GET', '/health/live'], ['GET', '/health/ready'], ['GET', '/openapi']])
  })
})

describe('a route for signed-in people', () => {
  it.each(behind('accessToken'))('%s %s asks who it is, before anything else', async (method, path) => {
    const { send, asked, mailed } = createFunctions()
    const body = method === 'GET' ? undefined : '{'
    const response = await send(path, { method, headers: { 'x-organization-id': 'x' }, body })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' })
    expect(asked).toEqual([])
    expect(mailed).toEqual([])
  })

  it.each(behind('accessToken'))('%s %s is there for alice', async (method, path) => {
    const { sendAsAlice } = createFunctions(() => Response.json({ code: 'PT403', hint: 'forbidden' }, { status: 403 }))
    const response = await sendAsAlice(method, path, method === 'GET' ? undefined : {})
    expect([403, 422]).toContain(response.status)
  })

  it.each(behind('accessToken').filter(([, path]) => path?.includes(acme)))(
    '%s %s knows a uuid',
    async (method, path) => {
      const { sendAsAlice, asked } = createFunctions()
      const response = await sendAsAlice(
        method ?? '',
        path?.replace(acme, 'not-a-uuid').replace('{tier}', 'basic') ?? '',
        method === 'GET' ? undefined : {},
      )
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({
        errors: [{ pointer: path?.startsWith('/invitations/') ? '/invitation_id' : '/organization_id' }],
      })
      expect(asked).toEqual([])
    },
  )
})
