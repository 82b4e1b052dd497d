import { z } from 'zod'
import { enoughContrast, leastContrastOf, type ThemeName, toShown } from './contrast.ts'
import { EmailDomain } from './domains.ts'
import { Email, Name, Timestamp, Uuid } from './values.ts'

const https =
  /^https:\/\/([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?(:[0-9]{1,5})?\/[\]!#-;=?-Z[_a-z~]*$/

/** The address of an image, https and at a name of the DNS, as browsers write it. Nobody but browsers ever asks for it. */
export const LogoUrl = z.string().trim().overwrite((text) => URL.parse(text)?.href ?? text).max(2000)
  .regex(https, 'Must be an https address, such as https://acme.example/logo.svg.')
  .meta({ format: 'uri' })
export type LogoUrl = z.infer<typeof LogoUrl>

/** A color that can be read in a theme. */
const colorFor = (theme: ThemeName) =>
  z.string().trim().toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, { error: 'Must be a color such as #1f6f62.', abort: true })
    .refine((color) => leastContrastOf(color, theme) >= enoughContrast, {
      error: ({ input }) => contrastProblem(String(input), theme),
    })

/** What is wrong with a color that can't be read, and what to do about it. */
const contrastProblem = (color: string, theme: ThemeName): string =>
  `Can’t be read in the ${theme} theme: its contrast is ${toShown(leastContrastOf(color, theme))}, and text needs ` +
  `${enoughContrast}. Take a ${theme === 'light' ? 'darker' : 'lighter'} color.`

/** The color of buttons and links in the light theme. */
export const LightColor = colorFor('light')
/** The color of buttons and links in the dark theme. */
export const DarkColor = colorFor('dark')

/** The name that mails come from. Nothing in it looks like an address, which is all that some mail programs show. */
export const MailSenderName = Name.regex(/^[^<>@"\\\uff20\ufe6b]*$/, 'Must not contain <, >, @, " or \\.')
export type MailSenderName = z.infer<typeof MailSenderName>

/** How the product is called and looks. Null: as it is. */
export const BrandingLooks = z.strictObject({
  product_name: Name.nullable().optional(),
  logo_url: LogoUrl.nullable().optional(),
  color_light: LightColor.nullable().optional(),
  color_dark: DarkColor.nullable().optional(),
  support_email: Email.nullable().optional(),
  mail_sender_name: MailSenderName.nullable().optional(),
})

/** What can be changed about an organization's branding: any of these, at least one. */
export const UpdateBranding = BrandingLooks.extend({
  host: EmailDomain.nullable().optional().meta({
    description: 'A host that the organization proves to hold, without port. Another one has to be proven anew.',
  }),
}).refine((changes) => Object.keys(changes).length > 0, {
  message: 'Nothing to change.',
  when: ({ issues }) => issues.length === 0,
}).meta({ id: 'UpdateBranding', minProperties: 1 })
export type UpdateBranding = z.infer<typeof UpdateBranding>

/** What everybody may see of an organization's branding. What is not there is as the product is. */
export const Branding = z.object({
  product_name: z.string().optional(),
  logo_url: z.string().optional(),
  color_light: z.string().optional(),
  color_dark: z.string().optional(),
  support_email: z.string().optional(),
  mail_sender_name: z.string().optional(),
}).meta({ id: 'Branding' })
export type Branding = z.infer<typeof Branding>

/** Whose branding: one of the two. */
export const BrandingQuery = z.object({
  host: z.string().trim().toLowerCase().min(1).max(253).optional().meta({
    description: 'The host under which somebody has opened the product, without port.',
  }),
  slug: z.string().trim().toLowerCase().min(1).max(63).optional(),
}).refine(({ host, slug }) => (host === undefined) !== (slug === undefined), {
  message: 'Ask by host or by slug.',
  path: ['host'],
})
export type BrandingQuery = z.infer<typeof BrandingQuery>

export const BrandingAnswer = z.object({ branding: Branding }).meta({ id: 'BrandingAnswer' })
export type BrandingAnswer = z.infer<typeof BrandingAnswer>

/** The host of an organization, and the DNS record that proves it. */
export const BrandingHost = z.object({
  host: z.string(),
  verified_at: Timestamp.nullable().meta({ description: 'Null: it shows no branding yet.' }),
  record: z.object({ type: z.literal('TXT'), name: z.string(), value: z.string() })
    .meta({ description: 'The DNS record to set before verifying.' }),
}).meta({ id: 'BrandingHost' })
export type BrandingHost = z.infer<typeof BrandingHost>

const Text = z.string().nullable()

/** An organization's branding as its admins read it. Null: as the product is. */
export const OrganizationBranding = z.object({
  organization_id: Uuid,
  product_name: Text,
  logo_url: Text,
  color_light: Text,
  color_dark: Text,
  support_email: Text,
  mail_sender_name: Text,
  host: BrandingHost.nullable(),
  logo_uploads: z.boolean().meta({ description: 'Whether logos can be uploaded: the project has Storage.' }),
  updated_at: Timestamp.nullable().meta({ description: 'Null: nothing was ever set.' }),
}).meta({ id: 'OrganizationBranding' })
export type OrganizationBranding = z.infer<typeof OrganizationBranding>

export const OrganizationBrandingAnswer = z.object({ branding: OrganizationBranding })
  .meta({ id: 'OrganizationBrandingAnswer' })
export type OrganizationBrandingAnswer = z.infer<typeof OrganizationBrandingAnswer>
