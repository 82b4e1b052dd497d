import { z } from 'zod'
import { Name, Uuid } from '../../../shared/contract/values.ts'
import { createRoutes } from '../_kit/app.ts'
import { createDataApiPastRowSecurity } from '../_kit/data-api-past-row-security.ts'
import { readJson, readText } from '../_kit/json-body.ts'
import { must } from '../_kit/must.ts'
import { requireValid } from '../_kit/validation.ts'
import { requireWebhookSecret } from '../_kit/webhook-secret.ts'
import { requireSignature } from '../_kit/webhook-signature.ts'

/** What a database webhook on `auth.users` sends, and the outbox in the same form. Of the row only the id counts. */
const DatabaseWebhook = z.object({
  type: z.enum(['INSERT', 'UPDATE', 'DELETE']),
  schema: z.literal('auth'),
  table: z.literal('users'),
  record: z.object({ id: Uuid }).nullable(),
})

/** What Auth asks before it makes an account. What people say of themselves is theirs to choose. */
const BeforeUserCreated = z.object({
  user: z.object({ user_metadata: z.object({ organization_name: z.unknown().optional() }).nullish() }),
})

const SignUpAnswer = z.object({
  processed: z.boolean(),
  organization_id: Uuid.nullable(),
  invitations: z.int(),
})

/** What the sign-up webhook needs besides what every function needs. */
export interface SignUpSecrets {
  /** Of the database webhook. */
  secret: string
  /** Of the auth hook; none: it is not set up, and every call of it is refused. */
  hookSecrets: string[]
  secretKeyPastRowSecurity: string
}

/** Builds the routes: what follows a sign-up, and what Auth asks before one. */
export const createSignUpWebhook = ({ secret, hookSecrets, secretKeyPastRowSecurity }: SignUpSecrets) =>
  createRoutes()
    .post('/signup-webhook', requireWebhookSecret(secret), readJson, async (c) => {
      const { deps, logged, requestId } = c.var
      const { record } = requireValid(DatabaseWebhook, await c.req.json())
      if (!record) return c.json({ processed: false, organization_id: null, invitations: 0 })
      logged.caller_id = record.id
      const db = createDataApiPastRowSecurity(deps, secretKeyPastRowSecurity, requestId)
      const answer = must(await db.rpc('process_sign_up', { user_id: record.id }), SignUpAnswer)
      logged.organization_id = answer.organization_id ?? undefined
      return c.json(answer)
    })
    .post('/signup-webhook/before-user-created', async (c) => {
      const text = await readText(c.req.raw)
      const { user } = requireValid(
        BeforeUserCreated,
        requireSignature(hookSecrets, text, c.req.raw.headers, c.var.logged),
      )
      const name = user.user_metadata?.organization_name
      if (isNone(name) || Name.safeParse(name).success) return c.json({})
      // Auth shows a refusal to the person only when it comes as a success.
      return c.json({
        error: {
          http_code: 400,
          message: 'The name of the organization must be one line of 1 to 100 characters that can be read.',
        },
      })
    })

/** A form that was left empty names no organization. */
const isNone = (name: unknown): boolean =>
  name === undefined || name === null || (typeof name === 'string' && name.trim() === '')
