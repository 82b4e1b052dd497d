import { z } from 'zod'

const Mail = z.object({
  subject: z.string(),
  text: z.string(),
  to: z.array(z.object({ address: z.string() })),
})
export type Mail = z.infer<typeof Mail>

/** The first mail that the catcher has for an address, under a subject. */
export async function catchMail(mailUrl: string, address: string, subject: RegExp): Promise<Mail> {
  // One person's mails leave in order, with rounds of ten seconds between them.
  for (let waited = 0; waited < 60_000; waited += 100) {
    const response = await fetch(`${mailUrl}/api/email`)
    const mails = z.array(Mail).parse(await response.json())
    const found = mails.find((mail) => mail.to.some((to) => to.address === address) && subject.test(mail.subject))
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no mail for ${address} has arrived at ${mailUrl}`)
}

/** The link that a mail asks to open. */
export function linkOf(mail: Mail): string {
  const link = /https?:\/\/\S+/.exec(mail.text)?.[0]
  if (link === undefined) throw new Error(`the mail "${mail.subject}" has no link`)
  return link
}
