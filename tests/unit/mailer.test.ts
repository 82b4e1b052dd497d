import { describe, expect, it } from 'vitest'
import { resolveMailer } from '../../supabase/functions/_kit/mailer.ts'

const environment = {
  SMTP_URL: 'smtps://user:secret@mail.test:465',
  MAIL_FROM: 'Dial Smart <no-reply@app.test>',
}

describe('the environment of functions that send mail', () => {
  it.each(Object.keys(environment))('without %s stops the start, and says so', (name) => {
    expect(() => resolveMailer({ ...environment, [name]: undefined })).toThrow(name)
  })

  it.each([
    ['SMTP_URL', 'https://user:secret@mail.test'],
    ['RESEND_URL', 'ftp://user:secret@mail.test'],
  ])('with %s = %s stops the start, and keeps the value to itself', (name, value) => {
    const start = () => resolveMailer({ ...environment, [name]: value })
    expect(start).toThrow(name)
    expect(start).not.toThrow(/secret@/)
  })

  it('has one way for mail: the other one alone will do, and both will not', () => {
    const { SMTP_URL: _other, ...resend } = { ...environment, RESEND_API_KEY: 're_secret' }
    expect(resolveMailer(resend)).toBeTypeOf('function')
    const both = () => resolveMailer({ ...environment, RESEND_API_KEY: 're_secret' })
    expect(both).toThrow(/SMTP_URL, RESEND_API_KEY: both/)
    expect(both).not.toThrow(/re_secret|secret@/)
    expect(() => resolveMailer({ ...environment, SMTP_URL: undefined })).toThrow(/SMTP_URL, RESEND_API_KEY: none/)
  })
})
