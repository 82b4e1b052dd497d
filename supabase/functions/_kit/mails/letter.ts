import type { OrganizationCard } from '../../../../shared/contract/invitations.ts'
import { type Mail, toHtml, toUnlinkedText } from '../mail.ts'
import { productOf, readBranding } from './branding.ts'

/** What a mail says, before it is text and HTML. */
export interface Letter {
  to: string
  /** Whose name, logo and color it carries. */
  organization: OrganizationCard
  subject: string
  paragraphs: string[]
  link: { label: string; url: string }
  /** Small, below everything. */
  end?: string
}

/** A person, as mails name them. */
export interface MailPerson {
  full_name: string | null
  email: string | null
}

const longest = 100

/** What somebody typed, for a mail in our name: on one line, not too long, and linked nowhere. */
export function toQuoted(text: string): string {
  const characters = [...toUnlinkedText(text.toWellFormed())]
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : characters.join('')
}

/**
 * A sentence around what people typed.
 *
 * @example
 * sentence`${organization.name} changed your role.`
 */
export const sentence = (parts: TemplateStringsArray, ...typed: string[]): string =>
  String.raw({ raw: parts }, ...typed.map(toQuoted))

/** The name of a person, or what stands for it. */
export const nameOf = (person: MailPerson | null, otherwise: string): string =>
  person?.full_name?.trim() || person?.email || otherwise

/** The link to the product, by the name that it has for an organization. */
export const openProduct = (organization: OrganizationCard, url: string): Letter['link'] => ({
  label: sentence`Open ${productOf(organization)}`,
  url,
})

/** Makes a letter a mail. Everything that goes into the HTML is escaped here. */
export function createMail({ to, organization, subject, paragraphs, link, end }: Letter): Mail {
  const { name, logoUrl, color, textColor, supportEmail, senderName } = readBranding(organization)
  const small = [...(end ? [end] : []), ...(supportEmail ? [`Questions? Write to ${supportEmail}.`] : [])]
  const title = toHtml(toQuoted(name))
  const button =
    `display: inline-block; padding: 10px 16px; border-radius: 6px; text-decoration: none; background: ${color}; color: ${textColor}`
  return {
    to,
    ...(senderName !== undefined && { senderName }),
    subject,
    text: [...paragraphs, `${link.label}:\n${link.url}`, ...small].join('\n\n') + '\n',
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${toHtml(subject)}</title></head>
<body style="margin: 0; padding: 24px; font-family: sans-serif; line-height: 1.5; color: #111827; background: #ffffff">
<p style="border-bottom: 3px solid ${color}; padding-bottom: 12px; font-weight: bold">${
      logoUrl ? `<img src="${toHtml(logoUrl)}" alt="${title}" height="40" style="max-height: 40px; border: 0">` : title
    }</p>
${paragraphs.map((paragraph) => `<p>${toHtml(paragraph)}</p>`).join('\n')}
<p><a href="${toHtml(link.url)}" style="${button}">${toHtml(link.label)}</a></p>
${small.map((line) => `<p style="font-size: 13px; color: #4b5563">${toHtml(line)}</p>`).join('\n')}
</body>
</html>
`,
  }
}
