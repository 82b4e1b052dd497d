import { expect, it } from 'vitest'
import { acmeRow, createFunctions } from './support/functions.ts'

it.each([
  ['accepted', () => Response.json({ organization: { ...acmeRow, role: 'member' }, role: 'member' }), 200],
  [
    'refused',
    () =>
      Response.json({ code: 'PT404', hint: 'not_found', message: 'This invitation is not valid.' }, { status: 404 }),
    404,
  ],
])('an invitation that is %s costs one round trip to the database', async (_, answer, status) => {
  const { sendAsAlice, asked } = createFunctions(answer)
  const response = await sendAsAlice('POST', '/invitations/accept', { token: 'inv_0' })
  expect(response.status, await response.text()).toBe(status)
  expect(asked.map(({ url, body }) => [url.pathname, body])).toEqual([
    ['/rest/v1/rpc/accept_invitation', { token: 'inv_0' }],
  ])
})
