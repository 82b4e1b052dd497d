/** A mail to one person, as text and as HTML. */
export interface Mail {
  to: string
  /** The name that it comes from, where that is not the product's. The address is always ours. */
  senderName?: string
  subject: string
  text: string
  html: string
  /** What it tells of: a provider that has sent a mail with this id sends no second one. */
  id?: string
}

/** Sends a mail, or throws. */
export type Mailer = (mail: Mail) => Promise<void>

const timeout = 5_000
// Ends the connection of a server that hangs: given up must not mean sent after all, when it goes on.
const stepTimeout = 4_000

/** Builds a mailer for an SMTP server: `smtps://user:password@host:465`. Gives up after five seconds. */
export function createSmtpMailer(
  { url, from }: { url: string; from: string },
): Mailer {
  return async ({ to, senderName, subject, text, html }) => {
    // Most requests send no mail, so most workers never load this.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport(
      { url, connectionTimeout: stepTimeout, greetingTimeout: stepTimeout, socketTimeout: stepTimeout },
      { from },
    )
    const tooLate = Promise.withResolvers<never>()
    const timer = setTimeout(
      () =>
        tooLate.reject(
          new Error(`No answer from the mail server in ${timeout} ms.`),
        ),
      timeout,
    )
    try {
      const mail = {
        to: { name: '', address: to },
        ...(senderName !== undefined && { from: { name: toSenderName(senderName), address: toAddress(from) } }),
        subject: toLine(subject),
        text,
        html,
      }
      await Promise.race([transport.sendMail(mail), tooLate.promise])
    } finally {
      clearTimeout(timer)
      transport.close()
    }
  }
}

/** The address in `Name <address>`, or in what is only that. */
export const toAddress = (sender: string): string => /<([^<>]*)>\s*$/.exec(sender)?.[1] ?? sender.trim()

/** A name of a sender that is nothing but a name. */
export const toSenderName = (name: string): string => toLine(name.replace(/[<>@"\\]/g, ''))

/** Text as HTML shows it. */
export const toHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** Text on one line, for a header. */
export const toLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\p{Bidi_Control}/gu, '').trim()

/**
 * Text that somebody chose, for a mail in our name: a mail program must not turn it into a link. An invisible word
 * joiner behind each character that makes an address keeps `https://evil.example` text.
 */
export const toUnlinkedText = (text: string): string => toLine(text).replace(/[.。．｡:/@](?=\S)/g, '$&\u2060')
