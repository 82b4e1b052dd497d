import { type Handle, malformed, nowhere, type Value } from './world.ts'

/** Which uuid the database gave to what the model calls by a handle. */
export class Names {
  readonly #ids = new Map<Handle, string>([[nowhere, crypto.randomUUID()], [malformed, 'not-a-uuid']])
  readonly #handles = new Map<string, Handle>()

  bind(handle: Handle, id: unknown): void {
    if (typeof id !== 'string') return
    this.#ids.set(handle, id)
    this.#handles.set(id, handle)
  }

  /** Another text that stands for the same, such as a person's address. */
  alias(handle: Handle, text: string): void {
    this.#handles.set(text, handle)
  }

  /** What was never made has a random uuid, always the same. */
  id(handle: Handle): string {
    const id = this.#ids.get(handle) ?? crypto.randomUUID()
    this.#ids.set(handle, id)
    return id
  }

  knows = (id: unknown): boolean => typeof id === 'string' && this.#handles.has(id)

  /** The handle of a uuid. One that nobody named shows as it is, and so as a difference. */
  of(id: unknown): Value {
    if (id === null || id === undefined) return undefined
    return this.#handles.get(String(id)) ?? `unknown ${id}`
  }
}
