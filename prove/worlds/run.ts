import { foundCompany } from './company.ts'
import { lookUp, type Made, remember } from './made.ts'
import { maskAnswer, type Masked } from './masked.ts'
import { Memory } from './memory.ts'
import type { Sequence } from './sequence.ts'
import { send, Tokens } from './side.ts'
import { type Template, toText } from './template.ts'
import type { World, Worlds } from './worlds.ts'

/** A request that two worlds answered differently. */
export interface Difference {
  /** The requests up to the one that was answered differently. */
  requests: Template[]
  answers: [string, string]
}

/** How many requests were answered with which status. */
export type Tally = Map<number, number>

interface Side {
  world: World
  memory: Memory
  tokens: Tokens
}

/** A company at home in both worlds, whose people's requests are made in both. */
export interface Visit {
  ask(template: Template): Promise<[Masked, Masked]>
}

/** Founds a company in both worlds. */
export async function visit(
  { pair, foreign, schema }: Worlds,
  { tables, status = 'trial', mark }: { tables: string[]; status?: string; mark: string },
): Promise<Visit> {
  const company = foundCompany(mark, tables, schema, status)
  const toSide = (world: World): Side => ({
    world,
    memory: new Memory(company, foreign),
    tokens: new Tokens(world, company),
  })
  const [first, second] = [toSide(pair[0]), toSide(pair[1])]
  await Promise.all(pair.map(({ sql }) => sql.unsafe(company.statements)))
  const made: Made = new Map()
  return {
    async ask(template) {
      const answers = await Promise.all([ask(first, template, made), ask(second, template, made)])
      remember(template, answers[0], made)
      return answers
    },
  }
}

/** Runs a sequence in both worlds, request by request, until they differ. */
export async function runSequence(
  worlds: Worlds,
  { tables, status, requests }: Sequence,
  mark: string,
  tally: Tally,
  again = 2,
): Promise<Difference | undefined> {
  const { ask } = await visit(worlds, { tables, status, mark })
  for (const [at, template] of requests.entries()) {
    const [one, other] = await ask(template)
    if (again > 0 && [one, other].some(isOfTheMachine)) {
      return await runSequence(worlds, { tables, status, requests }, `${mark}r`, tally, again - 1)
    }
    tally.set(one.status, (tally.get(one.status) ?? 0) + 1)
    if (one.text !== other.text) return { requests: requests.slice(0, at + 1), answers: [one.text, other.text] }
  }
}

/**
 * Nothing was answered, so all of it begins anew: a kept connection ended under a request, which the gateway calls 502 and
 * a function that asked through it 503; or a statement came to its timeout on a busy machine, which is seconds, where
 * the clock is no company's.
 */
const isOfTheMachine = ({ status, body }: Masked): boolean =>
  status === 502 || status === 503 || status === 500 && body.includes('"57014"')

async function ask({ world, memory, tokens }: Side, template: Template, made: Made): Promise<Masked> {
  const fill = (text: string) => memory.fill(text, (name) => lookUp(made, name))
  // Ids that the database made are in another order in the other world; those of the audit log always are.
  const isNumbered = memory.hasNumbered || template.path.includes('audit_log')
  const path = isNumbered ? template.path.replace(/\b(?:gt|lt)e?\.(?=\{)/g, 'neq.') : template.path
  const answer = await send(
    world,
    {
      ...template,
      path: fill(path),
      headers: Object.fromEntries(Object.entries(template.headers).map(([name, value]) => [name, fill(value)])),
      body: template.body === undefined ? undefined : fill(template.body),
    },
    template.actor === 'anon' ? undefined : await tokens.of(template.actor),
  )
  return maskAnswer(answer, template.ordered, memory)
}

/** A sequence and where it came apart, as a person reads it. */
export function describe({ requests, answers }: Difference): string {
  const steps = requests.map((request, at) => `${at + 1}. ${toText(request)}`)
  const [one, other] = answers.map((answer) => answer.split('\n'))
  const only = (lines: string[] = [], others: string[] = []) => lines.filter((line) => !others.includes(line))
  return [
    ...steps,
    'with the other company:',
    ...only(one, other).map((line) => `    ${line.slice(0, 800)}`),
    'without it:',
    ...only(other, one).map((line) => `    ${line.slice(0, 800)}`),
  ].join('\n')
}
