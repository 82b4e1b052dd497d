import { mask, sortAnswer } from './mask.ts'
import type { Memory } from './memory.ts'
import type { RawAnswer } from './side.ts'

/** An answer with names for ids, and without times. */
export interface Masked {
  status: number
  /** All of it: status, headers, body. */
  text: string
  /** The answer's body with names for ids. */
  body: string
}

// Said by the servers of every answer alike, or follows from the body, which is compared itself.
const uninteresting = new Set(['date', 'content-length', 'connection', 'keep-alive', 'transfer-encoding'])

/** Puts names for what differs between any two worlds. */
export function maskAnswer({ status, headers, text }: RawAnswer, ordered: boolean, memory: Memory): Masked {
  const requestId = headers.get('x-request-id')
  const withoutRequestId = (said: string) => requestId ? said.replaceAll(requestId, '<request>') : said
  const sorted = sortAnswer(text, headers.get('content-type') ?? '', ordered, memory)
  const body = mask(withoutRequestId(sorted), memory)
  const said = [...headers]
    .filter(([name]) => !uninteresting.has(name))
    .map(([name, value]) => mask(withoutRequestId(`${name}: ${value}`), memory))
  return { status, body, text: [String(status), ...said, body].join('\n') }
}
