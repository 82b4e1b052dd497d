import { join } from 'node:path'
import { z } from 'zod'
import type { Transaction } from '../tests/database/support/outcome.ts'
import { definitionOf } from './definition.ts'
import type { Finding, Proof } from './proof.ts'
import { storedEngine } from './stored-engine.ts'

/** What a release is made of, by name: SHA-256 of functions; grants, triggers and rules in full. */
export const Engine = z.strictObject({
  version: z.string(),
  functions: z.record(z.string(), z.string()),
  grants: z.record(z.string(), z.string()),
  triggers: z.record(z.string(), z.string()),
  rules: z.record(z.string(), z.string()),
})
export type Engine = z.infer<typeof Engine>

const law = 'the_engine_is_as_released'
const consequence =
  'What keeps companies apart was changed by hand. Every other law can hold while this part lets one into the data of another.'

/** The engine of this release, as prove/engine.json has it. */
export async function releasedEngine(): Promise<Engine> {
  return Engine.parse(JSON.parse(await Deno.readTextFile(join(import.meta.dirname!, 'engine.json'))))
}

/** In what a database's engine differs from that of this release. */
export async function engineFindings(tx: Transaction): Promise<Finding[]> {
  const released = await releasedEngine()
  const stored = await storedEngine(tx)
  const differing = Object.keys(released.functions).filter((name) =>
    stored.functions[name] !== released.functions[name]
  )
  const strange = Object.keys(stored.functions).filter((name) =>
    name.startsWith('tenancy.') && !Object.hasOwn(released.functions, name)
  )
  return [
    ...await Promise.all(differing.map(async (name): Promise<Finding> => ({
      law,
      object: name,
      detail: Object.hasOwn(stored.functions, name)
        ? 'its body or its settings are not those of the release'
        : 'it is missing',
      consequence,
      mend: `${await definitionOf(name)}\n${mendGrant(`function ${name}`, released.grants[`function ${name}`] ?? '')}`,
    }))),
    ...strange.map((name): Finding => ({
      law,
      object: name,
      detail: 'it is no part of the release',
      consequence,
      mend: `drop routine ${name};`,
    })),
    // What is missing itself has been named.
    ...changed(released.grants, stored.grants, mendGrant).filter(({ object }) => Object.hasOwn(stored.grants, object)),
    ...changed(released.triggers, stored.triggers, mendTrigger),
    ...changed(released.rules, stored.rules, mendRule),
  ]
}

/** Proves that a database has the engine of this release, and nothing beside it. */
export async function proveEngine(tx: Transaction): Promise<Proof> {
  const { functions, grants, triggers, rules, version } = await releasedEngine()
  const count = (parts: object) => Object.keys(parts).length
  return {
    name: law,
    claim:
      'The functions, triggers and rules of the engine, and who may use them, are those of the release, to the letter.',
    tried: `${count(functions)} functions, ${count(grants)} access lists, ${count(triggers)} triggers and ` +
      `${count(rules)} rules of version ${version} were compared`,
    findings: await engineFindings(tx),
  }
}

function changed(
  released: Record<string, string>,
  stored: Record<string, string>,
  mend: (name: string, text: string) => string,
): Finding[] {
  return Object.entries(released).filter(([name, text]) => stored[name] !== text).map(([name, text]) => ({
    law,
    object: name,
    detail: stored[name] === undefined ? 'it is missing' : `it is: ${stored[name]}`,
    consequence,
    mend: mend(name, text),
  }))
}

/** Takes everything back first, then grants what the release does. */
function mendGrant(object: string, text: string): string {
  const grants = text === 'nothing to anybody'
    ? []
    : text.split('; ').map((grant) => ` grant ${grant.replace(' to ', ` on ${object} to `)};`)
  return `revoke all on ${object} from public, anon, authenticated, service_role;${grants.join('')}`
}

function mendTrigger(name: string, text: string): string {
  const [trigger, table] = name.split(' on ')
  const definition = text.replace(' (always)', '').replace('CREATE TRIGGER', 'create or replace trigger')
  const enable = text.endsWith(' (always)') ? 'enable always' : 'enable'
  if (text.includes(' INSTEAD OF ')) return `${definition};`
  return `${definition}; alter table ${table} ${enable} trigger ${trigger};`
}

function mendRule(name: string, text: string): string {
  const [rule, table] = name.split(' on ')
  if (text === 'not null') return `alter table ${table} alter column ${rule} set not null;`
  if (text.startsWith('CREATE ')) return `drop index if exists ${rule}; ${text};`
  return `alter table ${table} drop constraint if exists ${rule}; alter table ${table} add constraint ${rule} ${text};`
}
