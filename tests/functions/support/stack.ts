import { inject } from 'vitest'

/** A URL or a key of the running stack, under its name in `npm run -s status`. */
export function stack(name: string): string {
  const value = inject('stack')[name]
  if (value === undefined) throw new Error(`The stack says nothing about ${name}.`)
  return value
}
