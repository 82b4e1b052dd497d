import { createHash } from 'node:crypto'
import type { Company } from './company.ts'
import { uuidOf } from './company.ts'
import type { Foreign } from './globex.ts'
import { placeholder } from './template.ts'

/**
 * What one world's side of a sequence knows: which name stands for what, and which ids its database made. An id that
 * the database made gets the next number when it is first seen, so that two worlds call it the same.
 */
export class Memory {
  readonly #values = new Map<string, string>()
  readonly #names = new Map<string, string>()
  #numbered = 0

  constructor(readonly company: Company, foreign: Foreign) {
    for (const [name, id] of Object.entries({ ...foreign.ids, ...company.ids })) this.#know(name, id)
    for (const [name, address] of Object.entries({ ...foreign.addresses, ...company.addresses })) {
      this.#values.set(`address:${name}`, address)
    }
    this.#values.set('mark', company.mark)
    this.#know('token:first', company.token)
  }

  /** Whether the database has made ids: their order differs between two worlds. */
  get hasNumbered(): boolean {
    return this.#numbered > 0
  }

  #know(name: string, value: string): void {
    this.#values.set(name, value)
    if (!this.#names.has(value)) this.#names.set(value, name)
  }

  /** Puts values for the names in braces. `made` names say which thing they mean through `lookUp`. */
  fill(text: string, lookUp: (name: string) => string): string {
    return text.replace(placeholder, (_, name: string) => {
      const meant = /^(made|token|cursor):/.test(name) ? lookUp(name) : name
      const value = this.#values.get(meant) ?? this.#invent(meant)
      return value
    })
  }

  #invent(name: string): string {
    const [kind = ''] = name.split(':')
    if (kind === 'address') return `${name.replace(/\W/g, '-')}@acme-${this.company.mark}.test`
    if (kind === 'token') return `inv_${createHash('sha256').update(this.company.mark + name).digest('hex')}`
    if (kind === 'cursor') return btoa(`1700000000000000:${uuidOf(name)}`).replaceAll('=', '')
    const id = uuidOf(`${this.company.mark} ${name}`)
    this.#know(name, id)
    return id
  }

  /** The name of an id, if it has one yet. */
  nameOf(value: string): string | undefined {
    return this.#names.get(value)
  }

  /** The name of an id or a secret; one that is new gets the next number. */
  nameFor(value: string): string {
    const known = this.#names.get(value)
    if (known !== undefined) return known
    const name = `#${++this.#numbered}`
    this.#know(name, value)
    return name
  }
}
