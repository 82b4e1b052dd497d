import { MailDev } from 'maildev'
import { announce, instructions, listen } from '../speak.ts'

/** What the mail catcher is told. */
export interface MailInstructions {
  pagePort: number
  smtpPort: number
  /** Where caught mails are kept between runs. */
  folder: string
}

const told = instructions<MailInstructions>()

const catcher = new MailDev({
  smtp: told.smtpPort,
  ip: '127.0.0.1',
  web: told.pagePort,
  webIp: '127.0.0.1',
  mailDirectory: told.folder,
  maxEmails: 1000,
  // Mails are caught on this machine only: no certificate to offer.
  hideExtensions: ['STARTTLS'],
  silent: true,
})
await catcher.start()
announce(told.pagePort)
listen()
