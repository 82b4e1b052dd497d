import { z } from 'zod'

// Controls, line separators, and what turns the direction of writing around.
const unreadable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u
// Before anything is lower-cased: the Kelvin sign would become the k of somebody else's address.
const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)
const utf8 = new TextEncoder()

/** A uuid in its usual text form, in any case; lower-cased. */
export const Uuid = z.string().toLowerCase().pipe(z.guid({ error: 'Not a uuid.' })).meta({ format: 'uuid' })
export type Uuid = z.infer<typeof Uuid>

/** A point in time, ISO 8601 with an offset. */
export const Timestamp = z.iso.datetime({ offset: true })
export type Timestamp = z.infer<typeof Timestamp>

/** A name that people read: 1 to 100 characters, trimmed, on one line. */
export const Name = z.string().trim()
  .min(1, 'Must not be empty.')
  .refine((name) => [...name].length <= 100, 'Must have at most 100 characters.')
  .refine((name) => !unreadable.test(name), 'Must not contain line breaks or other control characters.')
  .meta({ minLength: 1, maxLength: 100 })
export type Name = z.infer<typeof Name>

/** What people write about something: 1 to 5,000 characters, trimmed, on any number of lines. */
export const Notes = z.string().trim()
  .min(1, 'Must not be empty.')
  .refine((text) => [...text].length <= 5000, 'Must have at most 5,000 characters.')
  .refine((text) => !text.includes('\0'), 'Must not contain NUL.')
  .meta({ minLength: 1, maxLength: 5000 })
export type Notes = z.infer<typeof Notes>

/** An e-mail address, trimmed and lower-cased. */
export const Email = z.string().trim().refine(isAscii, 'Not an e-mail address.').toLowerCase().max(254).pipe(
  z.email('Not an e-mail address.'),
)
  .meta({ format: 'email', maxLength: 254 })
export type Email = z.infer<typeof Email>

/** A domain, lower-cased, as mail servers have it: ASCII labels, internationalized ones as `xn--…`. */
export const Domain = z.string().trim().refine(isAscii, { error: 'Not a domain such as example.com.', abort: true })
  .toLowerCase().max(253)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'Not a domain such as example.com.',
  )
  .meta({ format: 'hostname' })
export type Domain = z.infer<typeof Domain>

/** A phone number as E.164 writes it: plus, country code, number. */
export const PhoneNumber = z.string().trim().regex(
  /^\+[1-9][0-9]{6,14}$/,
  'Not an E.164 phone number such as +14155550100.',
)
export type PhoneNumber = z.infer<typeof PhoneNumber>

/** A time zone of the IANA database, as `Europe/Berlin`. */
export const Timezone = z.string().trim()
  .regex(/^(UTC|[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*){1,2})$/, 'Not a time zone such as Europe/Berlin.')
  .max(64)
export type Timezone = z.infer<typeof Timezone>

/** A time of the day, as `09:00` or `09:00:00`. */
export const TimeOfDay = z.string().trim().regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'Not a time such as 09:00.')
export type TimeOfDay = z.infer<typeof TimeOfDay>

/** A JSON object whose keys this product does not know. */
export const JsonObject = z.record(z.string(), z.json()).meta({ type: 'object', additionalProperties: true })
export type JsonObject = z.infer<typeof JsonObject>

/** A JSON object of at most 16 KiB, for settings that this product only keeps. */
export const SmallObject = JsonObject
  .refine((value) => utf8.encode(JSON.stringify(value)).length <= 16_384, 'Must be at most 16 KiB of JSON.')
  .meta({ type: 'object', additionalProperties: true })
export type SmallObject = z.infer<typeof SmallObject>
