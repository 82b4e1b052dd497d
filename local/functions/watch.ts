import { join } from 'node:path'
import type { Settings } from '../settings.ts'
import { exists } from '../database/binaries.ts'

/** Calls `changed`, which never rejects, a moment after the last change of a file that functions are made of. */
export async function watchFunctions(settings: Settings, changed: () => Promise<void>): Promise<void> {
  const folders = [join(settings.workdir, 'supabase', 'functions'), join(settings.workdir, 'shared')]
  const present = (await Promise.all(folders.map(async (folder) => await exists(folder) ? [folder] : []))).flat()
  if (present.length === 0) return
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = Promise.resolve()
  for await (const event of Deno.watchFs(present)) {
    if (event.kind === 'access') continue
    clearTimeout(timer)
    // One after the other: a change during a reload is followed by another reload.
    timer = setTimeout(() => last = last.then(changed), 150)
  }
}
