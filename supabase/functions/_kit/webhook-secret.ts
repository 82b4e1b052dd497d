import { createHash, timingSafeEqual } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import type { AppEnv } from './env.ts'
import { Problem } from './problem.ts'

/** A secret that a webhook and whoever calls it share. */
export const WebhookSecret = z.string().min(16)

/** Lets in only who sends the secret as `x-webhook-secret`. Which check failed is for the log alone. */
export const requireWebhookSecret = (secret: string) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const given = c.req.header('x-webhook-secret')
    if (given === undefined || !isSame(given, secret)) {
      c.var.logged.cause = `x-webhook-secret: ${given === undefined ? 'missing' : 'wrong'}`
      throw new Problem('unauthenticated')
    }
    await next()
  })

// Hashes have one length, and comparing them takes one time.
const isSame = (a: string, b: string): boolean => timingSafeEqual(toHash(a), toHash(b))
const toHash = (text: string) => createHash('sha256').update(text).digest()
