import { StorageClient } from '@supabase/storage-js'
import { describe, expect, it } from 'vitest'
import { createOrganizationsClient } from '../../shared/client/index.ts'
import { acme } from './support/functions.ts'

// A logo on its way into Storage: what is sent by supabase-js's own client, and what its answers mean.

const url = 'https://project.supabase.test/storage/v1'
const image = (bytes = 100, type = 'image/png') => new File([new Uint8Array(bytes).fill(97)], 'Our Logo.png', { type })

/** The client, on a Storage that answers so. */
function createClient(answer: () => Response | Promise<Response>) {
  const sent: Request[] = []
  const storage = new StorageClient(url, { authorization: 'Bearer alice' }, (input, init) => {
    sent.push(new Request(input, init))
    return Promise.resolve().then(answer)
  })
  const functions = { invoke: () => Promise.reject(new Error('No function is asked here.')) }
  return { sent, client: createOrganizationsClient({ functions, storage }) }
}

const stored = () => Response.json({ Key: 'branding/x', Id: crypto.randomUUID() })

describe('a logo', () => {
  it('goes into the organization’s folder, under a name that is made of what is in it', async () => {
    const { client, sent } = createClient(stored)
    const { data, error } = await client.branding.uploadLogo(acme, image())
    expect(error).toBeNull()
    const name = data?.logo_url.slice(`${url}/object/public/branding/${acme}/`.length)
    // As the policy wants it.
    expect(name).toMatch(/^[a-z0-9][a-z0-9_-]{0,63}\.(png|jpg|jpeg|webp)$/)
    expect(data?.logo_url).toBe(`${url}/object/public/branding/${acme}/${name}`)
    const [request] = sent
    expect([request?.method, request?.url]).toEqual(['POST', `${url}/object/branding/${acme}/${name}`])
    expect(request?.headers.get('authorization')).toBe('Bearer alice')
    expect(request?.headers.get('x-upsert')).toBe('true')
    expect(await request?.text()).toMatch(/\r\nContent-Type: image\/png\r\n\r\na{100}\r\n/)

    // Sent twice it is one file; another image is another file, which no cache takes for the first.
    expect((await client.branding.uploadLogo(acme, image())).data).toEqual(data)
    expect((await client.branding.uploadLogo(acme, image(101))).data).not.toEqual(data)
    expect((await client.branding.uploadLogo(acme, image(9, 'image/jpeg'))).data?.logo_url).toMatch(/\.jpg$/)
  })

  it.each([
    ['a drawing that could have scripts in it', image(9, 'image/svg+xml'), 'A logo is a PNG, JPEG or WebP image.'],
    ['a page', image(9, 'text/html'), 'A logo is a PNG, JPEG or WebP image.'],
    ['nothing', image(0), 'The file is empty.'],
    ['a byte too much', image(1_048_577), 'A logo has at most 1 MiB, and this file 1.1 MiB.'],
  ])('is not %s, and nothing is sent', async (_, file, detail) => {
    const { client, sent } = createClient(stored)
    const { data, error } = await client.branding.uploadLogo(acme, file)
    expect(data).toBeNull()
    expect(error).toMatchObject({ code: 'validation_failed', detail: expect.stringContaining(detail) })
    expect(sent).toEqual([])
    // The control.
    expect((await client.branding.uploadLogo(acme, image(1_048_576))).error).toBeNull()
  })

  const said = (status: number, statusCode: string, message: string) => () =>
    Response.json({ statusCode, error: 'x', message }, { status })
  it.each([
    ['a refusal by policy', said(400, '403', 'new row violates row-level security policy'), 'forbidden', 403],
    ['what is too large', said(413, '413', 'The object exceeded the maximum allowed size'), 'payload_too_large', 413],
    ['another type', said(400, '415', 'mime type text/html is not supported'), 'validation_failed', 415],
    ['no bucket', said(404, 'NoSuchBucket', 'Bucket not found'), 'not_found', 404],
    ['a broken Storage', said(500, '500', 'oops'), 'internal', 500],
    ['no answer', () => Promise.reject(new TypeError('offline')), 'unavailable', 0],
  ])('that Storage does not take: %s', async (_, answer, code, status) => {
    const { client } = createClient(answer)
    const { data, error } = await client.branding.uploadLogo(acme, image())
    expect(data).toBeNull()
    expect(error).toMatchObject({ code, status, detail: expect.stringMatching(/.{4}/) })
  })

  it('needs a client that has Storage', async () => {
    const functions = { invoke: () => Promise.reject(new Error('No function is asked here.')) }
    const { error } = await createOrganizationsClient({ functions }).branding.uploadLogo(acme, image())
    expect(error?.code).toBe('unavailable')
  })
})
