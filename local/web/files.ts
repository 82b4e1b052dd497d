import { extname, join } from 'node:path'

/** One file of the built dashboard, ready to be sent. */
export interface WebFile {
  type: string
  plain: Uint8Array<ArrayBuffer>
  gzip?: Uint8Array<ArrayBuffer>
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Reads a folder into memory, under the paths of addresses: `/index.html`, `/assets/…`. */
export async function readFiles(folder: string, path = ''): Promise<Map<string, WebFile>> {
  const files = new Map<string, WebFile>()
  for await (const { name, isDirectory } of Deno.readDir(join(folder, path))) {
    const inside = `${path}/${name}`
    if (isDirectory) {
      for (const [key, file] of await readFiles(folder, inside)) files.set(key, file)
      continue
    }
    const plain = await Deno.readFile(join(folder, inside))
    const type = types[extname(name)] ?? 'application/octet-stream'
    files.set(inside, { type, plain, ...(/text|json|svg/.test(type) && { gzip: await compress(plain) }) })
  }
  return files
}

const compress = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  )
