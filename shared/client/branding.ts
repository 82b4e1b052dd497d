import type { BrandingAnswer, OrganizationBrandingAnswer, UpdateBranding } from '../contract/branding.ts'
import { logoFault, logoTypes } from '../logo-file.ts'
import { ProblemError, toProblemCode } from './problem-error.ts'
import { type Request, type Result, type RetryOptions, segment, type Supabase } from './request.ts'

/** Requests about how the product looks for an organization, and under its own host. */
export const createBranding = (request: Request, storage?: Supabase['storage']) => ({
  /**
   * How the product looks under a host, or for an organization; for everybody, signed in or not.
   *
   * @example
   * const { data } = await client.branding.find({ host: location.hostname })
   * document.title = data?.branding.product_name ?? 'Dial Smart'
   */
  find: (whose: { host: string } | { slug: string }) =>
    request<BrandingAnswer>('GET', 'branding', { query: { ...whose } }),

  /** Reads the branding of an organization, with its host and the record that proves it; admins and above. */
  get: (organizationId: string) => request<OrganizationBrandingAnswer>('GET', brandingOf(organizationId)),

  /** Changes what `changes` names; null is as the product is. Admins and above. */
  update: (organizationId: string, changes: UpdateBranding) =>
    request<OrganizationBrandingAnswer>('PATCH', brandingOf(organizationId), { body: changes }),

  /** Looks for the record of the host in the DNS; `conflict` while it is not there. Admins and above. */
  verifyHost: (organizationId: string, retry: RetryOptions = {}) =>
    request<OrganizationBrandingAnswer>('POST', `${brandingOf(organizationId)}/verify`, retry),

  /**
   * Puts an image where everybody can see it, and answers its address; `update` makes it the logo. PNG, JPEG or WebP of at
   * most 1 MiB; `logo_uploads` of the branding says whether the project has Storage. The same image has the same address,
   * however often it is sent. Admins and above.
   *
   * @example
   * const { data, error } = await client.branding.uploadLogo(acme.id, input.files[0])
   * if (data) await client.branding.update(acme.id, data)
   */
  uploadLogo: async (organizationId: string, file: Blob): Promise<Result<{ logo_url: string }>> => {
    const fault = logoFault(file)
    if (fault !== undefined) return refused('validation_failed', { status: 422, detail: fault })
    if (!storage) return refused('unavailable', { status: 0, detail: 'This client has no Storage to upload to.' })
    const bucket = storage.from('branding')
    const path = `${organizationId}/logo-${await digest(file)}.${logoTypes[file.type]}`
    // Another image has another address.
    const { error } = await bucket.upload(path, file, { upsert: true, cacheControl: '31536000' })
    if (!error) return { data: { logo_url: bucket.getPublicUrl(path).data.publicUrl }, error: null }
    // Storage often says 400 and means what stands in the body.
    const status = [Reflect.get(error, 'statusCode'), Reflect.get(error, 'status')].map(Number).find((n) => n >= 400)
    if (status === undefined) return refused('unavailable', { status: 0, detail: 'No answer came.', cause: error })
    const detail = status === 403 ? 'Admins may upload logos, unless the organization is suspended.' : error.message
    return refused(toProblemCode(status), { status, detail, cause: error })
  },
})

const brandingOf = (organizationId: string) => `organizations/${segment(organizationId)}/branding`

const refused = (...problem: ConstructorParameters<typeof ProblemError>) => ({
  data: null,
  error: new ProblemError(...problem),
})

/** A name for what is in a file: the first half of its SHA-256. */
async function digest(file: Blob): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return Array.from(new Uint8Array(hash).subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
