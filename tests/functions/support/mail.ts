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

/** The caught mails in which a text occurs, such as the address they went to; newest first. */
export async function mailsWith(text: string): Promise<Mail[]> {
  const found = await send('GET', `${stack('MAIL_URL')}/api/email/summary?search=${encodeURIComponent(text)}`)
  const { items } = Summaries.parse(found.body)
  return await Promise.all(
    items.map(async ({ id }) => Mail.parse((await send('GET', `${stack('MAIL_URL')}/api/email/${id}`)).body)),
  )
}
