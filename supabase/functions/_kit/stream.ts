import type { Context } from 'hono'
import type { CallerEnv } from './env.ts'
import { logBrokenAnswer } from './log.ts'

/** A page of something, and where it goes on. */
export interface Page {
  next_cursor: string | null
}

/**
 * An answer that is written while pages are read, one at a time and no faster than the client takes them. A refusal of
 * the first page is thrown, as by any other route. When a later one fails, the answer breaks off: its end never comes,
 * so nobody takes what came for the whole.
 */
export async function streamPages<Read extends Page>(
  c: Context<CallerEnv>,
  read: (cursor?: string) => Promise<Read>,
  write: (page: Read, isFirst: boolean) => string,
): Promise<ReadableStream<Uint8Array>> {
  const first = await read()
  async function* texts(): AsyncGenerator<string> {
    try {
      yield write(first, true)
      for (let cursor = first.next_cursor; cursor !== null;) {
        const page = await read(cursor)
        yield write(page, false)
        cursor = page.next_cursor
      }
    } catch (error) {
      logBrokenAnswer(c, error)
      throw error
    }
  }
  return ReadableStream.from(texts()).pipeThrough(new TextEncoderStream())
}
