import type { Memory } from './memory.ts'

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
// Tokens of invitations, and what else the database makes by chance or by hashing.
const token = /(?:inv_)?[0-9a-f]{64}(?![0-9a-f])/g
// What requests and companies bring has dates of 2024; what is later is the clock's.
const time = /20(?:2[5-9]|[3-9]\d)-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?/g
// A hash over ids and times that are another world's.
const hash = /\b[0-9a-f]{64}\b/g
const cursor = /"next_cursor":"([\w-]+)"/g

/** Names instead of ids and tokens, and no times: what two worlds must have in common. */
export function mask(text: string, memory: Memory): string {
  return text
    .replace(cursor, (_, code: string) => `"next_cursor":"<${memory.nameFor(code)}> at ${mask(decode(code), memory)}"`)
    // Each world has ports of its own.
    .replace(/(127\.0\.0\.1|localhost):\d+/g, '$1')
    .replace(time, '<time>')
    .replace(token, (secret) => `<${memory.nameFor(secret)}>`)
    .replace(hash, '<hash>')
    .replace(uuid, (id) => `<${memory.nameFor(id.toLowerCase())}>`)
    // Where a name's own slug is not to be had, it gets a random ending.
    .replace(/(-q[0-9a-z]+)-[0-9a-f]{6}(?=[",)\s])/g, '$1-<ending>')
}

/**
 * The cursor's time is the clock's; its id is not. A search puts a digit before it, how well the row fits, with which the
 * code of a time never begins.
 */
function decode(code: string): string {
  const [, rank = '', cursor = ''] = /^([1-3]?)(.*)$/.exec(code) ?? []
  try {
    return rank + atob(cursor.replaceAll('-', '+').replaceAll('_', '/')).replace(/^\d+:/, '<time>:')
  } catch {
    return code
  }
}

/** The order of rows is the planner's where a request says none; this is an order of the rows themselves. */
export function sortAnswer(text: string, contentType: string, ordered: boolean, memory: Memory): string {
  if (contentType.startsWith('text/csv') && !ordered) {
    const [head = '', ...lines] = text.split('\n')
    return [head, ...sortBy(lines, memory, (line) => line)].join('\n')
  }
  if (!/[/+]json/.test(contentType) || text === '') return text
  return JSON.stringify(sortArrays(JSON.parse(text), ordered, memory))
}

function sortArrays(value: unknown, ordered: boolean, memory: Memory): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => sortArrays(item, false, memory))
    return ordered ? items : sortBy(items, memory, JSON.stringify)
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sortArrays(item, ordered, memory)]))
}

/** Sorts by what is the same in both worlds; among equals by the text itself, in which the time of creation is. */
function sortBy<Item>(items: Item[], memory: Memory, toText: (item: Item) => string): Item[] {
  const keyed = items.map((item) => {
    const text = toText(item) ?? ''
    const times = text.match(time) ?? []
    const key = text.replace(time, '').replace(uuid, (id) => memory.nameOf(id.toLowerCase()) ?? '')
    return { item, key: `${key} ${times.join(' ')}` }
  })
  return keyed.sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0).map(({ item }) => item)
}
