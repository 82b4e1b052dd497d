import { z } from 'zod'
import { Problem } from './problem.ts'

/** Looks up the TXT records of a name: the text of each. Raises `unavailable` when the DNS gives no answer. */
export type ResolveTxt = (name: string) => Promise<string[]>

const timeout = 5_000
const mostBytes = 64 * 1024
const noError = 0
const noSuchName = 3
const txt = 16

const Answer = z.object({
  Status: z.int(),
  Answer: z.array(z.object({ type: z.int(), data: z.string() })).default([]),
})

/**
 * Builds a resolver that asks a server for DNS over HTTPS in its JSON form (`?name=…&type=TXT`), as Cloudflare and Google
 * have it. It follows no redirect, waits five seconds and reads 64 KiB.
 */
export const createHttpsResolver = (url: string, fetch: typeof globalThis.fetch): ResolveTxt => async (name) => {
  const asked = new URL(url)
  asked.searchParams.set('name', name)
  asked.searchParams.set('type', 'TXT')
  try {
    const response = await fetch(asked, {
      headers: { accept: 'application/dns-json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    })
    const text = await readLimited(response)
    if (!response.ok) throw new Error(`The DNS server answers ${response.status}.`)
    const { Status, Answer: records } = Answer.parse(JSON.parse(text))
    if (Status !== noError && Status !== noSuchName) throw new Error(`The DNS server answers with status ${Status}.`)
    return records.filter(({ type }) => type === txt).map(({ data }) => toText(data))
  } catch (cause) {
    throw toUnavailable(cause)
  }
}

/** How Deno asks for TXT records: each comes in the parts that it is stored in. */
type AskSystem = (name: string, type: 'TXT', options: { signal: AbortSignal }) => Promise<string[][]>

/** Builds a resolver that asks whatever the machine asks, for five seconds. */
export const createSystemResolver = (resolveDns: AskSystem = Deno.resolveDns): ResolveTxt => async (name) => {
  try {
    const records = await resolveDns(name, 'TXT', { signal: AbortSignal.timeout(timeout) })
    return records.map((parts) => parts.join(''))
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return []
    throw toUnavailable(cause)
  }
}

const toUnavailable = (cause: unknown) =>
  new Problem('unavailable', { detail: 'The DNS gives no answer at the moment; nothing was changed.', cause })

async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > mostBytes) throw new Error('The DNS server answers with too much.')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** A record's text as zone files write it: one or more quoted strings that belong together. Some servers leave quotes out. */
function toText(data: string): string {
  if (!data.startsWith('"')) return data
  return [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part = '']) => part.replace(/\\(.)/g, '$1')).join('')
}
