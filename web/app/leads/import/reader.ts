import { wrap } from 'comlink'
import type { WorkerApi } from './worker.ts'
import workerUrl from './worker.ts?worker&url'

declare global {
  interface Window {
    /** Browsers that have Trusted Types start no worker from a plain string: headers.ts asks them not to. */
    trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): object }
  }
}

// The one script that may be started by its address is the worker.
globalThis.window.trustedTypes?.createPolicy('default', {
  createScriptURL: (url) => url === workerUrl ? url : null,
})

/** Starts a worker that reads one file; `close` ends it, whatever it is doing. */
export function createReader() {
  const worker = new Worker(workerUrl, { type: 'module' })
  return { file: wrap<WorkerApi>(worker), close: () => worker.terminate() }
}
export type Reader = ReturnType<typeof createReader>
