export type FunctionHandler = (request: Request) => Response | Promise<Response>

export interface LoadedFunction {
  verifyJwt: boolean
  /** Absent when the import failed. */
  fetch?: FunctionHandler
}

/** Imports every function; one that can't be imported is reported and doesn't keep the others from serving. */
export async function loadFunctions(
  functions: { name: string; entrypoint: string; verifyJwt: boolean }[],
): Promise<Map<string, LoadedFunction>> {
  const loaded = await Promise.all(functions.map(async ({ name, entrypoint, verifyJwt }) => {
    const fetch = await load(entrypoint).catch((error) => {
      console.error(`function ${name} failed to start: ${error instanceof Error ? error.message : error}`)
      return undefined
    })
    return [name, { verifyJwt, fetch }] as const
  }))
  return new Map(loaded)
}

async function load(entrypoint: string): Promise<FunctionHandler> {
  const module: { default?: { fetch?: unknown } } = await import(`file://${entrypoint}`)
  const fetch = module.default?.fetch
  if (typeof fetch !== 'function') throw new Error('index.ts has no default export with a fetch function')
  return (request) => fetch(request)
}
