/** Something the person at the keyboard can put right: printed as one line, without a stack trace. */
export class Failure extends Error {
  override name = 'Failure'
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** Runs a command of `npm run …`; a {@link Failure} ends it with one line and exit code 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    console.error(error instanceof Failure ? `error: ${error.message}` : error)
    Deno.exit(1)
  }
}
