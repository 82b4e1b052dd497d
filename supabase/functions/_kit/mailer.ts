import { z } from 'zod'
import { parseEnvironment } from './deps.ts'
import { createSmtpMailer, type Mailer } from './mail.ts'
import { createResendMailer } from './resend.ts'

const Environment = z.object({
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  RESEND_API_KEY: z.string().min(1).optional(),
  RESEND_URL: z.url({ protocol: /^https?$/ }).default('https://api.resend.com'),
  MAIL_FROM: z.string().min(3),
})

/** The way that mail goes by the environment, for the functions that send any: others don't carry what it takes. */
export function resolveMailer(environment: Record<string, string | undefined>): Mailer {
  const { SMTP_URL, RESEND_API_KEY, RESEND_URL, MAIL_FROM } = parseEnvironment(Environment, environment)
  if (SMTP_URL && RESEND_API_KEY) {
    throw new Error('Environment: SMTP_URL, RESEND_API_KEY: both are set; mail goes one way')
  }
  if (SMTP_URL) return createSmtpMailer({ url: SMTP_URL, from: MAIL_FROM })
  if (RESEND_API_KEY) return createResendMailer({ url: RESEND_URL, apiKey: RESEND_API_KEY, from: MAIL_FROM })
  throw new Error('Environment: SMTP_URL, RESEND_API_KEY: none is set; mail needs one of them')
}
