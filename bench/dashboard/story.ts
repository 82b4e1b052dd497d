import type { BrowserContext, Locator, Page } from 'playwright-core'
import { z } from 'zod'
import type { Status } from '../../local/state.ts'
import { table } from '../statistics.ts'

// What the Keystroke-Level Model gives people who type as most do (Card, Moran and Newell 1980): a key, finding and pressing
// something with the mouse, and thinking before each thing. To look for a mail and open it is a guess.
const pace = { key: 0.28, press: 1.1 + 0.2, thought: 1.35, mail: 10 }
const password = 'harbor-4-all'

const Found = z.object({ items: z.array(z.object({ id: z.string() })) })
const Mail = z.object({ text: z.string(), html: z.string() })

/** What two people do with their hands, counted. */
class Hands {
  keys = 0
  fields = 0
  presses = 0
  mails = 0

  constructor(readonly mailUrl: string) {}

  async press(what: Locator): Promise<void> {
    this.presses++
    await what.click()
  }

  /** One field of a form, to which Tab leads from the one before. */
  async type(into: Locator, text: string): Promise<void> {
    this.fields++
    this.keys += text.length + 1
    await into.fill(text)
  }

  /** The address in a mail, followed. */
  async follow(page: Page, email: string, pattern: RegExp): Promise<void> {
    this.mails++
    this.presses++
    for (let tries = 0; tries < 200; tries++) {
      const found = await fetch(`${this.mailUrl}/api/email/summary?search=${encodeURIComponent(email)}`)
      for (const { id } of Found.parse(await found.json()).items) {
        const { text, html } = Mail.parse(await (await fetch(`${this.mailUrl}/api/email/${id}`)).json())
        const [link] = pattern.exec(text || html) ?? []
        if (link) return void await page.goto(link.replaceAll('&amp;', '&'))
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`No mail came to ${email}.`)
  }

  get seconds(): number {
    const { keys, fields, presses, mails } = this
    return keys * pace.key + presses * pace.press + (fields + presses) * pace.thought + mails * pace.mail
  }
}

const confirmation = /https?:\/\/[^\s"<>]+\/auth\/v1\/verify[^\s"<>]*/
const invitation = /https?:\/\/[^\s"<>]+\/invitations\/accept#token=[^\s"<>]*/

/** From the sign-in page to a colleague in the same organization: how long machines take, and how long people would. */
export async function measureStory(newContext: () => Promise<BrowserContext>, { MAIL_URL }: Status): Promise<string> {
  const hands = new Hands(MAIL_URL)
  const [one, two] = await Promise.all([newContext(), newContext()])
  const signUp = async (page: Page, name: string, email: string) => {
    await hands.press(page.getByRole('link', { name: 'Create an account' }))
    await hands.type(page.getByLabel('Your name'), name)
    await hands.type(page.getByLabel('E-mail address'), email)
    await hands.type(page.getByLabel('Password'), password)
    await hands.press(page.getByRole('button', { name: 'Create account' }))
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  }
  const [first, second] = [await one.newPage(), await two.newPage()]
  await first.goto('/')
  await first.getByRole('heading', { name: 'Sign in' }).waitFor()
  const start = performance.now()
  await signUp(first, 'Hanna Harbor', 'hanna@harbor.test')
  await hands.follow(first, 'hanna@harbor.test', confirmation)
  await hands.type(first.getByLabel('Name', { exact: true }), 'Harbor Freight')
  await hands.press(first.getByRole('button', { name: 'Create organization' }))
  await hands.press(first.getByRole('link', { name: 'Organization' }))
  await hands.press(first.getByRole('tab', { name: 'Invitations' }))
  await hands.press(first.getByRole('button', { name: 'Invite somebody' }))
  await hands.type(first.getByLabel('E-mail address'), 'leo@harbor.test')
  await hands.press(first.getByRole('button', { name: 'Send invitation' }))

  await hands.follow(second, 'leo@harbor.test', invitation)
  await signUp(second, 'Leo Lind', 'leo@harbor.test')
  await hands.follow(second, 'leo@harbor.test', confirmation)
  await hands.press(second.getByRole('button', { name: 'Accept invitation' }))
  await second.getByRole('button', { name: 'Add a lead' }).waitFor()
  const machine = (performance.now() - start) / 1000
  await Promise.all([one.close(), two.close()])
  return table(['', 'fields', 'keys', 'presses', 'mails', 'seconds'], [
    ['by a script', '', '', '', '', machine.toFixed(1)],
    [
      'by hand',
      hands.fields,
      hands.keys,
      hands.presses,
      hands.mails,
      `${(machine + hands.seconds).toFixed(0)}, ≤ 120 wanted`,
    ],
  ])
}
