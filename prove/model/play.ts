import type { ProtectedTable } from '../../shared/roles.ts'
import { commands } from './commands.ts'
import { type Command, Dice } from './dice.ts'
import { openRun, type Run } from './run.ts'
import { actualState, actualViews, expectedState, expectedViews } from './state.ts'
import type { System } from './system.ts'
import { canonical } from './values.ts'
import { type Answer, answerOf, type Value } from './world.ts'

/** A run that can be repeated: the tables it is about, and what happens. */
export interface Script {
  tables: ProtectedTable[]
  commands: Command[]
}

/** The model and the system disagree; `told` is the story so far, the last line the one they disagree about. */
export class Divergence extends Error {
  constructor(readonly told: string[], readonly expected: string, readonly actual: string) {
    super(`${told.join('\n')}\n  the model expects ${expected}\n  the system answers ${actual}`)
  }
}

/** After how many commands what is stored is compared, besides at the end. */
const stateEvery = 8

/** What a run came to; `played` counts its commands, `refused` those that both sides refused. */
export interface Played {
  played: number
  refused: number
}

/** Plays a script on the system and on the model. Throws a Divergence where they disagree. */
export async function play(system: System, script: Script): Promise<Played> {
  const run = await openRun(system, script.tables)
  const told = [`${system.name}: tables ${script.tables.join(', ')}`]
  let refused = 0
  for (const [at, command] of script.commands.entries()) {
    const answer = await perform(run, command, told)
    if ('refused' in answer) refused++
    if ((at + 1) % stateEvery === 0) compare([...told, 'what is stored'], expectedState(run), await actualState(run))
  }
  compare([...told, 'what is stored'], expectedState(run), await actualState(run))
  compare([...told, 'what each person sees'], expectedViews(run), await actualViews(run))
  return { played: script.commands.length, refused }
}

async function perform(run: Run, { does, dice }: Command, told: string[]): Promise<Answer> {
  const step = await commands[does]!.decide(run, new Dice(run, dice))
  const expected = answerOf(step.expected)
  told.push(step.text)
  const reply = await step.actual()
  const actual: Answer = 'refused' in reply ? reply : { value: step.toValue(reply.body) }
  if (canonical({ ...expected }) !== canonical({ ...actual })) {
    throw new Divergence(told, canonical({ ...expected }), canonical({ ...actual }))
  }
  return expected
}

/** Compares part by part, so that a difference is short enough to read. */
function compare(told: string[], expected: Value, actual: Value, path = ''): void {
  if (canonical(expected) === canonical(actual)) return
  if (isObject(expected) && isObject(actual)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      compare(told, expected[name], actual[name], `${path}${path && ', '}${name}`)
    }
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const has = (list: Value[], one: Value) => list.some((other) => canonical(other) === canonical(one))
    const missing = expected.filter((one) => !has(actual, one))
    const extra = actual.filter((one) => !has(expected, one))
    throw new Divergence([...told.slice(0, -1), `${told.at(-1)} (${path})`], canonical(missing), canonical(extra))
  }
  throw new Divergence([...told.slice(0, -1), `${told.at(-1)} (${path})`], canonical(expected), canonical(actual))
}

const isObject = (value: Value): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
