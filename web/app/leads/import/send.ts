import { ProblemError, type Result } from '../../../../shared/client/index.ts'
import type { GoodRow, RowProblem } from './check.ts'

/** How far an import is. */
export interface Progress {
  /** Rows that are stored. */
  added: number
  refused: RowProblem[]
  /** The request to go on with, and the rows of it that are stored or refused already. */
  next: number
  settled: number[]
}

export type Outcome =
  | { state: 'done' }
  /** Somebody stopped it. */
  | { state: 'cancelled' }
  /** No answer, after several tries: it can go on with the same rows, and none comes twice. */
  | { state: 'interrupted'; problem: ProblemError }
  /** The session ended: it can go on once the person has signed in again. Nothing of the last request is stored. */
  | { state: 'signed out'; problem: ProblemError }
  /** Something that no other try changes: a full plan, a role that is gone, a suspended organization. */
  | { state: 'stopped'; problem: ProblemError }

interface Sending {
  batches: number
  batch: (n: number) => Promise<GoodRow[]>
  create: (leads: GoodRow['lead'][], retry: { idempotencyKey: string }) => Promise<Result<unknown>>
  signal: AbortSignal
  onProgress: (progress: Progress) => void
  /** Waits before another try; tests don't. */
  wait?: (milliseconds: number) => Promise<void>
}

const pauses = [1000, 4000]
// Each bad row costs some requests to be found among a thousand.
const mostSearches = 60

const isUnanswered = ({ status, code }: ProblemError): boolean =>
  status === 0 || status >= 500 || code === 'rate_limited' || code === 'idempotency_in_progress'

const toState = (problem: ProblemError): 'interrupted' | 'signed out' | 'stopped' =>
  isUnanswered(problem) ? 'interrupted' : problem.code === 'unauthenticated' ? 'signed out' : 'stopped'

/** The server said that a row is not acceptable, without saying which. */
const isAboutRows = ({ code }: ProblemError): boolean => code === 'validation_failed' || code === 'conflict'

/**
 * Sends one request after the other. Each keeps its key until it is answered, so that a try whose answer got lost stores
 * nothing twice; `send` called again goes on where it was.
 */
export function createSender(
  { batches, batch, create, signal, onProgress, wait = pause }: Sending,
): { send(): Promise<Outcome>; progress(): Progress } {
  const keys = new Map<string, string>()
  const halved = new Set<string>()
  let progress: Progress = { added: 0, refused: [], next: 0, settled: [] }

  const report = (changes: Partial<Progress>) => {
    progress = { ...progress, ...changes }
    onProgress(progress)
  }

  /** One request, tried again when it is not answered. */
  const ask = async (name: string, rows: GoodRow[]): Promise<ProblemError | undefined> => {
    const idempotencyKey = keys.get(name) ?? crypto.randomUUID()
    keys.set(name, idempotencyKey)
    for (let tries = 0;; tries++) {
      const { error } = await create(rows.map(({ lead }) => lead), { idempotencyKey })
      const milliseconds = pauses[tries]
      if (!error || !isUnanswered(error) || milliseconds === undefined || signal.aborted) return error ?? undefined
      await wait(milliseconds)
    }
  }

  /** Stores rows. What is refused because of one of them is tried in halves, until that one is found. */
  const store = async (rows: GoodRow[]): Promise<ProblemError | undefined> => {
    const settle = (changes: Partial<Progress>) =>
      report({ ...changes, settled: [...progress.settled, ...rows.map(({ row }) => row)] })
    const halves = async () => {
      const half = Math.ceil(rows.length / 2)
      return await store(rows.slice(0, half)) ?? await store(rows.slice(half))
    }
    if (rows.every(({ row }) => progress.settled.includes(row))) return
    const name = `${rows[0]?.row}-${rows.at(-1)?.row}`
    if (halved.has(name)) return await halves()
    const problem = await ask(name, rows)
    if (!problem) {
      settle({ added: progress.added + rows.length })
      return
    }
    if (!isAboutRows(problem)) return problem
    if (rows.length > 1 && halved.size < mostSearches) {
      halved.add(name)
      return await halves()
    }
    const { errors: [error] } = problem
    const said = error ? `${error.pointer.split('/').at(-1)}: ${error.message}` : problem.detail
    settle({ refused: [...progress.refused, ...rows.map(({ row }) => ({ row, problem: said }))] })
  }

  const send = async (): Promise<Outcome> => {
    while (progress.next < batches) {
      if (signal.aborted) return { state: 'cancelled' }
      const rows = await batch(progress.next)
      const problem = await store(rows)
      if (problem) return { state: toState(problem), problem }
      report({ next: progress.next + 1, settled: [] })
    }
    return { state: 'done' }
  }

  return { send, progress: () => progress }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
