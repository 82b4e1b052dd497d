import { type Mailer, toAddress, toSenderName } from './mail.ts'

const timeout = 5_000

/** Builds a mailer for Resend's API, or for what speaks it at another address. Gives up after five seconds. */
export function createResendMailer({ url, apiKey, from }: { url: string; apiKey: string; from: string }): Mailer {
  const endpoint = `${url.replace(/\/+$/, '')}/emails`
  return async ({ to, senderName, subject, text, html, id }) => {
    const sender = senderName === undefined ? from : `"${toSenderName(senderName)}" <${toAddress(from)}>`
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        ...(id && { 'idempotency-key': id }),
      },
      body: JSON.stringify({ from: sender, to: [to], subject, text, html }),
      signal: AbortSignal.timeout(timeout),
    })
    // What it says may repeat the address or the text.
    await response.body?.cancel()
    if (!response.ok) throw new Error(`The mail provider answered ${response.status}.`)
  }
}
