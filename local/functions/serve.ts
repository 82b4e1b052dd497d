import { type FunctionHandler, loadFunctions } from './load.ts'
import { createTokenCheck } from './verify.ts'

// Run by the Deno version that the platform is compatible with, in the environment that functions get there.

/** What the functions server is told. */
export interface FunctionsInstructions {
  functions: { name: string; entrypoint: string; verifyJwt: boolean }[]
}

const told: FunctionsInstructions = JSON.parse(Deno.env.get('DIAL_SMART_PART') ?? '')
Deno.env.delete('DIAL_SMART_PART')

const problem = (status: number, code: string, message: string): Response =>
  Response.json({ code, message }, {
    status,
    headers: {
      'sb-error-code': code,
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'sb-error-code',
    },
  })

const isAllowed = createTokenCheck({
  jwtSecret: Deno.env.get('JWT_SECRET') ?? '',
  jwks: JSON.parse(Deno.env.get('SUPABASE_JWKS') ?? '{"keys":[]}'),
  apiKeys: ['SUPABASE_PUBLISHABLE_KEYS', 'SUPABASE_SECRET_KEYS']
    .flatMap((name) => Object.values<string>(JSON.parse(Deno.env.get(name) ?? '{}'))),
})

const functions = await loadFunctions(told.functions)

async function answer(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname
  const name = path.split('/', 2)[1] ?? ''
  const found = functions.get(name)
  if (!found) return problem(404, 'NOT_FOUND', 'Requested function was not found')
  if (found.verifyJwt && request.method !== 'OPTIONS') {
    const refused = await isAllowed(request.headers)
    if (refused) {
      return problem(
        401,
        refused,
        refused === 'UNAUTHORIZED_NO_AUTH_HEADER' ? 'Missing authorization header' : 'Invalid JWT',
      )
    }
  }
  if (!found.fetch) return problem(503, 'BOOT_ERROR', 'Function failed to start (please check logs)')
  return await handled(name, found.fetch, request)
}

async function handled(name: string, fetch: FunctionHandler, request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    console.error(`${name}:`, error)
    return problem(500, 'EDGE_FUNCTION_ERROR', 'Internal Server Error')
  }
}

// On the platform it keeps the worker alive; here the process lives anyway.
Object.defineProperty(globalThis, 'EdgeRuntime', {
  value: { waitUntil: (work: Promise<unknown>) => void work.catch((error) => console.error('waitUntil:', error)) },
})
// One function's forgotten promise must not take the others down.
addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  console.error('unhandled rejection:', event.reason)
})

const server = Deno.serve({
  hostname: '127.0.0.1',
  port: 0,
  onListen: ({ port }) => console.log(JSON.stringify({ ready: { port } })),
}, answer)
Deno.addSignalListener('SIGTERM', () => void server.shutdown().finally(() => Deno.exit(0)))
for await (const _ of Deno.stdin.readable);
Deno.exit(0)
