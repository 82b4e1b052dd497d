import type { Person } from './company.ts'

/** Whoever can ask: a person, nobody, or somebody whose token nobody signed. */
export type Actor = Person | 'anon' | 'forger'

/**
 * A request as a sequence has it. Whatever differs between two runs of it stands in braces: `{own:leads}` is the row
 * that the company began with, `{made:leads:2}` one that an earlier request made, `{foreign:leads}` a row of the other
 * company, `{random:3}` an id that is nowhere, `{new:5}` one for a row to come.
 */
export interface Template {
  actor: Actor
  api: 'rest' | 'functions'
  method: string
  path: string
  headers: Record<string, string>
  body?: string
  /** Whether the answer's order is said by the request, and so has to be equal too. */
  ordered: boolean
}

/** A name in braces. */
export const placeholder =
  /\{((?:own|second|made|foreign|random|new|org|user|address|token|cursor|mark)(?::[a-z_]+|:\d+)*)\}/g

/** A request as a person reads it. */
export function toText({ actor, api, method, path, headers, body }: Template): string {
  const said = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [
    `${actor}: ${method} /${api === 'rest' ? 'rest' : 'functions'}/v1${path}`,
    ...said,
    ...(body === undefined ? [] : [body.length > 600 ? `${body.slice(0, 600)}…` : body]),
  ].join('\n    ')
}
