import { describe, expect, it } from 'vitest'
import { createOpenApiDocument } from '../../shared/contract/openapi.ts'
import { send } from './support/http.ts'
import { listRoutes } from './support/routes.ts'
import { stack } from './support/stack.ts'

const get = (path: string) => send('GET', stack('FUNCTIONS_URL') + path)

describe('health', () => {
  it.each(['/health/live', '/health/ready'])('%s answers anyone, without a key', async (path) => {
    const answer = await get(path)
    expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }])
  })
})

describe('the OpenAPI document', () => {
  it('is the contract, and describes every route', async () => {
    const { status, body } = await get('/openapi')
    expect(status).toBe(200)
    expect(body).toEqual(JSON.parse(JSON.stringify(createOpenApiDocument())))
    expect(body).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) })
    const names = (await listRoutes()).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(['createOrganization', 'acceptInvitation', 'createRecords', 'ready']))
  })
})
