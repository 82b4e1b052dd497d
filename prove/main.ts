import { prove } from './command.ts'

// `npm run prove`: proves that organizations are kept apart, here or in any database, and writes a report of it.

Deno.exit(await prove(Deno.args, console.log, console.error))
