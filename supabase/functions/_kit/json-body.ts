import { Buffer } from 'node:buffer'
import { createMiddleware } from 'hono/factory'
import type { InvalidValue } from '../../../shared/problems.ts'
import type { AppEnv } from './env.ts'
import { Problem } from './problem.ts'
import { toPointer } from './validation.ts'

const maxBytes = 1_048_576
const maxDepth = 64
const mostDrained = 8 * maxBytes
const jsonType = /^application\/json(?:\s*;\s*charset=(?:utf-8|"utf-8"))?\s*$/i
// Postgres stores neither NUL nor half a surrogate pair. UTF-8 has no halves and JSON no raw NUL: only escapes bring them.
const suspicious = /\\u(?:0000|d[89a-f])/i

/** Reads a JSON body with our own limits, before any schema sees it. */
export const readJson = createMiddleware<AppEnv>(async (c, next) => {
  const { headers } = c.req.raw
  if (
    !jsonType.test(headers.get('content-type') ?? '') ||
    (headers.get('content-encoding') ?? 'identity') !== 'identity'
  ) {
    throw new Problem('unsupported_media_type')
  }
  const text = await readText(c.req.raw)
  const body = parse(text)
  const errors = findUnstorable(body, suspicious.test(text))
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
  c.set('bodyText', text)
  // hono's validators ask the request for its JSON; it has been read and parsed here, once.
  c.req.json = () => Promise.resolve(body)
  await next()
})

/** Refuses what already says that it is too large, whether a route reads it or not. */
export const refuseLargeBody = createMiddleware<AppEnv>(async (c, next) => {
  if (Number(c.req.raw.headers.get('content-length') ?? 0) > maxBytes) {
    throw new Problem('payload_too_large')
  }
  await next()
})

/**
 * Reads away what a refusal left unread. A server that answers and closes while the body still comes makes the proxy in
 * front of it, or the client, see a broken connection instead of the answer. What is far too large is cut off after all.
 */
export const drainBody = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  const { body } = c.req.raw
  if (!body || body.locked) return
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.byteLength
      if (size > mostDrained) break
    }
  } catch {
    // The client has gone: nobody waits for the answer.
  }
})

/** The body as it came: what a signature was made over. Raises payload_too_large, malformed_json where it is no UTF-8. */
export const readText = async (request: Request): Promise<string> => toText(await readBytes(request))

async function readBytes(request: Request): Promise<Uint8Array> {
  if (request.headers.has('content-length')) return new Uint8Array(await request.arrayBuffer())
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new Problem('payload_too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function toText(bytes: Uint8Array): string {
  // Strict decoding makes a text twice as wide as ASCII needs, and slower to read: only where something was replaced.
  const text = new TextDecoder().decode(bytes)
  if (!text.includes('\ufffd')) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Problem('malformed_json', {
      detail: 'The request body is not UTF-8.',
      cause,
    })
  }
}

function parse(text: string) {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('malformed_json', { cause })
  }
}

function findUnstorable(
  value: unknown,
  inTexts: boolean,
  path: PropertyKey[] = [],
): InvalidValue[] {
  if (typeof value === 'string') return inTexts ? checkText(value, path) : []
  if (typeof value !== 'object' || value === null) return []
  if (path.length === maxDepth) {
    return [{
      pointer: toPointer(path),
      code: 'too_deep',
      message: `Nested more than ${maxDepth} levels deep.`,
    }]
  }
  const errors: InvalidValue[] = []
  for (const [key, member] of Object.entries(value)) {
    if (inTexts) errors.push(...checkText(key, path))
    // A name that JavaScript gives a meaning of its own, and no field of ours.
    if (key === '__proto__') {
      errors.push({ pointer: toPointer([...path, key]), code: 'unrecognized_keys', message: 'Unknown field.' })
    }
    if (inTexts || typeof member === 'object') {
      errors.push(...findUnstorable(member, inTexts, [...path, key]))
    }
  }
  return errors
}

function checkText(text: string, path: PropertyKey[]): InvalidValue[] {
  if (text.isWellFormed() && !text.includes('\0')) return []
  return [{
    pointer: toPointer(path),
    code: 'invalid_text',
    message: 'Contains NUL or half a surrogate pair.',
  }]
}
