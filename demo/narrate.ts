/** Paints a text, where somebody looks at a terminal. */
type Paint = (text: string) => string

const colours = Deno.stdout.isTerminal() && !Deno.noColor
const paint = (code: number): Paint => (text) => colours ? `\x1b[${code}m${text}\x1b[0m` : text
const [bold, red, green, yellow, cyan, grey] = [paint(1), paint(31), paint(32), paint(33), paint(36), paint(90)]

let scenes = 0
let requests = 0
let claims = 0

/** Something that the story says and that turned out not to be so. */
export class Untrue extends Error {
  override name = 'Untrue'
}

/** Begins a scene. */
export const scene = (title: string): void => console.log(`\n${bold(`${++scenes}. ${title}`)}\n`)

/** Says what comes next, or why. */
export const say = (text: string): void => console.log(`  ${text}`)

/** Tells of a statement for the database. */
export const narrate = (statement: string): void => console.log(`  ${cyan('SQL   ')}  ${shorten(statement)}`)

/** Shows the essential part of an answer. */
export const show = (text: string): void => console.log(`${' '.repeat(10)}${grey('→')} ${text}`)

/** Makes a claim, and ends the story where it is not true. */
export function claim(text: string, isTrue: boolean): void {
  if (!isTrue) throw new Untrue(text)
  claims++
  console.log(`${' '.repeat(10)}${green('✓')} ${text}`)
}

/** What came of everything. */
export const tally = (): string => `${requests} requests, ${claims} claims checked`

/** The one line at the end. */
export const end = (text: string): void => console.log(`\n${bold(green(text))}`)

/** The one line at an end that should not be. */
export const fail = (text: string): void => console.error(red(text))

/** A `fetch` that tells who asks for what, and what the status of the answer is. */
export const narratingFetch = (who: string): typeof fetch => async (input, init) => {
  const request = new Request(input, init)
  const started = performance.now()
  const response = await fetch(request)
  const took = Math.round(performance.now() - started)
  requests++
  const status = response.status < 400 ? green(String(response.status)) : yellow(String(response.status))
  const path = `${request.method.padEnd(6)} ${toPath(request.url)}`
  console.log(`  ${cyan(who.padEnd(6))}  ${path.padEnd(58)} ${status}  ${grey(`${took} ms`)}`)
  const organization = request.headers.get('x-organization-id')
  if (organization) console.log(`${' '.repeat(17)}${grey(`x-organization-id: ${shorten(organization)}`)}`)
  return response
}

/** Tokens in addresses are nobody's to read, and the beginning of a uuid is enough to tell it from another. */
const toPath = (url: string): string => {
  const { pathname, searchParams } = new URL(url)
  const query = [...searchParams].map(([name, value]) => `${name}=${/token/.test(name) ? '…' : value}`).join('&')
  return shorten(query && !pathname.startsWith('/auth/v1/verify') ? `${pathname}?${query}` : pathname)
}

const shorten = (text: string): string => text.replace(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f-]{22}/g, '$1…')
