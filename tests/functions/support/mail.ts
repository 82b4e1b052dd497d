import { z } from 'zod'
import { send } from './http.ts'
import { stack } from './stack.ts'

const Recipients = z.array(z.object({ address: z.string() }))
const Summaries = z.object({ items: z.array(z.object({ id: z.string(), to: Recipients })) })
const Mail = z.object({
  id: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  from: z.array(z.object({ name: z.string().optional(), address: z.string() })),
  to: Recipients,
})
export type Mail = z.infer<typeof Mail>

async function search(text: string) {
  const found = await send('GET', `${stack('MAIL_URL')}/api/email/summary?search=${encodeURIComponent(text)}`)
  return Summaries.parse(found.body).items
}

/** The ids of the caught mails in which a text occurs; newest first. */
export const mailIdsWith = async (text: string): Promise<string[]> => (await search(text)).map(({ id }) => id)

/** The ids of the caught mails to an address, or to addresses in which a text occurs, but for some; newest first. */
export const mailIdsTo = async (text: string, except: string[] = []): Promise<string[]> =>
  (await search(text))
    .filter(({ to }) => to.some(({ address }) => address.includes(text) && !except.includes(address)))
    .map(({ id }) => id)

/** The caught mails in which a text occurs; newest first. */
export async function mailsWith(text: string): Promise<Mail[]> {
  const ids = await mailIdsWith(text)
  return await Promise.all(
    ids.map(async (id) => Mail.parse((await send('GET', `${stack('MAIL_URL')}/api/email/${id}`)).body)),
  )
}
