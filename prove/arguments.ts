import { parseArgs } from 'node:util'
import { Failure, messageOf } from '../local/failure.ts'

/** What the command line asks for. */
export interface Wish {
  /** The database to prove; without it the local stack, or a throwaway one. */
  url?: string
  /** The folder for the report. */
  out: string
  long: boolean
  mutate: boolean
  runs?: number
  seed?: number
  help: boolean
}

export const usage = `npm run prove [-- options]

Proves that organizations are kept apart, and writes a dated report (Markdown and JSON). Without options it proves the
local stack that runs, or a throwaway one when none does.

  --url postgresql://…   prove this database instead; it is read, never changed
  --out folder           where the report goes (proofs/)
  --long                 also random requests against two worlds and against a model; takes long, on a throwaway stack
  --mutate               also take each rule out of the schema and see that it is missed; takes long, on a throwaway stack
  --runs n --seed n      how much of --long, and which of it
  --help                 this text

Exit code: 0 everything holds, 1 there are findings, 2 it could not be proven.`

/** Reads the command line; a {@link Failure} says what is wrong with it. */
export function toWish(args: string[]): Wish {
  const { values } = parse(args)
  const { url, out = 'proofs', long = false, mutate = false, help = false } = values
  if (url !== undefined && (long || mutate)) {
    throw new Failure('--long and --mutate change data: they run on a throwaway stack, not with --url')
  }
  if (out === '') throw new Failure('--out needs a folder')
  return { url, out, long, mutate, help, runs: toNumber('--runs', values.runs), seed: toNumber('--seed', values.seed) }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args,
      options: {
        url: text,
        out: text,
        long: flag,
        mutate: flag,
        runs: text,
        seed: text,
        help: { ...flag, short: 'h' },
      },
    })
  } catch (error) {
    throw new Failure(`${messageOf(error).split('. ')[0]} (--help lists what there is)`)
  }
}

function toNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^-?\d{1,15}$/.test(text)) throw new Failure(`${name} must be a whole number, not "${text}"`)
  return Number(text)
}
