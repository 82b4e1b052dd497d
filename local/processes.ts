import type { State } from './state.ts'

/** What tells a process from another that got the same number later: when it started. `undefined` if there is none. */
export async function identityOf(pid: number): Promise<string | undefined> {
  try {
    if (Deno.build.os !== 'linux') return await startTimeByPs(pid)
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`)
    // The command's name is in parentheses and may hold spaces; the 20th field after it is the start time.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : fields[18]
  } catch {
    return undefined
  }
}

async function startTimeByPs(pid: number): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command('ps', { args: ['-p', String(pid), '-o', 'lstart='] }).output()
  return success ? new TextDecoder().decode(stdout).trim() : undefined
}

/** Ends what a supervisor that was killed left behind; only processes that are still the ones it started. */
export async function stopLeftovers(state: State | undefined): Promise<string[]> {
  const stopped = await Promise.all((state?.processes ?? []).map(async ({ name, pid, identity }) => {
    if (await identityOf(pid) !== identity) return []
    const signals: Deno.Signal[] = [name === 'database' ? 'SIGINT' : 'SIGTERM', 'SIGKILL']
    for (const signal of signals) {
      if (await ended(pid, identity, signal)) break
    }
    return [name]
  }))
  return stopped.flat()
}

async function ended(pid: number, identity: string, signal: Deno.Signal): Promise<boolean> {
  try {
    Deno.kill(pid, signal)
  } catch {
    return true
  }
  for (let waited = 0; waited < 5_000; waited += 25) {
    if (await identityOf(pid) !== identity) return true
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return false
}
