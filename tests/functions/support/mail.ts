import { z } from 'zod'
import { send } from './http.ts'
import { stack } from './stack.ts'

const Summaries = z.object({ items: z.array(z.object({ id: z.string() })) })
const Mail = z.object({
  id: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  from: z.array(z.object({ address: z.string() })),
  to: z.array(z.object({ address: z.string() })),
})
export type Mail = z.infer<typeof Mail>

/** The ids of the caught mails in which a text occurs, such as the address they went to; newest first. */
export async function mailIdsWith(text: string): Promise<string[]> {
  const found = await send('GET', `${stack('MAIL_URL')}/api/email/summary?search=${encodeURIComponent(text)}`)
  return Summaries.parse(found.body).items.map(({ id }) => id)
}

/** The caught mails in which a text occurs; newest first. */
export async function mailsWith(text: string): Promise<Mail[]> {
  const ids = await mailIdsWith(text)
  return await Promise.all(
    ids.map(async (id) => Mail.parse((await send('GET', `${stack('MAIL_URL')}/api/email/${id}`)).body)),
  )
}
