import { z } from 'zod'
import type { OrganizationCard } from '../../../../shared/contract/invitations.ts'
import { Name } from '../../../../shared/contract/values.ts'

// Admins write it as they like: what is not well formed is left out, and nothing of it is ever code.

const LogoUrl = z.string().max(2000).transform((text, ctx) => {
  const url = URL.parse(text)
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url.href
  ctx.addIssue('Not an https address.')
  return z.NEVER
})

const Branding = z.object({
  name: Name.optional().catch(undefined),
  logo_url: LogoUrl.optional().catch(undefined),
  primary_color: z.string().regex(/^#[0-9a-f]{6}$/i).catch('#1f2937'),
})

/** How an organization looks in mails: `settings.branding` with `name`, `logo_url` (https) and `primary_color` (#rrggbb). */
export function readBranding({ name, branding }: OrganizationCard) {
  const { logo_url, primary_color, ...own } = Branding.parse(branding)
  return { name: own.name ?? name, logoUrl: logo_url, color: primary_color, textColor: textColorOn(primary_color) }
}

/** White or black, whichever reads better (relative luminance, WCAG 2). */
function textColorOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = parseInt(color.slice(start, start + 2), 16) / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff'
}
