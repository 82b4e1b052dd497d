/** The encodings that files of leads come in. */
export const encodings = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16, big-endian',
  'windows-1252': 'Windows (Western European)',
} as const
export type Encoding = keyof typeof encodings

/** The encoding of a choice in a form; undefined for every other word. */
export const toEncoding = (name: string): Encoding | undefined =>
  Object.keys(encodings).find((known): known is Encoding => known === name)

const startsWith = (bytes: Uint8Array, ...start: number[]): boolean => start.every((byte, n) => bytes[n] === byte)

/** How a file is written: its byte-order mark says so; else UTF-8 if it is that; else what Excel saves in the West. */
export function detectEncoding(bytes: Uint8Array): Encoding {
  if (startsWith(bytes, 0xff, 0xfe)) return 'utf-16le'
  if (startsWith(bytes, 0xfe, 0xff)) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** What a file says, and how that was read. */
export function decode(bytes: Uint8Array, encoding: Encoding = detectEncoding(bytes)) {
  return { encoding, text: new TextDecoder(encoding).decode(bytes) }
}

/** Files of other kinds that people take for one of CSV. */
export function otherKind(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, 0x50, 0x4b, 3, 4) || startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    return 'This is a spreadsheet. Save it as CSV in the program that made it, and choose that file.'
  }
  const hasMark = startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)
  return !hasMark && bytes.subarray(0, 100_000).includes(0)
    ? 'This is no file of text. Choose one in CSV: rows of text with commas, semicolons or tabs between the columns.'
    : undefined
}
