import { join } from 'node:path'
import type { State } from '../../local/state.ts'

const parts = ['gateway', 'functions', 'data-api', 'database'] as const

/** Milliseconds of a processor that each part of a stack has taken so far. */
export type Taken = Record<typeof parts[number], number>

/** What the system says of a stack's processes; only Linux tells. */
export async function createProcesses(dataDir: string) {
  const { processes }: State = JSON.parse(await Deno.readTextFile(join(dataDir, 'state.json')))
  const pidOf = (name: string): number => processes.find((process) => process.name === name)?.pid ?? 0

  /** All that each part has taken; the database with the servers of its connections. */
  async function taken(): Promise<Taken | undefined> {
    if (Deno.build.os !== 'linux') return undefined
    const servers = await childrenOf(pidOf('database'))
    const of = async (pids: number[]) => (await Promise.all(pids.map(timeOf))).reduce((sum, time) => sum + time, 0)
    return {
      gateway: await of([pidOf('gateway')]),
      functions: await of([pidOf('functions')]),
      'data-api': await of([pidOf('data-api')]),
      database: await of([pidOf('database'), ...servers]),
    }
  }

  /** MiB that the functions have now. */
  async function memory(): Promise<number | undefined> {
    const status = await Deno.readTextFile(`/proc/${pidOf('functions')}/status`).catch(() => '')
    const kibibytes = /VmRSS:\s+(\d+)/.exec(status)?.[1]
    return kibibytes ? Math.round(Number(kibibytes) / 1024) : undefined
  }

  return { taken, memory }
}

/** What is between two measurements, of each of so many requests. */
export function perRequest(before: Taken | undefined, after: Taken | undefined, requests: number): Taken | undefined {
  if (!before || !after) return undefined
  const of = (part: keyof Taken) => (after[part] - before[part]) / requests
  return {
    gateway: of('gateway'),
    functions: of('functions'),
    'data-api': of('data-api'),
    database: of('database'),
  }
}

// The fields after the command's name, which is in parentheses and may hold spaces.
const statOf = async (pid: number | string): Promise<string[]> => {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** User and system time, in ticks of 10 ms, with those of children that have ended. */
async function timeOf(pid: number): Promise<number> {
  return (await statOf(pid)).slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * 10
}

async function childrenOf(pid: number): Promise<number[]> {
  const found: number[] = []
  for await (const { name } of Deno.readDir('/proc')) {
    if (/^\d+$/.test(name) && (await statOf(name))[1] === String(pid)) found.push(Number(name))
  }
  return found
}
